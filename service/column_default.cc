// Defaults of columns: from the contract's value and back, and as the JSON that a record gets.
#include "service/column_default.h"

#include <cmath>
#include <cstdint>
#include <variant>

#include "ingest/json_string.h"
#include "ingest/text.h"
#include "service/sql/literal.h"
#include "service/sql/printer.h"

namespace inlet::service {
namespace {

using google::protobuf::Value;
using sql::DefaultValue;
using sql::TypeKind;

constexpr int64_t kFirstRounded = int64_t{1} << 53;  // as a number it may have been 2^53 + 1

std::optional<DefaultValue> Integer(double number) {
  if (!(std::abs(number) < static_cast<double>(kFirstRounded)) || std::trunc(number) != number) return std::nullopt;
  return DefaultValue(static_cast<int64_t>(number));
}

std::optional<DefaultValue> OfBoolean(TypeKind kind, bool value) {
  return kind == TypeKind::kBoolean ? std::optional(DefaultValue(value)) : std::nullopt;
}

std::optional<DefaultValue> OfNumber(TypeKind kind, double number) {
  if (kind == TypeKind::kBigint || kind == TypeKind::kDatetime) return Integer(number);
  const bool fits = kind == TypeKind::kFloat && std::isfinite(number);
  return fits ? std::optional(DefaultValue(number)) : std::nullopt;
}

std::optional<DefaultValue> OfText(TypeKind kind, const std::string& text) {
  if (kind == TypeKind::kString || kind == TypeKind::kDatetime) return DefaultValue(text);
  if (kind == TypeKind::kFloat) {
    const std::optional<ingest::NearestDouble> number = sql::ReadFloat(text);
    return number && number->is_exact ? std::optional(DefaultValue(number->value)) : std::nullopt;
  }
  const std::optional<int64_t> integer = kind == TypeKind::kBigint ? sql::ReadInteger(text) : std::nullopt;
  return integer ? std::optional(DefaultValue(*integer)) : std::nullopt;
}

// What ReadDefault takes.
std::string_view WantedDefault(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBigint:
      return "an integer of 64 bits, in a string from 2^53 on";
    case TypeKind::kFloat:
      return "a number";
    case TypeKind::kString:
      return "a string";
    case TypeKind::kDatetime:
      return "milliseconds since 1970, or a time in a string";
    case TypeKind::kBoolean:
      return "true or false";
    default:
      return "";
  }
}

}  // namespace

std::optional<DefaultValue> ReadDefault(TypeKind kind, const Value& value) {
  switch (value.kind_case()) {
    case Value::kBoolValue:
      return OfBoolean(kind, value.bool_value());
    case Value::kNumberValue:
      return OfNumber(kind, value.number_value());
    case Value::kStringValue:
      return OfText(kind, value.string_value());
    default:
      return std::nullopt;
  }
}

std::string WhyNoDefault(TypeKind kind, const Value& value) {
  const bool may_round = kind == TypeKind::kFloat && value.kind_case() == Value::kStringValue;
  const std::optional<ingest::NearestDouble> number = may_round ? sql::ReadFloat(value.string_value()) : std::nullopt;
  if (number && !number->is_exact) return sql::RoundingFault(value.string_value(), number->value);
  return Concat({"the default of a column of type ", sql::ToString(kind), " must be ", WantedDefault(kind)});
}

Value ToValue(const DefaultValue& value) {
  Value shown;
  if (const bool* truth = std::get_if<bool>(&value)) {
    shown.set_bool_value(*truth);
  } else if (const double* number = std::get_if<double>(&value)) {
    shown.set_number_value(*number);
  } else if (const std::string* text = std::get_if<std::string>(&value)) {
    shown.set_string_value(*text);
  } else {
    const int64_t integer = std::get<int64_t>(value);
    const bool is_exact = integer > -kFirstRounded && integer < kFirstRounded;
    if (is_exact) shown.set_number_value(static_cast<double>(integer));
    if (!is_exact) shown.set_string_value(std::to_string(integer));
  }
  return shown;
}

std::string ToJson(const DefaultValue& value) {
  if (const bool* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const int64_t* integer = std::get_if<int64_t>(&value)) return std::to_string(*integer);
  if (const double* number = std::get_if<double>(&value)) return sql::NumberText(*number);
  std::string json;
  ingest::AppendJsonString(std::get<std::string>(value), json);
  return json;
}

}  // namespace inlet::service
