// Points in time that messages speak of: the whole range of the contract's Timestamp, which WallTime does not hold.
#ifndef INLET_INGEST_INSTANT_H_
#define INLET_INGEST_INSTANT_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace inlet::ingest {

// Of the years 1 to 9999 (UTC).
struct Instant {
  int64_t seconds = 0;  // since 1970; rounded down
  uint32_t nanos = 0;   // added to it; below 1'000'000'000
  bool operator==(const Instant&) const = default;
};

// A time as people write it.
struct CivilTime {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;  // 60 is a leap second, which counts as the second after it
  uint32_t nanos = 0;
  int offset_minutes = 0;  // of the local time from UTC
};

// Nothing if there is no such day or time, or if it lies outside of the years 1 to 9999.
std::optional<Instant> ToInstant(const CivilTime& civil);

// Nothing outside of the years 1 to 9999.
std::optional<Instant> FromMilliseconds(int64_t milliseconds);

// "2026-11-29T14:17:02.5+01:00": `T` may be a `t` or a space, `Z` a `z`. Digits after the ninth of a fraction are not
// looked at. Nothing for any other text.
std::optional<Instant> ParseRfc3339(std::string_view text);

// Takes a number of exactly `count` digits (at most 9) from the beginning of `text`. Nothing, and `text` unchanged, if
// there are fewer.
std::optional<int> TakeDigits(std::string_view& text, size_t count);
// Takes digits, at least one, as a fraction of a second.
std::optional<uint32_t> TakeNanos(std::string_view& text);
// Takes +hh:mm, or +hhmm without `colon`, in minutes. The hour is below 24.
std::optional<int> TakeOffset(std::string_view& text, bool colon);
// Takes `byte`. False: it is not there.
bool TakeByte(std::string_view& text, char byte);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_INSTANT_H_
