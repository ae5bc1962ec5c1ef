// A value is known by its first byte; the text has been checked to be JSON.
#include "ingest/coercion.h"

#include <algorithm>
#include <charconv>

#include "ingest/exact_integer.h"
#include "ingest/json_string.h"
#include "ingest/time_value.h"

namespace inlet::ingest {
namespace {

constexpr Written kImpossible{{}, false, false};
// Literals with room to read after them.
constexpr char kTrueBytes[4 + Coercion::kPadding] = {'t', 'r', 'u', 'e'};
constexpr char kFalseBytes[5 + Coercion::kPadding] = {'f', 'a', 'l', 's', 'e'};
constexpr std::string_view kTrue = {kTrueBytes, 4};
constexpr std::string_view kFalse = {kFalseBytes, 5};

constexpr bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

bool IsBase64Digit(char byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || IsDigit(byte) || byte == '+' || byte == '/';
}

bool IsBase64(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return std::all_of(text.begin(), text.end(), IsBase64Digit);
}

bool IsTime(const TimeFormat* format, std::string_view text) {
  return ParseRfc3339(text).has_value() || (format != nullptr && format->Parse(text).has_value());
}

}  // namespace

Written Coercion::Coerce(const CompiledType& type, std::string_view scalar, bool strict) {
  switch (scalar.front()) {
    case '"':
      return CoerceString(type, scalar, strict);
    case 't':
    case 'f':
      return CoerceBoolean(type, scalar, strict);
    case 'n':
      return strict ? kImpossible : Written{scalar};
    default:
      return CoerceNumber(type, scalar, strict);
  }
}

Written Coercion::CoerceNumber(const CompiledType& type, std::string_view number, bool strict) {
  switch (type.kind) {
    case ColumnKind::kFloat:
      return {number};
    case ColumnKind::kBigint:
      return Integer(number, strict, false);
    case ColumnKind::kDatetime:
      return Integer(number, strict, true);
    case ColumnKind::kString:
      return strict ? kImpossible : Written{number, true};
    case ColumnKind::kBoolean: {
      const std::optional<int64_t> value = strict ? std::nullopt : ExactInteger(number);
      if (!value || (*value != 0 && *value != 1)) return kImpossible;
      return {*value == 1 ? kTrue : kFalse};
    }
    default:
      return kImpossible;
  }
}

Written Coercion::CoerceString(const CompiledType& type, std::string_view string, bool strict) {
  switch (type.kind) {
    case ColumnKind::kString:
      return {string};
    case ColumnKind::kBytea:
      return IsBase64(TextOf(string)) ? Written{string} : kImpossible;
    case ColumnKind::kDatetime: {
      const std::string_view text = TextOf(string);
      if (IsTime(type.format, text)) return {string};
      return strict || !IsJsonNumber(text) ? kImpossible : Integer(text, false, true);
    }
    default:
      return strict ? kImpossible : CoerceText(type, TextOf(string));
  }
}

Written Coercion::CoerceText(const CompiledType& type, std::string_view text) {
  switch (type.kind) {
    case ColumnKind::kBigint:
      return IsJsonNumber(text) ? Integer(text, false, false) : kImpossible;
    case ColumnKind::kFloat:
      return IsJsonNumber(text) ? Written{text} : kImpossible;
    case ColumnKind::kBoolean:
      if (text == kTrue) return {kTrue};
      return text == kFalse ? Written{kFalse} : kImpossible;
    default:
      return kImpossible;
  }
}

Written Coercion::CoerceBoolean(const CompiledType& type, std::string_view boolean, bool strict) const {
  if (type.kind == ColumnKind::kBoolean) return {boolean};
  return type.kind == ColumnKind::kString && !strict ? Written{boolean, true} : kImpossible;
}

Written Coercion::Integer(std::string_view number, bool strict, bool is_time) {
  if (!is_time && IsShortInteger(number)) return {number};
  if (strict && !IsIntegerLiteral(number)) return kImpossible;
  const std::optional<int64_t> value = ExactInteger(number);
  if (!value || (is_time && !FromMilliseconds(*value))) return kImpossible;
  const auto end = std::to_chars(digits_.data(), digits_.data() + digits_.size() - kPadding, *value).ptr;
  return {{digits_.data(), static_cast<size_t>(end - digits_.data())}};
}

std::string_view Coercion::TextOf(std::string_view string) {
  const std::string_view content = string.substr(1, string.size() - 2);
  if (content.find('\\') == std::string_view::npos) return content;
  unescaped_.clear();
  AppendUnescaped(content, unescaped_);
  const size_t size = unescaped_.size();
  unescaped_.append(kPadding, ' ');
  return std::string_view(unescaped_).substr(0, size);
}

std::optional<Instant> Coercion::ReadTime(const TimeFormat* format, Written written) {
  if (!written.possible) return std::nullopt;
  if (written.quoted) return TimeOfText(format, written.json);
  const char first = written.json.front();
  if (first == '"') return TimeOfText(format, TextOf(written.json));
  return first == '-' || IsDigit(first) ? TimeOfNumber(written.json) : std::nullopt;
}

std::optional<Instant> Coercion::ReadKeptTime(const TimeFormat* format, std::string_view string) {
  const std::string_view text = TextOf(string);
  return format != nullptr ? format->Parse(text) : ParseRfc3339(text);
}

}  // namespace inlet::ingest
