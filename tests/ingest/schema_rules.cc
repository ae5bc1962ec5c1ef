// Integers by strings, times by timegm.
#include "tests/ingest/schema_rules.h"

#include <algorithm>
#include <cstdint>
#include <ctime>

#include "tests/ingest/json_oracle.h"

namespace inlet::ingest {
namespace {

using Kind = Tree::Kind;

bool IsInteger(const std::string& number) { return number.find_first_of(".eE") == std::string::npos; }

// A number without sign: its digits without zeros before them, times a power of ten.
struct Decimal {
  explicit Decimal(const std::string& number) {
    const size_t mark = std::min(number.find_first_of("eE"), number.size());
    power = mark < number.size() ? std::stoll(number.substr(mark + 1)) : 0;
    digits = number.substr(0, mark);
    if (const size_t point = digits.find('.'); point != std::string::npos) {
      power -= static_cast<int64_t>(digits.size() - point - 1);
      digits.erase(point, 1);
    }
    digits.erase(0, digits.find_first_not_of('0'));
  }

  std::string digits;
  int64_t power = 0;
};

// By strings: the digits with as many zeros as the exponent asks for.
std::optional<std::string> Integer(std::string number) {
  const bool negative = number[0] == '-';
  if (negative) number.erase(0, 1);
  auto [digits, power] = Decimal(number);
  if (digits.empty()) return "0";
  for (; digits.back() == '0'; ++power) digits.pop_back();
  if (power < 0 || power > 20) return std::nullopt;
  digits.append(static_cast<size_t>(power), '0');
  const std::string limit = negative ? "9223372036854775808" : "9223372036854775807";
  if (digits.size() > limit.size() || (digits.size() == limit.size() && digits > limit)) return std::nullopt;
  return (negative ? "-" : "") + digits;
}

std::optional<Instant> Milliseconds(const std::string& integer) {
  constexpr int64_t kYear1 = -62'135'596'800;
  const int64_t value = std::stoll(integer);
  if (value < kYear1 * 1000 || value > 253'402'300'799'999) return std::nullopt;
  const int64_t from_year_1 = value - kYear1 * 1000;
  return Instant{from_year_1 / 1000 + kYear1, static_cast<uint32_t>(from_year_1 % 1000) * 1'000'000};
}

// Of a number of milliseconds, cut after nanoseconds.
std::optional<Instant> NanosecondsOf(std::string number) {
  const bool negative = number[0] == '-';
  if (negative) number.erase(0, 1);
  auto [digits, power] = Decimal(number);
  if (digits.empty()) return Instant{};
  power += 6;
  if (power > 25) return std::nullopt;
  if (power >= 0) digits.append(static_cast<size_t>(power), '0');
  if (power < 0) digits.resize(digits.size() - std::min(digits.size(), static_cast<size_t>(-power)));
  digits.insert(0, std::string(10, '0'));
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 10));
  if (digits.size() > 21) return std::nullopt;
  int64_t seconds = std::stoll(digits.substr(0, digits.size() - 9));
  int64_t nanos = std::stoll(digits.substr(digits.size() - 9));
  if (negative) {
    seconds = -seconds - (nanos > 0 ? 1 : 0);
    nanos = nanos > 0 ? 1'000'000'000 - nanos : 0;
  }
  if (seconds < -62'135'596'800 || seconds > 253'402'300'799) return std::nullopt;
  return Instant{seconds, static_cast<uint32_t>(nanos)};
}

std::string Shape(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char byte) { return byte >= '0' && byte <= '9'; }, '0');
  return text;
}

// `text`: yyyy-MM-dd?HH:mm:ss.
std::optional<int64_t> Seconds(const std::string& text, int offset_minutes) {
  std::tm tm{};
  tm.tm_year = std::stoi(text.substr(0, 4)) - 1900;
  tm.tm_mon = std::stoi(text.substr(5, 2)) - 1;
  tm.tm_mday = std::stoi(text.substr(8, 2));
  tm.tm_hour = std::stoi(text.substr(11, 2));
  tm.tm_min = std::stoi(text.substr(14, 2));
  const int second = std::stoi(text.substr(17, 2));
  std::tm normal = tm;
  const int64_t seconds = timegm(&normal);
  if (normal.tm_mon != tm.tm_mon || normal.tm_mday != tm.tm_mday || tm.tm_hour > 23 || tm.tm_min > 59 || second > 60) {
    return std::nullopt;
  }
  const int64_t whole = seconds + second - 60 * offset_minutes;
  if (whole < -62'135'596'800 || whole > 253'402'300'799) return std::nullopt;
  return whole;
}

