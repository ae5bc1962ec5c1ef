// Reads v1::SourceSettings by the message's own descriptor.
#include "service/config/settings_reader.h"

#include <limits>
#include <set>
#include <utility>

#include "google/protobuf/duration.pb.h"
#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/json_text.h"
#include "service/config/names.h"
#include "service/config/scalars.h"
#include "service/config/setting_values.h"
#include "service/config/settings_check.h"

namespace inlet::config {
namespace {

using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using v1::SourceSettings;

const FieldDescriptor* FindField(std::string_view key) {
  const auto* const descriptor = SourceSettings::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* const field = descriptor->field(i);
    if (key == field->json_name() || key == field->name()) return field;
  }
  return nullptr;
}

const FieldDescriptor* FindFieldInAnyCase(std::string_view key) {
  const auto* const descriptor = SourceSettings::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* const field = descriptor->field(i);
    if (EqualIgnoringCase(key, field->json_name()) || EqualIgnoringCase(key, field->name())) return field;
  }
  return nullptr;
}

absl::Status ReadNumberField(const Spot& spot, const Value& value, const FieldDescriptor& field, Message& message) {
  const bool is_size = field.name().ends_with("_bytes");
  const auto read = [&](Range range) {
    return is_size ? ReadByteSize(spot, value, range) : ReadWholeNumber(spot, value, range);
  };
  const auto number = read({0, std::numeric_limits<uint32_t>::max()});
  if (!number.ok()) return read(NumberRange(field)).status();
  message.GetReflection()->SetUInt32(&message, &field, static_cast<uint32_t>(*number));
  return absl::OkStatus();
}

absl::Status ReadBoolField(const Spot& spot, const Value& value, const FieldDescriptor& field, Message& message) {
  const auto read = ReadBool(spot, value);
  if (read.ok()) message.GetReflection()->SetBool(&message, &field, *read);
  return read.status();
}

absl::Status ReadTextField(const Spot& spot, const Value& value, const FieldDescriptor& field, Message& message) {
  const auto text = ReadText(spot, value);
  if (text.ok()) message.GetReflection()->SetString(&message, &field, *text);
  return text.status();
}

absl::Status ReadDurationField(const Spot& spot, const Value& value, const FieldDescriptor& field, Message& message) {
  const auto read = ReadDuration(spot, value);
  if (!read.ok()) return read.status();
  constexpr int64_t kBillion = 1'000'000'000;
  auto& duration = dynamic_cast<Duration&>(*message.GetReflection()->MutableMessage(&message, &field));
  duration.set_seconds(read->count() / kBillion);
  duration.set_nanos(static_cast<int32_t>(read->count() % kBillion));
  return absl::OkStatus();
}

absl::Status ReadListField(const Spot& spot, const Value& value, const FieldDescriptor& field, Message& message) {
  if (value.kind != Value::Kind::kList) {
    const auto text = ReadText(spot, value);
    if (text.ok()) message.GetReflection()->AddString(&message, &field, *text);
    return text.ok() ? text.status() : WrongShape(spot, value, "a list of texts, or one text");
  }
  for (const Value& item : value.items) {
    const auto text = ReadText(spot, item);
    if (!text.ok()) return text.status();
    message.GetReflection()->AddString(&message, &field, *text);
  }
  return absl::OkStatus();
}

// The text of a map's value, or of several joined as HTTP joins a header that is sent more than once.
absl::StatusOr<std::string> ReadJoinedTexts(const Spot& spot, std::string_view key, const Value& value) {
  if (value.kind != Value::Kind::kList) return ReadText(spot, value);
  const std::string_view separator = EqualIgnoringCase(key, "Cookie") ? "; " : ", ";
  std::string joined;
  for (const Value& item : value.items) {
    auto text = ReadText(spot, item);
    if (!text.ok()) return text;
    if (&item != &value.items.front()) joined += separator;
    joined += *text;
  }
  return joined;
}

absl::Status ReadMapField(const Spot& spot, const Value& value, const FieldDescriptor& field, Message& message) {
  if (value.kind != Value::Kind::kMap) return WrongShape(spot, value, "a map of names and texts");
  for (const Member& member : value.members) {
    const auto text = ReadJoinedTexts({spot.source, JoinPath(spot.key, member.key)}, member.key, member.value);
    if (!text.ok()) return text.status();
    Message& entry = *message.GetReflection()->AddMessage(&message, &field);
    entry.GetReflection()->SetString(&entry, field.message_type()->map_key(), member.key);
    entry.GetReflection()->SetString(&entry, field.message_type()->map_value(), *text);
  }
  return absl::OkStatus();
}

