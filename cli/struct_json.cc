// google.protobuf.Struct as compact JSON, many times faster than protobuf's own printer.
#include "cli/struct_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

namespace inlet::cli {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Struct;
using google::protobuf::Value;

void AppendEscaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto code = static_cast<unsigned char>(c);
  if (code >= 0x20 && code != 0x7F) {
    out += c;
    return;
  }
  out += "\\u00";
  out += kHex[code >> 4U];
  out += kHex[code & 0x0FU];
}

void AppendNumber(std::string& out, double number) {
  // Whole numbers that a double holds exactly are ids and counts: never 1e+15.
  constexpr double kExact = 9007199254740992.0;
  const bool negative_zero = number == 0 && std::signbit(number);
  const bool whole = std::fabs(number) <= kExact && std::trunc(number) == number && !negative_zero;
  std::array<char, 32> digits{};
  char* const end = digits.data() + digits.size();
  const std::to_chars_result written = whole ? std::to_chars(digits.data(), end, static_cast<int64_t>(number))
                                             : std::to_chars(digits.data(), end, number);
  if (std::isfinite(number)) {
    out.append(digits.data(), written.ptr);
  } else {
    out += "null";
  }
}

void AppendValue(std::string& out, const Value& value);

void AppendList(std::string& out, const ListValue& list) {
  out += '[';
  for (const Value& value : list.values()) {
    AppendValue(out, value);
    out += ',';
  }
  if (!list.values().empty()) out.pop_back();
  out += ']';
}

void AppendValue(std::string& out, const Value& value) {
  switch (value.kind_case()) {
    case Value::kNumberValue:
      AppendNumber(out, value.number_value());
      return;
    case Value::kStringValue:
      AppendJsonText(out, value.string_value());
      return;
    case Value::kBoolValue:
      out += value.bool_value() ? "true" : "false";
      return;
    case Value::kStructValue:
      AppendStructJson(out, value.struct_value());
      return;
    case Value::kListValue:
      AppendList(out, value.list_value());
      return;
    default:
      out += "null";
      return;
  }
}

}  // namespace

// Recursive: protobuf's parser has bounded the depth already.
void AppendJsonText(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) AppendEscaped(out, c);
  out += '"';
}

void AppendStructJson(std::string& out, const Struct& data) {
  using Field = std::pair<std::string_view, const Value*>;
  std::vector<Field> fields;
  fields.reserve(data.fields().size());
  for (const auto& [key, value] : data.fields()) fields.emplace_back(key, &value);
  std::sort(fields.begin(), fields.end());
  out += '{';
  for (const auto& [key, value] : fields) {
    AppendJsonText(out, key);
    out += ':';
    AppendValue(out, *value);
    out += ',';
  }
  if (!fields.empty()) out.pop_back();
  out += '}';
}

}  // namespace inlet::cli
