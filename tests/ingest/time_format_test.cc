// Patterns of times: what they read, and which are refused.
#include "ingest/time_format.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace inlet::ingest {
namespace {

constexpr int64_t kNoon = 1'795'953'600;  // Sunday, 2026-11-29T12:00:00Z

std::optional<Instant> Read(std::string_view pattern, std::string_view text) {
  const absl::StatusOr<TimeFormat> format = TimeFormat::Compile(pattern);
  EXPECT_TRUE(format.ok()) << pattern << ": " << format.status();
  return format.ok() ? format->Parse(text) : std::nullopt;
}

struct Case {
  std::string pattern;
  std::string text;
};

TEST(TimeFormat, EveryLetterIsRead) {
  const std::vector<Case> cases = {
      {"yyyy-MM-dd HH:mm:ss", "2026-11-29 12:00:00"},
      {"YYYY-MM-dd HH:mm:ss", "2026-11-29 12:00:00"},
      {"yyyyMMddHHmmss", "20261129120000"},
      {"yy/M/d H:m:s", "26/11/29 12:0:0"},
      {"YY/M/d HH", "26/11/29 12"},
      {"yyyy-MM-dd'T'HH:mm:ssX", "2026-11-29T12:00:00Z"},
      {"yyyy-MM-dd'T'HH:mm:ssX", "2026-11-29T13:00:00+01"},
      {"yyyy-MM-dd'T'HH:mm:ssXX", "2026-11-29T13:30:00+0130"},
      {"yyyy-MM-dd'T'HH:mm:ssXXX", "2026-11-29T10:30:00-01:30"},
      {"yyyy-MM-dd'T'HH:mm:ssXXX", "2026-11-29T12:00:00Z"},
      {"yyyy-MM-dd HH:mm:ss Z", "2026-11-29 13:00:00 +0100"},
      {"EEE, dd MMM yyyy HH:mm:ss Z", "Sun, 29 nov 2026 12:00:00 -0000"},
      {"EEEE d MMMM yyyy h:mm a", "sunday 29 NOVEMBER 2026 12:00 PM"},
      {"dd.MM.yyyy hh 'o''clock' a", "29.11.2026 12 o'clock pm"},
      {"dd''MM''yyyy HH", "29'11'2026 12"},
      {"yyyy\u5e74MM\u6708dd\u65e5 HH", "2026\u5e7411\u670829\u65e5 12"},
  };
  for (const Case& row : cases) {
    EXPECT_EQ(Read(row.pattern, row.text), (Instant{kNoon, 0})) << row.pattern << " of " << row.text;
  }
}

TEST(TimeFormat, FractionsHaveAsManyDigitsAsLetters) {
  EXPECT_EQ(Read("yyyy-MM-dd HH:mm:ss.S", "2026-11-29 12:00:00.5"), (Instant{kNoon, 500'000'000}));
  EXPECT_EQ(Read("yyyy-MM-dd HH:mm:ss.SSS", "2026-11-29 12:00:00.005"), (Instant{kNoon, 5'000'000}));
  EXPECT_EQ(Read("yyyy-MM-dd HH:mm:ss,SSSSSSSSS", "2026-11-29 12:00:00,000000001"), (Instant{kNoon, 1}));
  EXPECT_EQ(Read("yyyy-MM-dd HH:mm:ss.SSS", "2026-11-29 12:00:00.05"), std::nullopt);
  EXPECT_EQ(Read("yyyy-MM-dd HH:mm:ss.SSS", "2026-11-29 12:00:00.0051"), std::nullopt);
  EXPECT_EQ(Read("yyyyMMddHHmmssSSS", "20261129120000123"), (Instant{kNoon, 123'000'000}));
}

TEST(TimeFormat, WithoutATimeOfDayItIsMidnightInUtc) {
  EXPECT_EQ(Read("yyyy-MM-dd", "2026-11-29"), (Instant{kNoon - 12 * 3600, 0}));
}

TEST(TimeFormat, TwelveIsTheFirstHourOfHalfADay) {
  EXPECT_EQ(Read("yyyy-MM-dd hh a", "2026-11-29 12 AM"), (Instant{kNoon - 12 * 3600, 0}));
  EXPECT_EQ(Read("yyyy-MM-dd hh a", "2026-11-29 01 PM"), (Instant{kNoon + 3600, 0}));
  EXPECT_EQ(Read("yyyy-MM-dd hh a", "2026-11-29 13 PM"), std::nullopt);
  EXPECT_EQ(Read("yyyy-MM-dd hh a", "2026-11-29 00 AM"), std::nullopt);
}

TEST(TimeFormat, OtherTextsAreNotRead) {
  const std::vector<Case> cases = {{"yyyy-MM-dd", ""},
                                   {"yyyy-MM-dd", "2026-11-2"},
                                   {"yyyy-MM-dd", "2026-11-29 "},
                                   {"yyyy-MM-dd", " 2026-11-29"},
                                   {"yyyy-MM-dd", "2026-11-31"},
                                   {"yyyy-MM-dd", "2026-13-01"},
                                   {"yyyy-MM-dd", "0000-01-01"},
                                   {"yyyy-MM-dd", "2026/11/29"},
                                   {"yyyy-MM-dd", "+026-11-29"},
                                   {"yyyy-MM-dd HH", "2026-11-29 24"},
                                   {"yyyy-MM-dd HH:mm", "2026-11-29 12:60"},
                                   {"yyyy-MM-dd HH:mm:ss", "2026-11-29 12:00:61"},
                                   {"yyyy-MMM-dd", "2026-Nev-29"},
                                   {"yyyy-MMMM-dd", "2026-Nov-29"},
                                   {"EEE yyyy-MM-dd", "Xyz 2026-11-29"},
                                   {"yyyy-MM-dd X", "2026-11-29 +1"},
                                   {"yyyy-MM-dd XXX", "2026-11-29 +0100"},
                                   {"yyyy-MM-dd Z", "2026-11-29 Z"},
                                   {"yyyy-MM-dd hh a", "2026-11-29 11 xm"}};
  for (const Case& row : cases)
    EXPECT_EQ(Read(row.pattern, row.text), std::nullopt) << row.pattern << " of " << row.text;
}

TEST(TimeFormat, PatternsThatMeanNothingAreRefusedWithTheReason) {
  const std::vector<Case> cases = {
      {"yyyy-MM-dd q", "'q' is no letter of a format"},
      {"yyyy-MM-dd HH:mm:ss z", "'z' is no letter of a format"},
      {"yyyy-MM-DD", "'DD' is no letter of a format"},
      {"yyy-MM-dd", "'yyy' is not a number of letters"},
      {"yyyy-MMMMM-dd", "'MMMMM' is not a number of letters"},
      {"yyyy-MM-dd HHH", "'HHH' is not a number of letters"},
      {"yyyy-MM-dd SSSSSSSSSS", "'SSSSSSSSSS' is not a number of letters"},
      {"yyyy-MM-dd dd", "'dd' says once more"},
      {"yyyy-MM-dd 'at", "is not closed"},
      {"yyyy-MM-dd hh", "h and a belong together"},
      {"yyyy-MM-dd HH a", "h and a belong together"},
      {"yyyy-MM-dd HH hh a", "both H and h"},
      {"HH:mm:ss", "lacks a year"},
      {"yyyy-MM", "lacks a year (yyyy), a month (MM) or a day (dd)"},
      {"'yyyy-MM-dd'", "lacks a year"},
  };
  for (const Case& row : cases) {
    const absl::Status status = CheckTimestampFormat(row.pattern);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << row.pattern;
    EXPECT_NE(std::string(status.message()).find(row.text), std::string::npos)
        << row.pattern << ": " << status.message();
  }
}

TEST(TimeFormat, NoPatternIsOk) {
  EXPECT_TRUE(CheckTimestampFormat("").ok());
  EXPECT_TRUE(CheckTimestampFormat("yyyy-MM-dd HH:mm:ss.SSS").ok());
}

}  // namespace
}  // namespace inlet::ingest
