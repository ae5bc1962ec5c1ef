// A pattern is a list of parts; a text is read part by part.
#include "ingest/time_format.h"

#include <algorithm>
#include <array>
#include <string>

#include "ingest/text.h"

namespace inlet::ingest {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                                   "friday", "saturday", "sunday"};
constexpr size_t kShortName = 3;

constexpr bool IsLetter(char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }

constexpr bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

bool StartsWithInAnyCase(std::string_view text, std::string_view lower_case) {
  if (text.size() < lower_case.size()) return false;
  return std::equal(lower_case.begin(), lower_case.end(), text.begin(), [](char wanted, char found) {
    return IsLetter(found) ? (found | 0x20) == wanted : found == wanted;
  });
}

// From 1. Nothing: no name is there.
template <size_t kCount>
std::optional<int> TakeName(std::string_view& text, const std::array<std::string_view, kCount>& names, bool whole) {
  for (size_t i = 0; i < kCount; ++i) {
    const std::string_view name = whole ? names[i] : names[i].substr(0, kShortName);
    if (!StartsWithInAnyCase(text, name)) continue;
    text.remove_prefix(name.size());
    return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

// `count` digits; with a count of 1, a second one is taken if it is there.
std::optional<int> TakeNumber(std::string_view& text, size_t count) {
  const bool two = count == 1 && text.size() > 1 && IsDigit(text[1]);
  return TakeDigits(text, two ? 2 : count);
}

bool TakeInto(int& field, std::string_view& text, size_t count) {
  const std::optional<int> number = TakeNumber(text, count);
  if (number) field = *number;
  return number.has_value();
}

absl::Status Refuse(std::initializer_list<std::string_view> pieces) {
  return absl::InvalidArgumentError(Concat(pieces));
}

}  // namespace

struct TimeFormat::Reading {
  CivilTime civil;
  std::optional<bool> afternoon;
};

absl::StatusOr<TimeFormat> TimeFormat::Compile(std::string_view pattern) {
  TimeFormat format;
  while (!pattern.empty()) {
    const char first = pattern.front();
    if (IsLetter(first)) {
      const size_t count = std::min(pattern.find_first_not_of(first), pattern.size());
      if (absl::Status status = format.AddLetters(first, count); !status.ok()) return status;
      pattern.remove_prefix(count);
    } else if (first != '\'' || pattern.starts_with("''")) {
      format.AddText(pattern.substr(0, 1));
      pattern.remove_prefix(first == '\'' ? 2 : 1);
    } else {
      size_t end = 1;
      for (; end < pattern.size() && (pattern[end] != '\'' || pattern.substr(end, 2) == "''"); ++end) {
        format.AddText(pattern.substr(end, 1));
        if (pattern[end] == '\'') ++end;
      }
      if (end >= pattern.size()) return Refuse({"the quoted text of the format is not closed"});
      pattern.remove_prefix(end + 1);
    }
  }
  if (absl::Status status = format.CheckParts(); !status.ok()) return status;
  return format;
}

absl::Status TimeFormat::AddLetters(char letter, size_t count) {
  struct Letter {
    char letter;
    size_t least;
    size_t most;
    Part part;
  };
  static constexpr std::array<Letter, 23> kLetters = {{
      {'y', 4, 4, Part::kYear},
      {'y', 2, 2, Part::kShortYear},
      {'Y', 4, 4, Part::kYear},
      {'Y', 2, 2, Part::kShortYear},
      {'M', 1, 2, Part::kMonth},
      {'M', 3, 3, Part::kShortMonthName},
      {'M', 4, 4, Part::kMonthName},
      {'d', 1, 2, Part::kDay},
      {'H', 1, 2, Part::kHour},
      {'h', 1, 2, Part::kHalfDayHour},
      {'a', 1, 1, Part::kHalfDay},
      {'m', 1, 2, Part::kMinute},
      {'s', 1, 2, Part::kSecond},
      {'S', 1, 9, Part::kFraction},
      {'X', 1, 3, Part::kOffset},
      {'Z', 1, 1, Part::kNumericOffset},
      {'E', 3, 3, Part::kShortDayName},
      {'E', 4, 4, Part::kDayName},
  }};
  const std::string text(count, letter);
  bool known = false;
  for (const Letter& entry : kLetters) {
    if (entry.letter != letter) continue;
    known = true;
    if (count < entry.least || count > entry.most) continue;
    if (Has(entry.part)) return Refuse({"'", text, "' says once more what the format has already"});
    items_.push_back({entry.part, count, {}});
    return absl::OkStatus();
  }
  if (known) return Refuse({"'", text, "' is not a number of letters that the format may have"});
  return Refuse(
      {"'", text, "' is no letter of a format: expected y, M, d, H, h, a, m, s, S, X, Z or E, or quotes '...'"});
}

absl::Status TimeFormat::CheckParts() const {
  const bool has_year = Has(Part::kYear) || Has(Part::kShortYear);
  const bool has_month = Has(Part::kMonth) || Has(Part::kShortMonthName) || Has(Part::kMonthName);
  if (!has_year || !has_month || !Has(Part::kDay)) {
    return Refuse({"the format lacks a year (yyyy), a month (MM) or a day (dd)"});
  }
  if (Has(Part::kHour) && Has(Part::kHalfDayHour)) return Refuse({"the format has both H and h"});
  if (Has(Part::kHalfDayHour) != Has(Part::kHalfDay)) return Refuse({"h and a belong together in a format"});
  return absl::OkStatus();
}

void TimeFormat::AddText(std::string_view text) {
  if (items_.empty() || items_.back().part != Part::kText) items_.push_back({});
  items_.back().text.append(text);
}

bool TimeFormat::Has(Part part) const {
  return std::any_of(items_.begin(), items_.end(), [&](const Item& item) { return item.part == part; });
}

std::optional<Instant> TimeFormat::Parse(std::string_view text) const {
  Reading reading;
  for (const Item& item : items_) {
    if (!Take(item, text, reading)) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  if (reading.afternoon) {
    int& hour = reading.civil.hour;
    if (hour < 1 || hour > 12) return std::nullopt;
    hour = hour % 12 + (*reading.afternoon ? 12 : 0);
  }
  return ToInstant(reading.civil);
}

bool TimeFormat::Take(const Item& item, std::string_view& text, Reading& reading) {
  CivilTime& civil = reading.civil;
  switch (item.part) {
    case Part::kText:
      if (!text.starts_with(item.text)) return false;
      text.remove_prefix(item.text.size());
      return true;
    case Part::kYear:
      return TakeInto(civil.year, text, 4);
    case Part::kShortYear:
      if (!TakeInto(civil.year, text, 2)) return false;
      civil.year += 2000;
      return true;
    case Part::kMonth:
      return TakeInto(civil.month, text, item.count);
    case Part::kShortMonthName:
    case Part::kMonthName: {
      const std::optional<int> month = TakeName(text, kMonths, item.part == Part::kMonthName);
      if (month) civil.month = *month;
      return month.has_value();
    }
    case Part::kDay:
      return TakeInto(civil.day, text, item.count);
    case Part::kHour:
    case Part::kHalfDayHour:
      return TakeInto(civil.hour, text, item.count);
    case Part::kHalfDay:
      reading.afternoon = StartsWithInAnyCase(text, "pm");
      if (!*reading.afternoon && !StartsWithInAnyCase(text, "am")) return false;
      text.remove_prefix(2);
      return true;
    case Part::kMinute:
      return TakeInto(civil.minute, text, item.count);
    case Part::kSecond:
      return TakeInto(civil.second, text, item.count);
    case Part::kFraction: {
      std::string_view digits = text.substr(0, item.count);
      const std::optional<uint32_t> nanos = TakeNanos(digits);
      if (!nanos || !digits.empty() || text.size() < item.count) return false;
      civil.nanos = *nanos;
      text.remove_prefix(item.count);
      return true;
    }
    case Part::kOffset:
    case Part::kNumericOffset:
      return TakeZone(item, text, reading);
    case Part::kShortDayName:
    case Part::kDayName:
      return TakeName(text, kDays, item.part == Part::kDayName).has_value();
  }
  return false;
}

bool TimeFormat::TakeZone(const Item& item, std::string_view& text, Reading& reading) {
  constexpr size_t kWithColon = 3;
  if (item.part == Part::kOffset && TakeByte(text, 'Z')) return true;
  std::optional<int> offset;
  if (item.part == Part::kOffset && item.count == 1) {  // hours alone
    const std::string whole = Concat({text.substr(0, 3), "00"});
    std::string_view hours = whole;
    offset = TakeOffset(hours, false);
    if (offset) text.remove_prefix(kWithColon);
  } else {
    offset = TakeOffset(text, item.part == Part::kOffset && item.count == kWithColon);
  }
  if (offset) reading.civil.offset_minutes = *offset;
  return offset.has_value();
}

absl::Status CheckTimestampFormat(std::string_view pattern) {
  return pattern.empty() ? absl::OkStatus() : TimeFormat::Compile(pattern).status();
}

}  // namespace inlet::ingest