absl::Status ReadByType(const Spot& spot, const Value& value, const FieldDescriptor& field, Message& message) {
  if (field.is_map()) return ReadMapField(spot, value, field, message);
  if (field.is_repeated()) return ReadListField(spot, value, field, message);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
      return ReadNumberField(spot, value, field, message);
    case FieldDescriptor::CPPTYPE_BOOL:
      return ReadBoolField(spot, value, field, message);
    case FieldDescriptor::CPPTYPE_STRING:
      return ReadTextField(spot, value, field, message);
    default:
      return ReadDurationField(spot, value, field, message);
  }
}

absl::Status ReadField(const Spot& spot, const Value& value, const FieldDescriptor& field, Placeholder placeholder,
                       SourceSettings& settings) {
  absl::Status status = ReadByType(spot, value, field, settings);
  if (!status.ok()) return status;
  if (placeholder == Placeholder::kTaken && HasPlaceholder(settings, field)) return status;
  const std::string problem = FieldProblem(settings, field);
  return problem.empty() ? status : ValueError(Place(spot.source, value.line), spot.key, problem);
}

absl::Status ReadMember(std::string_view source, std::string_view section, const Member& member,
                        Placeholder placeholder, std::set<int>& numbers_seen, SourceSettings& settings) {
  const FieldDescriptor* const field = FindField(member.key);
  const std::string place = Place(source, member.line);
  if (field == nullptr) return UnknownKey(place, section, member.key, SettingNames());
  const std::string path = JoinPath(section, field->json_name());
  const bool is_new = numbers_seen.insert(field->number()).second;
  if (!is_new)
    return ValueError(place, path, Concat({"given twice, also spelt ", field->name(), "; keep one of them"}));
  return ReadField({source, path}, member.value, *field, placeholder, settings);
}

// In the environment a list or a map is JSON, and a list may be one text.
absl::StatusOr<Value> ValueFromText(std::string_view where, std::string_view text, const FieldDescriptor& field) {
  const bool is_json = field.is_map() || (field.is_repeated() && text.starts_with('['));
  if (is_json) return ParseJson(where, text);
  Value value;
  value.kind = field.is_repeated() && text.empty() ? Value::Kind::kList : Value::Kind::kPlain;
  value.text = text;
  return value;
}

}  // namespace

absl::StatusOr<SourceSettings> SettingsFromValue(std::string_view source, std::string_view section, const Value& value,
                                                 Placeholder placeholder) {
  SourceSettings settings;
  if (value.kind == Value::Kind::kNull) return settings;
  if (value.kind != Value::Kind::kMap) return WrongType({source, std::string(section)}, value, "a map of settings");
  std::set<int> numbers_seen;
  for (const Member& member : value.members) {
    absl::Status status = ReadMember(source, section, member, placeholder, numbers_seen, settings);
    if (!status.ok()) return status;
  }
  return settings;
}

absl::StatusOr<SourceSettings> SettingsFromJson(std::string_view json) {
  const auto value = ParseJson("EXTRA", json);
  if (!value.ok()) return value.status();
  if (value->kind != Value::Kind::kMap) {
    return FieldInvalid("EXTRA", R"(EXTRA: expected a JSON object of settings, such as {"maxMessageBytes": 65536})");
  }
  return SettingsFromValue("", "EXTRA", *value);
}

absl::Status ReadSettingFromText(std::string_view where, std::string_view key, std::string_view text,
                                 SourceSettings& settings) {
  const FieldDescriptor* const field = FindFieldInAnyCase(key);
  if (field == nullptr) return absl::NotFoundError("no such setting");
  if (!IsUtf8(text)) return ValueError(where, field->json_name(), "the text is not UTF-8");
  const auto value = ValueFromText(where, text, *field);
  if (!value.ok()) return value.status();
  SourceSettings own;
  absl::Status status = ReadField({where, field->json_name()}, *value, *field, Placeholder::kRefused, own);
  if (status.ok()) MergeSettings(own, settings);
  return status;
}

const std::vector<std::string_view>& SettingNames() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    const auto* const descriptor = SourceSettings::descriptor();
    all.reserve(static_cast<size_t>(descriptor->field_count()));
    for (int i = 0; i < descriptor->field_count(); ++i) all.emplace_back(descriptor->field(i)->json_name());
    return all;
  }();
  return names;
}

std::vector<const FieldDescriptor*> FieldsSet(const SourceSettings& settings) {
  std::vector<const FieldDescriptor*> fields;
  SourceSettings::GetReflection()->ListFields(settings, &fields);
  return fields;
}

void MergeSettings(const SourceSettings& upper, SourceSettings& lower) {
  // MergeFrom adds to lists and maps and merges messages; what is there must go first.
  for (const FieldDescriptor* field : FieldsSet(upper)) SourceSettings::GetReflection()->ClearField(&lower, field);
  lower.MergeFrom(upper);
}

}  // namespace inlet::config
