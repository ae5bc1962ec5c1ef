// What a command line changes in a definition.
#include "cli/stream_changes.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "cli/field_path.h"
#include "ingest/text.h"
#include "service/config/message_reader.h"
#include "service/config/value.h"
#include "service/config/yaml_text.h"

namespace inlet::cli {
namespace {

using config::Member;
using config::Value;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What Stream says on output only.
const std::vector<std::string_view>& OutputOnly() {
  static const std::vector<std::string_view> names = {"status", "create_time", "update_time",        "etag",
                                                      "sql",    "role",        "effective_settings", "warnings"};
  return names;
}

absl::StatusOr<Value> ParseValue(std::string_view option, std::string_view text) {
  const bool is_structure = text.starts_with('{') || text.starts_with('[') || text.starts_with('"');
  if (is_structure) return config::ParseYaml(option, text);
  Value value;
  value.kind = Value::Kind::kPlain;
  value.text = std::string(text);
  return value;
}

// {a: {b: value}} of a.b: what a file would say.
Value Nested(const FieldPath& path, Value value) {
  for (const auto* field : std::views::reverse(path.fields)) {
    Value outer;
    outer.kind = Value::Kind::kMap;
    outer.members.push_back(Member{field->json_name(), 0, std::move(value)});
    value = std::move(outer);
  }
  return value;
}

// Of all that a file sets. What is null in it is not set, and unknown keys have been found before.
void CollectPaths(const Value& value, const google::protobuf::Descriptor& descriptor, const FieldPath& outer,
                  std::vector<std::string>& paths) {
  for (const Member& member : value.members) {
    const FieldDescriptor* field = FindField(descriptor, member.key);
    if (field == nullptr || member.value.kind == Value::Kind::kNull) continue;
    FieldPath path = outer;
    path.fields.push_back(field);
    if (HasFields(*field)) {
      CollectPaths(member.value, *field->message_type(), path, paths);
    } else {
      paths.push_back(path.InMask());
    }
  }
}

absl::StatusOr<FieldPath> PathInMask(const std::string& path) {
  return FindPath("", *v1::Stream::descriptor(), path, {});
}

void ChangeKey(Message& holder, const FieldDescriptor& map, const std::string& key, const std::string* value) {
  const google::protobuf::Reflection& reflection = *holder.GetReflection();
  const FieldDescriptor* const key_field = map.message_type()->map_key();
  const FieldDescriptor* const value_field = map.message_type()->map_value();
  for (int i = reflection.FieldSize(holder, &map); i-- > 0;) {
    const Message& entry = reflection.GetRepeatedMessage(holder, &map, i);
    if (entry.GetReflection()->GetString(entry, key_field) != key) continue;
    reflection.SwapElements(&holder, &map, i, reflection.FieldSize(holder, &map) - 1);
    reflection.RemoveLast(&holder, &map);
  }
  if (value == nullptr) return;
  Message& entry = *reflection.AddMessage(&holder, &map);
  entry.GetReflection()->SetString(&entry, key_field, key);
  entry.GetReflection()->SetString(&entry, value_field, *value);
}

}  // namespace

std::string StreamChanges::FullPath(std::string_view path) const {
  return Concat({under_, under_.empty() ? "" : ".", path});
}

absl::Status StreamChanges::AddToMask(std::string_view option, const std::string& path) {
  if (std::find(mask_.begin(), mask_.end(), path) != mask_.end()) {
    return config::ValueError(option, path, "it is given twice");
  }
  mask_.push_back(path);
  return absl::OkStatus();
}

absl::Status StreamChanges::Set(std::string_view option, std::string_view assignment) {
  const size_t equals = assignment.find('=');
  if (equals == 0 || equals == std::string_view::npos) {
    return config::ValueError(option, "", Concat({"found \"", assignment, "\"; give FIELD=VALUE"}));
  }
  const auto path = FindPath(option, *v1::Stream::descriptor(), FullPath(assignment.substr(0, equals)), OutputOnly());
  if (!path.ok()) return path.status();
  const std::string_view text = assignment.substr(equals + 1);
  if (path->has_key()) {
    keys_.push_back({path->InMask(), path->key, std::string(text), false});
    const bool is_known = std::find(mask_.begin(), mask_.end(), path->InMask()) != mask_.end();
    return is_known ? absl::OkStatus() : AddToMask(option, path->InMask());
  }
  absl::StatusOr<Value> value = ParseValue(option, text);
  if (!value.ok()) return value.status();
  v1::Stream part;
  absl::Status status = config::ReadMessage({option, ""}, Nested(*path, *std::move(value)), OutputOnly(), part);
  if (!status.ok()) return status;
  values_.MergeFrom(part);
  return AddToMask(option, path->InMask());
}

absl::Status StreamChanges::Clear(std::string_view option, std::string_view path_text) {
  const auto path = FindPath(option, *v1::Stream::descriptor(), FullPath(path_text), OutputOnly());
  if (!path.ok()) return path.status();
  const bool is_known = std::find(mask_.begin(), mask_.end(), path->InMask()) != mask_.end();
  if (!path->has_key()) return AddToMask(option, path->InMask());
  keys_.push_back({path->InMask(), path->key, {}, true});
  return is_known ? absl::OkStatus() : AddToMask(option, path->InMask());
}

absl::Status StreamChanges::Read(std::string_view source, std::string_view text) {
  absl::StatusOr<Value> root = config::ParseYaml(source, text);
  if (!root.ok()) return root.status();
  if (!under_.empty()) root = Nested({{FindField(*v1::Stream::descriptor(), under_)}, {}}, *std::move(root));
  v1::Stream part;
  absl::Status status = config::ReadMessage({source, ""}, *root, OutputOnly(), part);
  if (!status.ok()) return status;
  std::vector<std::string> paths;
  CollectPaths(*root, *v1::Stream::descriptor(), {}, paths);
  values_.MergeFrom(part);
  for (const std::string& path : paths) {
    if (path == "name") continue;  // which stream, not what about it
    if (status = AddToMask(source, path); !status.ok()) return status;
  }
  return absl::OkStatus();
}

void StreamChanges::ApplyTo(v1::Stream& stream) const {
  const auto has_keys = [this](const std::string& path) {
    return std::any_of(keys_.begin(), keys_.end(), [&path](const KeyChange& key) { return key.path == path; });
  };
  for (const std::string& mask_path : mask_) {
    const auto path = PathInMask(mask_path);
    if (!path.ok() || has_keys(mask_path)) continue;
    Message& holder = Holder(stream, *path);
    holder.GetReflection()->ClearField(&holder, &path->field());
  }
  const std::string name = stream.name();
  stream.MergeFrom(values_);
  stream.set_name(name);
  for (const KeyChange& change : keys_) {
    const auto path = PathInMask(change.path);
    if (path.ok())
      ChangeKey(Holder(stream, *path), path->field(), change.key, change.is_cleared ? nullptr : &change.value);
  }
}

}  // namespace inlet::cli
