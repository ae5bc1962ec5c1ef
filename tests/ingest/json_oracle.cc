// nlohmann's readers, and the rule of exactness once more, by printf and strtod.
#include "tests/ingest/json_oracle.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>

#include "ingest/data_view.h"

namespace inlet::ingest {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using nlohmann::json;

template <typename Integer>
bool IsIntegerExact(Integer value) {
  static_assert(std::numeric_limits<long double>::digits >= 64);
  return static_cast<long double>(static_cast<double>(value)) == static_cast<long double>(value);
}

// The digits of a mantissa without zeros at both ends.
std::string Significant(std::string_view number) {
  std::string digits;
  for (const char byte : number.substr(0, number.find_first_of("eE"))) {
    if (byte >= '0' && byte <= '9' && (!digits.empty() || byte != '0')) digits += byte;
  }
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits;
}

bool IsDecimalExact(double value, const std::string& text) {
  if (text.find_first_of(".eE") == std::string::npos) return false;  // an integer beyond 64 bits
  const std::string digits = Significant(text);
  if (digits.empty()) return true;
  if (std::fpclassify(value) != FP_NORMAL || digits.size() > 17) return false;
  if (digits.size() <= 15) return true;
  std::array<char, 64> printed{};
  std::snprintf(printed.data(), printed.size(), "%.*e", static_cast<int>(digits.size()) - 1, value);
  return Significant(printed.data()) == digits;
}

class Judging : public nlohmann::json_sax<json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(int64_t value) override { return Number(IsIntegerExact(value)); }
  bool number_unsigned(uint64_t value) override { return Number(IsIntegerExact(value)); }
  bool number_float(double value, const std::string& text) override { return Number(IsDecimalExact(value, text)); }
  bool string(std::string&) override { return true; }
  bool binary(json::binary_t&) override { return true; }
  bool start_object(size_t) override { return Enter(); }
  bool key(std::string&) override { return true; }
  bool end_object() override { return Leave(); }
  bool start_array(size_t) override { return Enter(); }
  bool end_array() override { return Leave(); }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

  bool exact() const { return exact_; }

 private:
  bool Number(bool exact) {
    exact_ = exact_ && exact;
    return true;
  }
  bool Enter() {
    ++depth_;
    exact_ = exact_ && depth_ <= DataView::kMaxDepth;
    return true;
  }
  bool Leave() {
    --depth_;
    return true;
  }

  bool exact_ = true;
  uint32_t depth_ = 0;
};

bool SameValue(const Value& value, const json& expected);

bool SameObject(const Struct& data, const json& expected) {
  if (data.fields().size() != expected.size()) return false;
  return std::all_of(data.fields().begin(), data.fields().end(), [&](const auto& field) {
    const auto found = expected.find(field.first);
    return found != expected.end() && SameValue(field.second, *found);
  });
}

bool SameList(const google::protobuf::ListValue& list, const json& expected) {
  return std::equal(list.values().begin(), list.values().end(), expected.begin(), expected.end(), SameValue);
}

bool SameValue(const Value& value, const json& expected) {
  switch (value.kind_case()) {
    case Value::kNullValue:
      return expected.is_null();
    case Value::kBoolValue:
      return expected.is_boolean() && value.bool_value() == expected.get<bool>();
    case Value::kStringValue:
      return expected.is_string() && value.string_value() == expected.get_ref<const std::string&>();
    case Value::kNumberValue:
      return expected.is_number() && value.number_value() == expected.get<double>();
    case Value::kStructValue:
      return expected.is_object() && SameObject(value.struct_value(), expected);
    case Value::kListValue:
      return expected.is_array() && SameList(value.list_value(), expected);
    case Value::KIND_NOT_SET:
      return false;
  }
  return false;
}

bool IsSurrogateEscape(std::string_view text) {
  return text.size() >= 4 && text[0] == '\\' && text[1] == 'u' && (text[2] == 'd' || text[2] == 'D') &&
         std::string_view("89abcdefABCDEF").find(text[3]) != std::string_view::npos;
}

bool IsLargeExponent(std::string_view text) {
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(text.size() > 1 && (text[1] == '+' || text[1] == '-') ? 2 : 1);
  return std::min(text.find_first_not_of("0123456789"), text.size()) >= 3;
}

}  // namespace

Opinion Judge(std::string_view text) {
  Judging judging;
  Opinion opinion;
  opinion.valid = json::sax_parse(text, &judging);
  opinion.exact = opinion.valid && judging.exact();
  return opinion;
}

