// Days are counted by the calendar of the standard library; texts are read digit by digit, at fixed places where they
// have them.
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

// Reads digits at fixed places.
struct FixedDigits {
  int Two(size_t at) {
    all_digits = all_digits && IsDigit(text[at]) && IsDigit(text[at + 1]);
    return 10 * (text[at] - '0') + (text[at + 1] - '0');
  }

  const char* text = nullptr;
  bool all_digits = true;
};

// Takes 2026-11-29T14:17:02.
bool TakeDateAndTime(std::string_view& text, CivilTime& civil) {
  constexpr size_t kSize = 19;
  if (text.size() < kSize || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return false;
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return false;
  FixedDigits digits{text.data()};
  civil.year = 100 * digits.Two(0) + digits.Two(2);
  civil.month = digits.Two(5);
  civil.day = digits.Two(8);
  civil.hour = digits.Two(11);
  civil.minute = digits.Two(14);
  civil.second = digits.Two(17);
  text.remove_prefix(kSize);
  return digits.all_digits;
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
  if (!TakeDateAndTime(text, civil)) return std::nullopt;
  if (TakeByte(text, '.')) {
    const std::optional<uint32_t> nanos = TakeNanos(text);
    if (!nanos) return std::nullopt;
    civil.nanos = *nanos;
  }
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
