// Texts of times in a pattern that the user wrote, such as yyyy-MM-dd HH:mm:ss.SSS.
#ifndef INLET_INGEST_TIME_FORMAT_H_
#define INLET_INGEST_TIME_FORMAT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/instant.h"

namespace inlet::ingest {

// Letters of a pattern, as Java's DateTimeFormatter has them; the count of a letter is the count of digits:
//   yyyy yy   year (yy: 2000 to 2099); YYYY and YY mean the same
//   MM M      month, 01 to 12 (M: one digit or two); MMM MMMM: Jan, January, in any case
//   dd d      day of the month
//   HH H      hour, 00 to 23;  hh h: 01 to 12, which needs a
//   a         AM or PM, in any case
//   mm m      minute;  ss s: second
//   S...      fraction of a second, as many digits as letters, at most 9; what does not fill them is not read
//   X XX XXX  offset from UTC: Z, or +hh, +hhmm, +hh:mm;  Z: +hhmm;  without one the time is UTC
//   EEE EEEE  Mon, Monday, in any case; that it fits the date is not checked
//   'text'    the text; '' is one quote
// Bytes that are no letters stand for themselves. Other letters are refused.
class TimeFormat {
 public:
  // INVALID_ARGUMENT: a letter that is not in the list, a count that it does not have, a letter twice, a quote that is
  // not closed, h without a or a without h, or no year, month and day. The message tells which.
  static absl::StatusOr<TimeFormat> Compile(std::string_view pattern);

  // Nothing if `text` is not of the pattern as a whole, or if there is no such time.
  std::optional<Instant> Parse(std::string_view text) const;

 private:
  enum class Part : uint8_t {
    kText,
    kYear,
    kShortYear,
    kMonth,
    kShortMonthName,
    kMonthName,
    kDay,
    kHour,
    kHalfDayHour,
    kHalfDay,
    kMinute,
    kSecond,
    kFraction,
    kOffset,
    kNumericOffset,
    kShortDayName,
    kDayName
  };
  struct Item {
    Part part = Part::kText;
    size_t count = 0;  // of the pattern's letter
    std::string text;  // of kText
  };
  struct Reading;

  absl::Status AddLetters(char letter, size_t count);
  absl::Status CheckParts() const;
  void AddText(std::string_view text);
  bool Has(Part part) const;
  static bool Take(const Item& item, std::string_view& text, Reading& reading);
  static bool TakeZone(const Item& item, std::string_view& text, Reading& reading);

  std::vector<Item> items_;
};

// OK, or why Schema::timestamp_format cannot be read. Empty is OK.
absl::Status CheckTimestampFormat(std::string_view pattern);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_TIME_FORMAT_H_