bool JudgedOtherwise(std::string_view text) {
  size_t digits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    digits = text[i] >= '0' && text[i] <= '9' ? digits + 1 : 0;
    const std::string_view rest = text.substr(i);
    if (digits > 250 || IsSurrogateEscape(rest) || IsLargeExponent(rest)) return true;
  }
  return text.starts_with("\xEF\xBB\xBF") || text.find('\0') != std::string_view::npos;
}

bool SaysTheSame(const Struct& data, std::string_view text) { return SameObject(data, json::parse(text)); }

std::string RandomJson::Object() { return Container(0, true); }

std::string RandomJson::Container(uint32_t depth, bool object) {
  std::string text(1, object ? '{' : '[');
  const uint32_t count = Below(depth == 0 ? 6 : 4);
  for (uint32_t i = 0; i < count; ++i) {
    if (i > 0) text += "," + Space();
    if (object) text += String() + Space() + ":";
    text += Value(depth + 1) + Space();
  }
  return text + (object ? '}' : ']');
}

std::string RandomJson::Value(uint32_t depth) {
  switch (Below(depth > 6 ? 7 : 9)) {
    case 0:
      return "null";
    case 1:
      return "true";
    case 2:
      return "false";
    case 3:
    case 4:
      return String();
    case 5:
    case 6:
      return Number();
    default:
      return Container(depth, Below(2) == 0);
  }
}

std::string RandomJson::Digits(uint32_t most) {
  const uint32_t kind = Below(8);
  std::string digits(1 + Below(most), kind == 0 ? '0' : '9');
  if (kind > 1) std::generate(digits.begin(), digits.end(), [&] { return static_cast<char>('0' + Below(10)); });
  return digits;
}

std::string RandomJson::Number() {
  constexpr std::array<const char*, 16> kOdd = {"9007199254740992",
                                                "9007199254740993",
                                                "-9007199254740993",
                                                "9223372036854775807",
                                                "9223372036854775808",
                                                "18446744073709551615",
                                                "9007199254740993.0",
                                                "0.30000000000000004",
                                                "1e-400",
                                                "5e-324",
                                                "-0",
                                                "-0.0",
                                                "1e308",
                                                "1e-307",
                                                "0e999999",
                                                "2.2250738585072014e-308"};
  if (Below(6) == 0) return kOdd[Below(kOdd.size())];
  std::string number = Below(4) == 0 ? "-" : "";
  std::string whole = Digits(Below(3) == 0 ? 22 : 5);
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  number += whole;
  if (Below(2) == 0) number += "." + Digits(Below(3) == 0 ? 20 : 4);
  if (Below(4) == 0) number += std::string(Below(2) == 0 ? "e" : "E") + (Below(2) == 0 ? "-" : "") + Digits(2);
  return number;
}

std::string RandomJson::String() {
  constexpr std::array<const char*, 20> kPieces = {"a",
                                                   "b",
                                                   "key",
                                                   "0123456789abcdef0123456789abcdef0123",
                                                   "\\n",
                                                   "\\\"",
                                                   "\\\\",
                                                   "\\/",
                                                   "\\u0000",
                                                   "\\u00e9",
                                                   "\\ud83d\\ude00",
                                                   "é",
                                                   "\u20ac",
                                                   "\U0001F600",
                                                   "1234567890.1234567890",
                                                   "{",
                                                   "]",
                                                   ",",
                                                   ":",
                                                   " 0.12345678901234567890 "};
  std::string text = "\"";
  for (uint32_t i = Below(4); i > 0; --i) text += kPieces[Below(kPieces.size())];
  return text + "\"";
}

std::string RandomJson::Space() { return Below(4) == 0 ? std::string(Below(3), " \n\r\t"[Below(4)]) : ""; }

std::string RandomJson::Mutated() {
  constexpr std::string_view kBytes = "{}[]\",:\\u0019.eE+-tfn \x01\x80\xff\xc3\xed";
  std::string text = Object();
  for (uint32_t i = 1 + Below(2); i > 0 && !text.empty(); --i) {
    const uint32_t position = Below(static_cast<uint32_t>(text.size()));
    switch (Below(4)) {
      case 0:
        text.erase(position, 1 + Below(3));
        break;
      case 1:
        text.insert(position, 1, kBytes[Below(static_cast<uint32_t>(kBytes.size()))]);
        break;
      case 2:
        std::swap(text[position], text[Below(static_cast<uint32_t>(text.size()))]);
        break;
      default:
        text[position] = kBytes[Below(static_cast<uint32_t>(kBytes.size()))];
    }
  }
  return text;
}

}  // namespace inlet::ingest
