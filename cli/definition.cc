// Definitions: what a user writes of a stream, without what the service tells of it.
#include "cli/definition.h"

#include <algorithm>
#include <iterator>

#include "ingest/text.h"

namespace inlet::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsText(const FieldDescriptor& field) { return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING; }
bool IsMessage(const FieldDescriptor& field) { return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }

void Collect(const Message& message, const std::string& prefix, std::vector<std::string>& paths);

void CollectText(const std::string& text, const std::string& path, std::vector<std::string>& paths) {
  if (text.find(kRedacted) != std::string::npos) paths.push_back(path);
}

// An entry of a map, by its key.
void CollectEntry(const Message& entry, const FieldDescriptor& map, const std::string& path,
                  std::vector<std::string>& paths) {
  const google::protobuf::Reflection& reflection = *entry.GetReflection();
  if (!IsText(*map.message_type()->map_value()) || !IsText(*map.message_type()->map_key())) return;
  const std::string key = reflection.GetString(entry, map.message_type()->map_key());
  CollectText(reflection.GetString(entry, map.message_type()->map_value()), Concat({path, ".", key}), paths);
}

void CollectItem(const Message& message, const FieldDescriptor& field, int i, const std::string& path,
                 std::vector<std::string>& paths) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  const std::string item = Concat({path, "[", std::to_string(i), "]"});
  if (field.is_map()) {
    CollectEntry(reflection.GetRepeatedMessage(message, &field, i), field, path, paths);
  } else if (IsText(field)) {
    CollectText(reflection.GetRepeatedString(message, &field, i), item, paths);
  } else if (IsMessage(field)) {
    Collect(reflection.GetRepeatedMessage(message, &field, i), item, paths);
  }
}

void Collect(const Message& message, const std::string& prefix, std::vector<std::string>& paths) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = Concat({prefix, prefix.empty() ? "" : ".", field->json_name()});
    if (field->is_repeated()) {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) CollectItem(message, *field, i, path, paths);
    } else if (IsText(*field)) {
      CollectText(reflection.GetString(message, field), path, paths);
    } else if (IsMessage(*field)) {
      Collect(reflection.GetMessage(message, field), path, paths);
    }
  }
}

}  // namespace

std::vector<std::string> RedactedPaths(const Message& message) {
  std::vector<std::string> paths;
  Collect(message, "", paths);
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> WrittenSecrets(const Message& wanted, const Message& shown) {
  const std::vector<std::string> kept = RedactedPaths(wanted);
  const std::vector<std::string> hidden = RedactedPaths(shown);
  std::vector<std::string> written;
  std::set_difference(hidden.begin(), hidden.end(), kept.begin(), kept.end(), std::back_inserter(written));
  for (std::string& path : written) path.resize(std::min(path.find('['), path.size()));
  written.erase(std::unique(written.begin(), written.end()), written.end());
  return written;
}

}  // namespace inlet::cli