std::optional<Instant> Rfc3339(const std::string& text) {
  constexpr size_t kSeconds = 19;
  std::string shape = Shape(text.substr(0, kSeconds));
  if (shape.size() == kSeconds && (shape[10] == 't' || shape[10] == ' ')) shape[10] = 'T';
  if (shape != "0000-00-00T00:00:00") return std::nullopt;
  std::string rest = text.substr(kSeconds);
  std::string fraction;
  if (!rest.empty() && rest[0] == '.') {
    const size_t end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    fraction = rest.substr(1, end - 1);
    if (fraction.empty()) return std::nullopt;
    rest.erase(0, end);
  }
  fraction.resize(9, '0');
  int offset = 0;
  if (Shape(rest) == "+00:00" || Shape(rest) == "-00:00") {
    const int hours = std::stoi(rest.substr(1, 2));
    const int minutes = std::stoi(rest.substr(4, 2));
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset = (rest[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
  } else if (rest != "Z" && rest != "z") {
    return std::nullopt;
  }
  const std::optional<int64_t> seconds = Seconds(text, offset);
  if (!seconds) return std::nullopt;
  return Instant{*seconds, static_cast<uint32_t>(std::stoul(fraction))};
}

std::optional<Instant> Formatted(const std::string& text) {
  if (Shape(text) != "0000-00-00 00:00:00") return std::nullopt;
  const std::optional<int64_t> seconds = Seconds(text, 0);
  return seconds ? std::optional(Instant{*seconds, 0}) : std::nullopt;
}

bool IsBase64(const std::string& text) {
  const size_t digits =
      std::min(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"), text.size());
  return text.size() % 4 == 0 && text.size() - digits <= 2 && text.find_first_not_of('=', digits) == std::string::npos;
}

std::optional<Tree> Member(const Tree& object, const std::string& name) {
  std::optional<Tree> last;
  for (size_t i = 0; i < object.names.size(); ++i) {
    if (object.names[i] == name) last = object.items[i];
  }
  return last;
}

}  // namespace

std::optional<Tree> SchemaRules::Record(const Tree& object) const { return Struct(schema_.columns, object, true); }

// From the record, if the column is declared; else from what was sent.
std::optional<Instant> SchemaRules::EventTime(const Tree& object) const {
  const std::string& name = schema_.timestamp;
  if (name.empty()) return std::nullopt;
  const bool declared = std::any_of(schema_.columns.begin(), schema_.columns.end(),
                                    [&name](const Column& column) { return column.name == name; });
  const std::optional<Tree> source = declared ? Record(object) : object;
  const std::optional<Tree> value = source ? Member(*source, name) : std::nullopt;
  if (!value) return std::nullopt;
  if (value->kind == Kind::kNumber) return NanosecondsOf(value->text);
  if (value->kind != Kind::kString) return std::nullopt;
  if (!schema_.timestamp_format.empty()) return Formatted(value->text);
  const std::optional<Instant> time = Rfc3339(value->text);
  return time || !IsNumber(value->text) ? time : NanosecondsOf(value->text);
}

std::optional<Tree> SchemaRules::Struct(const std::vector<Column>& columns, const Tree& object, bool top) const {
  Tree record = Tree::Of(Kind::kObject, {});
  for (const Column& column : columns) {
    const std::optional<Tree> member = Member(object, column.name);
    std::optional<Tree> value;
    if (member) {
      value = Value(column.type, *member);
      if (!value) return std::nullopt;
    } else if (top && !column.default_json.empty()) {
      value = ReadTree(column.default_json);
    } else if (schema_.strict) {
      return std::nullopt;
    }
    if (!value) continue;
    record.names.push_back(column.name);
    record.items.push_back(*value);
  }
  return record;
}

// What does not fit is null, and strict nothing.
std::optional<Tree> SchemaRules::Value(const ColumnType& type, const Tree& value) const {
  std::optional<Tree> fit = Fit(type, value);
  if (!fit && !schema_.strict) return Tree();
  return fit;
}

std::optional<Tree> SchemaRules::Fit(const ColumnType& type, const Tree& value) const {
  if (value.kind == Kind::kNull) return std::nullopt;
  switch (type.kind) {
    case ColumnKind::kBigint:
      return AsInteger(value, false);
    case ColumnKind::kDatetime:
      if (value.kind == Kind::kString && IsTime(value.text)) return value;
      return AsInteger(value, true);
    case ColumnKind::kFloat:
      return AsFloat(value);
    case ColumnKind::kString:
      return AsString(value);
    case ColumnKind::kBoolean:
      return AsBoolean(value);
    case ColumnKind::kBytea:
      if (value.kind != Kind::kString || !IsBase64(value.text)) return std::nullopt;
      return value;
    case ColumnKind::kArray:
      return value.kind == Kind::kArray ? Array(type.element[0], value) : std::nullopt;
    case ColumnKind::kStruct:
      return value.kind == Kind::kObject ? Struct(type.fields, value, false) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Tree> SchemaRules::AsInteger(const Tree& value, bool time) const {
  const bool text = value.kind == Kind::kString && !schema_.strict && IsNumber(value.text);
  if (value.kind != Kind::kNumber && !text) return std::nullopt;
  if (schema_.strict && !IsInteger(value.text)) return std::nullopt;
  const std::optional<std::string> integer = Integer(value.text);
  if (!integer || (time && !Milliseconds(*integer))) return std::nullopt;
  return Tree::Of(Kind::kNumber, *integer);
}

std::optional<Tree> SchemaRules::AsString(const Tree& value) const {
  if (value.kind == Kind::kString) return value;
  if (schema_.strict) return std::nullopt;
  if (value.kind == Kind::kNumber) return Tree::Of(Kind::kString, value.text);
  if (value.kind == Kind::kBoolean) return Tree::Of(Kind::kString, value.boolean ? "true" : "false");
  return Tree{Kind::kTextOf, false, {}, {}, {value}};
}

std::optional<Tree> SchemaRules::AsBoolean(const Tree& value) const {
  if (value.kind == Kind::kBoolean) return value;
  if (schema_.strict) return std::nullopt;
  if (value.kind == Kind::kString && (value.text == "true" || value.text == "false")) {
    return Tree{Kind::kBoolean, value.text == "true", {}, {}, {}};
  }
  if (value.kind != Kind::kNumber) return std::nullopt;
  const std::optional<std::string> integer = Integer(value.text);
  if (integer != "0" && integer != "1") return std::nullopt;
  return Tree{Kind::kBoolean, integer == "1", {}, {}, {}};
}

std::optional<Tree> SchemaRules::Array(const ColumnType& element, const Tree& value) const {
  Tree array = Tree::Of(Kind::kArray, {});
  for (const Tree& item : value.items) {
    std::optional<Tree> fit = Value(element, item);
    if (!fit) return std::nullopt;
    array.items.push_back(*std::move(fit));
  }
  return array;
}

bool SchemaRules::IsNumber(const std::string& text) const {
  if (JudgedOtherwise(text)) {
    unsure_ = true;
    return false;
  }
  const std::optional<Tree> tree = ReadTree(text);
  return tree && tree->kind == Kind::kNumber && text.find_first_of(" \n\r\t") == std::string::npos;
}

std::optional<Tree> SchemaRules::AsFloat(const Tree& value) const {
  if (value.kind == Kind::kNumber) return value;
  if (schema_.strict || value.kind != Kind::kString || !IsNumber(value.text)) return std::nullopt;
  return Tree::Of(Kind::kNumber, value.text);
}

bool SchemaRules::IsTime(const std::string& text) const {
  return Rfc3339(text) || (!schema_.timestamp_format.empty() && Formatted(text));
}

}  // namespace inlet::ingest
