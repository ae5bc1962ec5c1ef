// Messages of the contract as YAML.
#include "cli/message_yaml.h"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "cli/message_json.h"
#include "cli/struct_json.h"
#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsWordCharacter(char c) {
  return IsLetter(c) || (c >= '0' && c <= '9') || std::string_view("_-./").find(c) != std::string_view::npos;
}

bool IsPlainWord(std::string_view text) {
  constexpr std::array<std::string_view, 11> kReserved = {"true", "false", "null", "yes", "no", "on",
                                                          "off",  "y",     "n",    "inf", "nan"};
  const bool begins_well = !text.empty() && (IsLetter(text[0]) || (text[0] == '/' && text.size() > 1));
  return begins_well && std::all_of(text.begin(), text.end(), IsWordCharacter) &&
         std::find(kReserved.begin(), kReserved.end(), LowerCase(text)) == kReserved.end();
}

// Of what stands on one line: no list, no map, no message with fields of its own.
std::string Scalar(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::to_string(reflection.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      return YamlScalar(reflection.GetString(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return YamlScalar(reflection.GetEnum(message, &field)->name());
    default:
      return {};
  }
}

// Empty: a message that has lines of its own.
std::string WellKnown(const Message& message) {
  if (const auto* duration = dynamic_cast<const google::protobuf::Duration*>(&message)) {
    return google::protobuf::util::TimeUtil::ToString(*duration);
  }
  return dynamic_cast<const google::protobuf::Value*>(&message) == nullptr ? std::string() : CompactJson(message);
}

std::string Block(std::string_view key, const std::string& lines, const std::string& margin, std::string_view empty) {
  return lines.empty() ? Concat({margin, key, ": ", empty, "\n"}) : Concat({margin, key, ":\n", lines});
}

std::string MapLines(const Message& message, const FieldDescriptor& field, const std::string& margin) {
  const Reflection& reflection = *message.GetReflection();
  std::map<std::string, std::string> lines;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
    const std::string key = entry.GetReflection()->GetString(entry, field.message_type()->map_key());
    lines[key] = Concat({margin, YamlScalar(key), ": ", Scalar(entry, *field.message_type()->map_value()), "\n"});
  }
  std::string text;
  for (const auto& [key, line] : lines) text += line;
  return text;
}

// The first of its lines begins with a dash in place of two spaces.
std::string ListLines(const Message& message, const FieldDescriptor& field, size_t indent) {
  const Reflection& reflection = *message.GetReflection();
  std::string text;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const std::string margin(indent, ' ');
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      text += Concat({margin, "- ", YamlScalar(reflection.GetRepeatedString(message, &field, i)), "\n"});
      continue;
    }
    std::string item = YamlText(reflection.GetRepeatedMessage(message, &field, i), indent + 2);
    if (item.empty()) item = Concat({margin, "  {}\n"});
    item[indent] = '-';
    text += item;
  }
  return text;
}

std::string FieldLines(const Message& message, const FieldDescriptor& field, size_t indent) {
  const std::string margin(indent, ' ');
  const std::string& key = field.json_name();
  if (field.is_map()) return Block(key, MapLines(message, field, margin + "  "), margin, "{}");
  if (field.is_repeated()) return Block(key, ListLines(message, field, indent + 2), margin, "[]");
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    return Concat({margin, key, ": ", Scalar(message, field), "\n"});
  }
  const Message& inner = message.GetReflection()->GetMessage(message, &field);
  const std::string well_known = WellKnown(inner);
  if (!well_known.empty()) return Concat({margin, key, ": ", well_known, "\n"});
  return Block(key, YamlText(inner, indent + 2), margin, "{}");
}

}  // namespace

std::string YamlText(const Message& message, size_t indent) {
  std::string text;
  const auto& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const Reflection& reflection = *message.GetReflection();
    const bool is_set =
        field.is_repeated() ? reflection.FieldSize(message, &field) > 0 : reflection.HasField(message, &field);
    if (is_set) text += FieldLines(message, field, indent);
  }
  return text;
}

std::string YamlScalar(std::string_view text) {
  if (IsPlainWord(text)) return std::string(text);
  std::string quoted;
  AppendJsonText(quoted, text);
  return quoted;
}

}  // namespace inlet::cli
