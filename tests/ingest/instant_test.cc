// Times as messages write them.
#include "ingest/instant.h"

#include <gtest/gtest.h>

namespace inlet::ingest {
namespace {

constexpr int64_t kNoon = 1'795'953'600;  // 2026-11-29T12:00:00Z

TEST(Instant, Rfc3339IsRead) {
  EXPECT_EQ(ParseRfc3339("1970-01-01T00:00:00Z"), (Instant{0, 0}));
  EXPECT_EQ(ParseRfc3339("2026-11-29T12:00:00Z"), (Instant{kNoon, 0}));
  EXPECT_EQ(ParseRfc3339("2026-11-29T13:30:00+01:30"), (Instant{kNoon, 0}));
  EXPECT_EQ(ParseRfc3339("2026-11-28T23:00:00-13:00"), (Instant{kNoon, 0}));
  EXPECT_EQ(ParseRfc3339("2026-11-29t12:00:00z"), (Instant{kNoon, 0}));
  EXPECT_EQ(ParseRfc3339("2026-11-29 12:00:00-00:00"), (Instant{kNoon, 0}));
  EXPECT_EQ(ParseRfc3339("2024-02-29T00:00:00Z"), (Instant{1'709'164'800, 0}));
}

TEST(Instant, AFractionHasAnyNumberOfDigits) {
  EXPECT_EQ(ParseRfc3339("1970-01-01T00:00:00.5Z"), (Instant{0, 500'000'000}));
  EXPECT_EQ(ParseRfc3339("1970-01-01T00:00:00.000000001Z"), (Instant{0, 1}));
  EXPECT_EQ(ParseRfc3339("1970-01-01T00:00:00.1234567899Z"), (Instant{0, 123'456'789}));
  EXPECT_EQ(ParseRfc3339("1969-12-31T23:59:59.9Z"), (Instant{-1, 900'000'000}));
}

TEST(Instant, ALeapSecondIsTheSecondAfterIt) {
  EXPECT_EQ(ParseRfc3339("2016-12-31T23:59:60Z"), ParseRfc3339("2017-01-01T00:00:00Z"));
  EXPECT_EQ(ParseRfc3339("2016-12-31T23:59:61Z"), std::nullopt);
}

TEST(Instant, TheYears1To9999AreAll) {
  EXPECT_EQ(ParseRfc3339("0001-01-01T00:00:00Z"), (Instant{-62'135'596'800, 0}));
  EXPECT_EQ(ParseRfc3339("9999-12-31T23:59:59.999999999Z"), (Instant{253'402'300'799, 999'999'999}));
  EXPECT_EQ(ParseRfc3339("0001-01-01T00:00:00+00:01"), std::nullopt);
  EXPECT_EQ(ParseRfc3339("9999-12-31T23:59:59-00:01"), std::nullopt);
  EXPECT_EQ(ParseRfc3339("0000-12-31T00:00:00Z"), std::nullopt);
}

TEST(Instant, WhatIsNotRfc3339IsNotRead) {
  for (const char* text : {"",
                           "2026-11-29",
                           "2026-11-29T12:00:00",
                           "2026-11-29T12:00Z",
                           "2026-11-29T12:00:00.Z",
                           "2026-11-29T12:00:00Zx",
                           "2026-11-29T12:00:00+0100",
                           "2026-11-29T12:00:00+01",
                           "2026-11-29T12:00:00+24:00",
                           "2026-11-29T12:00:00+01:60",
                           "2026-11-29T24:00:00Z",
                           "2026-11-29T12:60:00Z",
                           "2026-02-29T12:00:00Z",
                           "2026-13-01T12:00:00Z",
                           "2026-00-01T12:00:00Z",
                           "2026-11-00T12:00:00Z",
                           "2026-1-29T12:00:00Z",
                           " 2026-11-29T12:00:00Z",
                           "+026-11-29T12:00:00Z",
                           "2026/11/29T12:00:00Z"}) {
    EXPECT_EQ(ParseRfc3339(text), std::nullopt) << text;
  }
}

TEST(Instant, MillisecondsCountBothWays) {
  EXPECT_EQ(FromMilliseconds(1'500), (Instant{1, 500'000'000}));
  EXPECT_EQ(FromMilliseconds(-1), (Instant{-1, 999'000'000}));
  EXPECT_EQ(FromMilliseconds(-1'000), (Instant{-1, 0}));
  EXPECT_EQ(FromMilliseconds(253'402'300'799'999), (Instant{253'402'300'799, 999'000'000}));
  EXPECT_EQ(FromMilliseconds(253'402'300'800'000), std::nullopt);
  EXPECT_EQ(FromMilliseconds(-62'135'596'800'001), std::nullopt);
  EXPECT_EQ(FromMilliseconds(INT64_MIN), std::nullopt);
}

}  // namespace
}  // namespace inlet::ingest
