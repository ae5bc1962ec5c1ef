// Days are counted by the calendar of the standard library; texts are read digit by digit.
#include "ingest/instant.h"

#include <chrono>

namespace inlet::ingest {
namespace {

constexpr int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z

constexpr bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

std::optional<Instant> InRange(Instant instant) {
  if (instant.seconds < kFirstSecond || instant.seconds > kLastSecond) return std::nullopt;
  return instant;
}

bool TakeDate(std::string_view& text, CivilTime& civil) {
  const std::optional<int> year = TakeDigits(text, 4);
  if (!year || !TakeByte(text, '-')) return false;
  const std::optional<int> month = TakeDigits(text, 2);
  if (!month || !TakeByte(text, '-')) return false;
  const std::optional<int> day = TakeDigits(text, 2);
  if (!day) return false;
  civil.year = *year;
  civil.month = *month;
  civil.day = *day;
  return true;
}

bool TakeTime(std::string_view& text, CivilTime& civil) {
  const std::optional<int> hour = TakeDigits(text, 2);
  if (!hour || !TakeByte(text, ':')) return false;
  const std::optional<int> minute = TakeDigits(text, 2);
  if (!minute || !TakeByte(text, ':')) return false;
  const std::optional<int> second = TakeDigits(text, 2);
  if (!second) return false;
  civil.hour = *hour;
  civil.minute = *minute;
  civil.second = *second;
  if (!TakeByte(text, '.')) return true;
  const std::optional<uint32_t> nanos = TakeNanos(text);
  if (nanos) civil.nanos = *nanos;
  return nanos.has_value();
}

}  // namespace

std::optional<Instant> ToInstant(const CivilTime& civil) {
  using std::chrono::day;
  using std::chrono::month;
  using std::chrono::year;
  const std::chrono::year_month_day date(year(civil.year), month(static_cast<unsigned>(civil.month)),
                                         day(static_cast<unsigned>(civil.day)));
  if (!date.ok() || civil.hour < 0 || civil.hour > 23 || civil.minute < 0 || civil.minute > 59 || civil.second < 0 ||
      civil.second > 60) {
    return std::nullopt;
  }
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const int64_t minutes = (days * 24 + civil.hour) * 60 + civil.minute - civil.offset_minutes;
  return InRange({minutes * 60 + civil.second, civil.nanos});
}

std::optional<Instant> FromMilliseconds(int64_t milliseconds) {
  int64_t seconds = milliseconds / 1000;
  int64_t rest = milliseconds % 1000;
  if (rest < 0) {
    --seconds;
    rest += 1000;
  }
  return InRange({seconds, static_cast<uint32_t>(rest) * 1'000'000});
}

std::optional<Instant> ParseRfc3339(std::string_view text) {
  CivilTime civil;
  if (!TakeDate(text, civil) || !(TakeByte(text, 'T') || TakeByte(text, 't') || TakeByte(text, ' '))) {
    return std::nullopt;
  }
  if (!TakeTime(text, civil)) return std::nullopt;
  if (!TakeByte(text, 'Z') && !TakeByte(text, 'z')) {
    const std::optional<int> offset = TakeOffset(text, true);
    if (!offset) return std::nullopt;
    civil.offset_minutes = *offset;
  }
  return text.empty() ? ToInstant(civil) : std::nullopt;
}

std::optional<int> TakeDigits(std::string_view& text, size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (const char byte : text.substr(0, count)) {
    if (!IsDigit(byte)) return std::nullopt;
    value = value * 10 + (byte - '0');
  }
  text.remove_prefix(count);
  return value;
}

std::optional<uint32_t> TakeNanos(std::string_view& text) {
  uint32_t nanos = 0;
  size_t digits = 0;
  for (; digits < text.size() && IsDigit(text[digits]); ++digits) {
    if (digits < 9) nanos = nanos * 10 + static_cast<uint32_t>(text[digits] - '0');
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  for (; digits < 9; ++digits) nanos *= 10;
  return nanos;
}

std::optional<int> TakeOffset(std::string_view& text, bool colon) {
  std::string_view rest = text;
  const bool negative = TakeByte(rest, '-');
  if (!negative && !TakeByte(rest, '+')) return std::nullopt;
  const std::optional<int> hours = TakeDigits(rest, 2);
  if (!hours || *hours > 23 || (colon && !TakeByte(rest, ':'))) return std::nullopt;
  const std::optional<int> minutes = TakeDigits(rest, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  text = rest;
  const int offset = *hours * 60 + *minutes;
  return negative ? -offset : offset;
}

bool TakeByte(std::string_view& text, char byte) {
  if (text.empty() || text.front() != byte) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace inlet::ingest
