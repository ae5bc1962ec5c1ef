// Fields of a message by their path.
#include "cli/field_path.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>

#include "ingest/text.h"
#include "service/config/value.h"

namespace inlet::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

std::vector<std::string_view> JsonNames(const Descriptor& descriptor, const std::vector<std::string_view>& left_out) {
  std::vector<std::string_view> names;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (std::find(left_out.begin(), left_out.end(), field.name()) == left_out.end())
      names.emplace_back(field.json_name());
  }
  return names;
}

std::string Joined(std::string_view prefix, std::string_view name) {
  return Concat({prefix, prefix.empty() ? "" : ".", name});
}

bool IsEmptyList(const Message& message, const FieldDescriptor& field) {
  return field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) == 0
                             : !message.GetReflection()->HasField(message, &field);
}

// One field of each, alone in a message of its own.
bool IsSame(const Message& one, const Message& other, const FieldDescriptor& field) {
  if (IsEmptyList(one, field) && IsEmptyList(other, field)) return true;
  if (IsEmptyList(one, field) != IsEmptyList(other, field)) return false;
  MessageDifferencer differencer;
  return differencer.CompareWithFields(one, other, {&field}, {&field});
}

void AddDiffering(const Message& one, const Message& other, std::string_view prefix, std::vector<std::string>& paths) {
  const Descriptor& descriptor = *one.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (IsSame(one, other, field)) continue;
    const std::string path = Joined(prefix, field.json_name());
    if (!HasFields(field)) {
      paths.push_back(path);
      continue;
    }
    const size_t before = paths.size();
    AddDiffering(one.GetReflection()->GetMessage(one, &field), other.GetReflection()->GetMessage(other, &field), path,
                 paths);
    if (paths.size() == before) paths.push_back(path);  // set and empty is not the same as not set
  }
}

}  // namespace

std::string FieldPath::InMask() const {
  std::string path;
  for (const FieldDescriptor* one : fields) path = Joined(path, one->name());
  return path;
}

bool HasFields(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_repeated() &&
         !field.message_type()->full_name().starts_with("google.protobuf.");
}

const FieldDescriptor* FindField(const Descriptor& descriptor, std::string_view name) {
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor* field = descriptor.field(i);
    if (name == field->json_name() || name == field->name()) return field;
  }
  return nullptr;
}

absl::StatusOr<FieldPath> FindPath(std::string_view place, const Descriptor& descriptor, std::string_view path,
                                   const std::vector<std::string_view>& left_out) {
  FieldPath found;
  const Descriptor* inside = &descriptor;
  std::string prefix;
  std::string_view rest = path;
  while (true) {
    const size_t point = std::min(rest.find('.'), rest.size());
    const std::string_view name = rest.substr(0, point);
    const std::vector<std::string_view>& hidden = prefix.empty() ? left_out : std::vector<std::string_view>();
    const FieldDescriptor* field = FindField(*inside, name);
    if (field == nullptr) return config::UnknownKey(place, prefix, name, JsonNames(*inside, hidden));
    if (std::find(hidden.begin(), hidden.end(), field->name()) != hidden.end()) {
      return config::ValueError(place, field->json_name(), "the service tells it; it cannot be set");
    }
    found.fields.push_back(field);
    prefix = Joined(prefix, field->json_name());
    if (point == rest.size()) return found;
    rest.remove_prefix(point + 1);
    if (field->is_map()) {
      found.key = std::string(rest);
      return found;
    }
    if (!HasFields(*field)) return config::ValueError(place, prefix, Concat({"there is nothing below it: ", rest}));
    inside = field->message_type();
  }
}

Message& Holder(Message& message, const FieldPath& path) {
  Message* holder = &message;
  for (size_t i = 0; i + 1 < path.fields.size(); ++i) {
    holder = holder->GetReflection()->MutableMessage(holder, path.fields[i]);
  }
  return *holder;
}

std::vector<std::string> DifferingPaths(const Message& one, const Message& other) {
  std::vector<std::string> paths;
  AddDiffering(one, other, "", paths);
  return paths;
}

}  // namespace inlet::cli
