// Reads one value of a configuration as a type.
#include "service/config/scalars.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "ingest/text.h"
#include "service/config/json_text.h"
#include "service/config/names.h"

namespace inlet::config {
namespace {

constexpr char kDurationForms[] = "a duration such as 500ms, 20s, 2m, 1h or 0.5s";

std::string Kind(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kNull:
      return "nothing; leave the key out to keep the default";
    case Value::Kind::kPlain:
      return "one value";
    case Value::Kind::kLiteral:
      return "a number or a bool, which is text only in quotes";
    case Value::Kind::kText:
      return "a text";
    case Value::Kind::kList:
      return "a list";
    case Value::Kind::kMap:
      return "a map";
  }
  return "something else";
}

bool IsBare(const Value& value) { return value.kind == Value::Kind::kPlain || value.kind == Value::Kind::kLiteral; }

bool IsWordOrText(const Value& value) { return value.kind == Value::Kind::kPlain || value.kind == Value::Kind::kText; }

bool AreDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Nothing if it is no whole number or does not fit. A leading zero is refused: YAML once read it as octal.
std::optional<uint64_t> ParseDigits(std::string_view text) {
  const bool is_octal = text.size() > 1 && text.front() == '0';
  if (!AreDigits(text) || is_octal) return std::nullopt;
  uint64_t number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  return result.ec == std::errc() ? std::optional(number) : std::nullopt;
}

struct Unit {
  std::string_view suffix;
  uint64_t factor;
};

// The first unit that `text` ends with, which is taken off; nothing if none does.
std::optional<uint64_t> TakeUnit(std::string_view& text, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (!text.ends_with(unit.suffix)) continue;
    text.remove_suffix(unit.suffix.size());
    return unit.factor;
  }
  return std::nullopt;
}

std::optional<uint64_t> ParseByteSize(std::string_view text) {
  static constexpr std::array<Unit, 4> kUnits = {
      {{"KiB", 1ULL << 10}, {"MiB", 1ULL << 20}, {"GiB", 1ULL << 30}, {"TiB", 1ULL << 40}}};
  const uint64_t factor = TakeUnit(text, kUnits).value_or(1);
  const std::optional<uint64_t> number = ParseDigits(text);
  if (!number || *number > std::numeric_limits<uint64_t>::max() / factor) return std::nullopt;
  return *number * factor;
}

// Billionths in "5", "05" or "000000001": the digits after a decimal point.
std::optional<uint64_t> ParseFraction(std::string_view digits) {
  constexpr size_t kMostDigits = 9;
  if (!AreDigits(digits) || digits.size() > kMostDigits) return std::nullopt;
  std::string padded(digits);
  padded.resize(kMostDigits, '0');
  uint64_t billionths = 0;
  std::from_chars(padded.data(), padded.data() + padded.size(), billionths);
  return billionths;
}

// Nothing if it is no duration, or longer than the longest.
std::optional<std::chrono::nanoseconds> ParseDuration(std::string_view text) {
  static constexpr uint64_t kBillion = 1'000'000'000;
  static constexpr std::array<Unit, 4> kUnits = {
      {{"ms", 1'000'000}, {"s", kBillion}, {"m", 60 * kBillion}, {"h", 3600 * kBillion}}};
  const std::optional<uint64_t> unit = TakeUnit(text, kUnits);
  const size_t point = text.find('.');
  const std::optional<uint64_t> whole = ParseDigits(text.substr(0, point));
  const auto fraction =
      point == std::string_view::npos ? std::optional<uint64_t>(0) : ParseFraction(text.substr(point + 1));
  if (!unit || !whole || !fraction) return std::nullopt;
  const auto longest = static_cast<uint64_t>(std::chrono::nanoseconds(kLongestDuration).count());
  if (*whole > longest / *unit) return std::nullopt;
  const uint64_t nanoseconds = *whole * *unit + *fraction * (*unit / 1'000'000) / 1'000;
  if (nanoseconds > longest) return std::nullopt;
  return std::chrono::nanoseconds(nanoseconds);
}

std::string RangeText(Range range) {
  return Concat({"from ", std::to_string(range.least), " to ", std::to_string(range.most)});
}

