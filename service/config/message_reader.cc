// Reads a message of the contract by its own descriptor from a parsed text.
#include "service/config/message_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "google/protobuf/duration.pb.h"
#include "google/protobuf/struct.pb.h"
#include "ingest/exact_double.h"
#include "ingest/text.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/names.h"
#include "service/config/settings_reader.h"

namespace inlet::config {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsOneOf(std::string_view name, const std::vector<std::string_view>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const FieldDescriptor* FindField(const Descriptor& descriptor, std::string_view key) {
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor* const field = descriptor.field(i);
    if (key == field->json_name() || key == field->name()) return field;
  }
  return nullptr;
}

std::vector<std::string_view> KeysOf(const Descriptor& descriptor, const std::vector<std::string_view>& left_out) {
  std::vector<std::string_view> keys;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor* const field = descriptor.field(i);
    if (!IsOneOf(field->name(), left_out)) keys.emplace_back(field->json_name());
  }
  return keys;
}

// Nothing for what is no number, or one that a double would change.
std::optional<double> ExactNumber(std::string_view text) {
  constexpr double kBeyondExact = 9'007'199'254'740'992;
  const std::optional<ingest::NearestDouble> number = ingest::ReadDouble(text);
  const bool is_kept = number && number->is_exact && std::abs(number->value) < kBeyondExact;
  return is_kept ? std::optional(number->value) : std::nullopt;
}

absl::Status ReadAnyValue(const Spot& spot, const Value& value, google::protobuf::Value& any) {
  const bool is_bare = value.kind == Value::Kind::kPlain || value.kind == Value::Kind::kLiteral;
  if (!is_bare && value.kind != Value::Kind::kText) return WrongShape(spot, value, "a text, a number, or a bool");
  const bool is_bool = is_bare && (value.text == "true" || value.text == "false");
  const std::optional<double> number = is_bare ? ExactNumber(value.text) : std::nullopt;
  if (is_bool) {
    any.set_bool_value(value.text == "true");
  } else if (number) {
    any.set_number_value(*number);
  } else {
    any.set_string_value(value.text);
  }
  return absl::OkStatus();
}

absl::Status ReadDurationInto(const Spot& spot, const Value& value, google::protobuf::Duration& duration) {
  const auto read = ReadDuration(spot, value);
  if (!read.ok()) return read.status();
  constexpr int64_t kBillion = 1'000'000'000;
  duration.set_seconds(read->count() / kBillion);
  duration.set_nanos(static_cast<int32_t>(read->count() % kBillion));
  return absl::OkStatus();
}

absl::Status ReadInner(const Spot& spot, const Value& value, Message& message) {
  if (auto* any = dynamic_cast<google::protobuf::Value*>(&message)) return ReadAnyValue(spot, value, *any);
  if (auto* duration = dynamic_cast<google::protobuf::Duration*>(&message)) {
    return ReadDurationInto(spot, value, *duration);
  }
  auto* const settings = dynamic_cast<v1::SourceSettings*>(&message);
  if (settings == nullptr) return ReadMessage(spot, value, {}, message);
  auto read = SettingsFromValue(spot.source, spot.key, value, Placeholder::kTaken);
  if (!read.ok()) return read.status();
  *settings = *std::move(read);
  return absl::OkStatus();
}

absl::Status ReadMap(const Spot& spot, const Value& value, const FieldDescriptor& field, Message& message) {
  if (value.kind != Value::Kind::kMap) return WrongShape(spot, value, "a map of names and texts");
  for (const Member& member : value.members) {
    const auto text = ReadText({spot.source, JoinPath(spot.key, member.key)}, member.value);
    if (!text.ok()) return text.status();
    Message& entry = *message.GetReflection()->AddMessage(&message, &field);
    entry.GetReflection()->SetString(&entry, field.message_type()->map_key(), member.key);
    entry.GetReflection()->SetString(&entry, field.message_type()->map_value(), *text);
  }
  return absl::OkStatus();
}

absl::Status ReadList(const Spot& spot, const Value& value, const FieldDescriptor& field, Message& message) {
  if (value.kind != Value::Kind::kList) return WrongShape(spot, value, "a list");
  for (const Value& item : value.items) {
    const std::string key = Concat({spot.key, "[", std::to_string(&item - value.items.data()), "]"});
    absl::Status status = ReadInner({spot.source, key}, item, *message.GetReflection()->AddMessage(&message, &field));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ReadNumber(const Spot& spot, const Value& value, const FieldDescriptor& field, Message& message) {
  const Range any{0, std::numeric_limits<uint64_t>::max()};
  const bool is_size = field.name().ends_with("_bytes");
  const auto number = is_size ? ReadByteSize(spot, value, any) : ReadWholeNumber(spot, value, any);
  if (number.ok()) message.GetReflection()->SetUInt64(&message, &field, *number);
  return number.status();
}

absl::Status ReadScalar(const Spot& spot, const Value& value, const FieldDescriptor& field, Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    const auto read = ReadBool(spot, value);
    if (read.ok()) reflection.SetBool(&message, &field, *read);
    return read.status();
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64) return ReadNumber(spot, value, field, message);
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return WrongShape(spot, value, "what a file cannot say yet");
  const auto text = ReadText(spot, value);
  if (text.ok()) reflection.SetString(&message, &field, *text);
  return text.status();
}

absl::Status ReadField(const Spot& spot, const Value& value, const FieldDescriptor& field, Message& message) {
  if (value.kind == Value::Kind::kNull) return absl::OkStatus();  // a key whose value is commented out
  if (field.is_map()) return ReadMap(spot, value, field, message);
  if (field.is_repeated()) return ReadList(spot, value, field, message);
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return ReadScalar(spot, value, field, message);
  return ReadInner(spot, value, *message.GetReflection()->MutableMessage(&message, &field));
}

absl::Status ReadMember(const Spot& spot, const Member& member, const std::vector<std::string_view>& left_out,
                        std::set<int>& numbers_seen, Message& message) {
  const Descriptor& descriptor = *message.GetDescriptor();
  const FieldDescriptor* const field = FindField(descriptor, member.key);
  const std::string place = Place(spot.source, member.line);
  if (field == nullptr) return UnknownKey(place, spot.key, member.key, KeysOf(descriptor, left_out));
  const std::string path = JoinPath(spot.key, field->json_name());
  if (IsOneOf(field->name(), left_out)) return ValueError(place, path, "the service tells it, so leave it out");
  const bool is_first = numbers_seen.insert(field->number()).second;
  if (!is_first) {
    return ValueError(place, path, Concat({"given twice, also spelt ", field->name(), "; keep one of them"}));
  }
  return ReadField({spot.source, path}, member.value, *field, message);
}

}  // namespace

absl::Status ReadMessage(const Spot& spot, const Value& value, const std::vector<std::string_view>& left_out,
                         Message& message) {
  if (value.kind != Value::Kind::kMap) return WrongShape(spot, value, "a map of keys");
  std::set<int> numbers_seen;
  for (const Member& member : value.members) {
    absl::Status status = ReadMember(spot, member, left_out, numbers_seen, message);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace inlet::config
