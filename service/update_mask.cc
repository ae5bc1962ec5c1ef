// Which fields of a stream an update takes.
#include "service/update_mask.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/error.h"
#include "ingest/nearest.h"
#include "ingest/text.h"
#include "service/config/names.h"
#include "service/config/unknown_fields.h"

namespace inlet::service {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

using FieldPath = std::vector<const FieldDescriptor*>;

constexpr std::array<std::string_view, 8> kOutputOnly{"status", "create_time", "update_time",        "etag",
                                                      "sql",    "role",        "effective_settings", "warnings"};

bool IsOutputOnly(const FieldDescriptor& field) {
  return field.containing_type() == v1::Stream::descriptor() &&
         std::find(kOutputOnly.begin(), kOutputOnly.end(), field.name()) != kOutputOnly.end();
}

// Whether a path may go on below it: not into lists, maps, and what protobuf itself defines.
bool IsGroup(const FieldDescriptor& field) {
  const Descriptor* const type = field.message_type();
  return !field.is_repeated() && type != nullptr && type->file() == v1::Stream::descriptor()->file();
}

// maxMessageBytes, max_message_bytes and what JSON makes of rootCARaw are the same.
std::string Plain(std::string_view name) {
  std::string plain = config::Lower(name);
  std::erase(plain, '_');
  return plain;
}

const FieldDescriptor* FindField(const Descriptor& type, std::string_view name) {
  const std::string plain = Plain(name);
  for (int i = 0; i < type.field_count(); ++i) {
    if (Plain(type.field(i)->name()) == plain) return type.field(i);
  }
  return nullptr;
}

void AddPaths(const Descriptor& type, const std::string& prefix, std::vector<std::string>& paths) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (IsOutputOnly(field)) continue;
    const std::string path = config::JoinPath(prefix, field.name());
    paths.push_back(path);
    if (IsGroup(field)) AddPaths(*field.message_type(), path, paths);
  }
}

absl::Status UnknownPath(std::string_view path) {
  std::vector<std::string> known;
  AddPaths(*v1::Stream::descriptor(), "", known);
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  return FieldInvalid("update_mask", Concat({"update_mask: a stream has no field ", config::Shown(path),
                                             DidYouMean(Nearest(path, candidates))}));
}

absl::StatusOr<FieldPath> Resolve(std::string_view path) {
  FieldPath fields;
  const Descriptor* type = v1::Stream::descriptor();
  for (std::string_view rest = path;;) {
    const size_t dot = rest.find('.');
    const FieldDescriptor* const field = type == nullptr ? nullptr : FindField(*type, rest.substr(0, dot));
    if (field == nullptr && !fields.empty() && type == nullptr) {
      return FieldInvalid("update_mask", Concat({"update_mask: ", config::Shown(path), " names a part of ",
                                                 fields.back()->name(), ", which is taken as a whole: write that"}));
    }
    if (field == nullptr) return UnknownPath(path);
    if (IsOutputOnly(*field)) {
      return FieldInvalid("update_mask", Concat({"update_mask: ", config::Shown(path),
                                                 " cannot be set: the service alone says what it is"}));
    }
    fields.push_back(field);
    if (dot == std::string_view::npos) return fields;
    type = IsGroup(*field) ? field->message_type() : nullptr;
    rest.remove_prefix(dot + 1);
  }
}

// The field of `to` becomes as that of `from`, also if that is unset.
void Take(const Message& from, const FieldPath& path, Message& to) {
  const Message* source = &from;
  Message* target = &to;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    source = &source->GetReflection()->GetMessage(*source, path[i]);
    target = target->GetReflection()->MutableMessage(target, path[i]);
  }
  const std::unique_ptr<Message> copy(source->New());
  copy->CopyFrom(*source);
  target->GetReflection()->SwapFields(copy.get(), target, {path.back()});
}

// Of all fields that are set.
void AddSetPaths(const Message& message, const FieldPath& prefix, std::vector<FieldPath>& paths) {
  std::vector<const FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    if (IsOutputOnly(*field)) continue;
    FieldPath path = prefix;
    path.push_back(field);
    if (IsGroup(*field)) {
      AddSetPaths(message.GetReflection()->GetMessage(message, field), path, paths);
    } else {
      paths.push_back(std::move(path));
    }
  }
}

absl::Status RefuseUnknownFieldsInside(const Message& message, const std::string& path);

absl::Status RefuseUnknownFieldsOf(const Message& message, const FieldDescriptor& field, const std::string& path) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) return RefuseUnknownFieldsInside(reflection.GetMessage(message, &field), path);
  absl::Status status;
  for (int i = 0; i < reflection.FieldSize(message, &field) && status.ok(); ++i) {
    const Message& element = reflection.GetRepeatedMessage(message, &field, i);
    status = RefuseUnknownFieldsInside(element, Concat({path, "[", std::to_string(i), "]"}));
  }
  return status;
}

absl::Status RefuseUnknownFieldsInside(const Message& message, const std::string& path) {
  absl::Status status = config::RefuseUnknownFields(message, path);
  std::vector<const FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_map();
    if (!status.ok() || !is_message || IsOutputOnly(*field)) continue;
    status = RefuseUnknownFieldsOf(message, *field, Concat({path, ".", field->json_name()}));
  }
  return status;
}

}  // namespace

absl::StatusOr<v1::Stream> MergeUpdate(const v1::Stream& present, const v1::UpdateStreamRequest& request) {
  const v1::Stream& given = request.stream();
  if (absl::Status known = RefuseUnknownFieldsInside(given, "stream"); !known.ok()) return known;
  const auto& mask = request.update_mask().paths();
  std::vector<FieldPath> paths;
  if (mask.empty()) AddSetPaths(given, {}, paths);
  for (const std::string& text : mask) {
    absl::StatusOr<FieldPath> path = text == "*" ? FieldPath() : Resolve(text);
    if (!path.ok()) return path.status();
    if (!path->empty()) paths.push_back(*std::move(path));
  }
  const bool takes_all = std::find(mask.begin(), mask.end(), "*") != mask.end();
  const Descriptor& type = *v1::Stream::descriptor();
  for (int i = 0; takes_all && i < type.field_count(); ++i) {
    if (!IsOutputOnly(*type.field(i))) paths.push_back({type.field(i)});
  }
  v1::Stream merged = present;
  for (const FieldPath& path : paths) Take(given, path, merged);
  merged.set_name(present.name());
  return merged;
}

}  // namespace inlet::service