absl::StatusOr<uint64_t> InRange(const Spot& spot, const Value& value, std::optional<uint64_t> number, Range range,
                                 std::string_view kind) {
  if (!IsBare(value) || !number || *number < range.least || *number > range.most) {
    return WrongType(spot, value, Concat({kind, " ", RangeText(range)}));
  }
  return *number;
}

}  // namespace

absl::Status WrongType(const Spot& spot, const Value& value, std::string_view expected) {
  const bool is_quoted = value.kind == Value::Kind::kText;
  if (!is_quoted && !IsBare(value)) return WrongShape(spot, value, expected);
  const std::string found = is_quoted ? Concat({"the text ", Shown(value.text), " in quotes"}) : Shown(value.text);
  return ValueError(Place(spot.source, value.line), spot.key, Concat({"expected ", expected, ", found ", found}));
}

absl::Status WrongShape(const Spot& spot, const Value& value, std::string_view expected) {
  return ValueError(Place(spot.source, value.line), spot.key, Concat({"expected ", expected, ", found ", Kind(value)}));
}

absl::StatusOr<std::string> ReadText(const Spot& spot, const Value& value) {
  if (IsWordOrText(value)) return value.text;
  return WrongShape(spot, value, "text");
}

absl::StatusOr<std::vector<std::string>> ReadTexts(const Spot& spot, const Value& value) {
  const bool is_json = value.kind == Value::Kind::kPlain && value.text.starts_with('[');
  const auto parsed = is_json ? ParseJson(spot.source, value.text) : absl::StatusOr<Value>(value);
  if (!parsed.ok()) return parsed.status();
  std::vector<std::string> texts;
  if (parsed->kind == Value::Kind::kList) {
    for (const Value& item : parsed->items) {
      auto text = ReadText(spot, item);
      if (!text.ok()) return text.status();
      texts.push_back(*std::move(text));
    }
    return texts;
  }
  auto text = ReadText(spot, *parsed);
  if (!text.ok()) return WrongShape(spot, value, "a list of texts, or one text");
  if (!text->empty()) texts.push_back(*std::move(text));
  return texts;
}

absl::StatusOr<bool> ReadBool(const Spot& spot, const Value& value) {
  const std::string word = Lower(value.text);
  const bool is_bool = IsBare(value) && (word == "true" || word == "false");
  if (!is_bool) return WrongType(spot, value, "true or false");
  return word == "true";
}

absl::StatusOr<uint64_t> ReadWholeNumber(const Spot& spot, const Value& value, Range range) {
  return InRange(spot, value, ParseDigits(value.text), range, "a whole number");
}

absl::StatusOr<uint64_t> ReadByteSize(const Spot& spot, const Value& value, Range range) {
  // "64KiB" is text in JSON, where it must be in quotes; a number in quotes stays a mistake.
  const bool is_quoted_size = value.kind == Value::Kind::kText && !AreDigits(value.text);
  Value bare = value;
  if (is_quoted_size) bare.kind = Value::Kind::kPlain;
  return InRange(spot, bare, ParseByteSize(value.text), range, "bytes (such as 1048576, 64KiB or 64MiB)");
}

absl::StatusOr<std::chrono::nanoseconds> ReadDuration(const Spot& spot, const Value& value) {
  const auto duration = ParseDuration(value.text);
  if (!IsWordOrText(value) || !duration) {
    return WrongType(spot, value, Concat({kDurationForms, ", at most ten years"}));
  }
  return *duration;
}

absl::StatusOr<size_t> ReadWord(const Spot& spot, const Value& value, std::span<const std::string_view> words) {
  const auto* const found = std::find(words.data(), words.data() + words.size(), value.text);
  const bool is_word = IsWordOrText(value) && found != words.data() + words.size();
  if (is_word) return static_cast<size_t>(found - words.data());
  std::string expected;
  for (const std::string_view word : words) {
    const bool is_last = word == words.back();
    expected += Concat({expected.empty() ? "" : (is_last ? " or " : ", "), word});
  }
  return WrongType(spot, value, expected);
}

}  // namespace inlet::config
