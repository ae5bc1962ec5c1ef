// The forms of --from.
#include "cli/from_position.h"

#include <gtest/gtest.h>

namespace inlet::cli {
namespace {

const std::chrono::system_clock::time_point kNow(std::chrono::seconds(1'000'000));

template <typename Form>
Form Parsed(std::string_view text) {
  const absl::StatusOr<FromPosition> from = ParseFrom(text, kNow);
  EXPECT_TRUE(from.ok()) << from.status();
  if (!from.ok() || !std::holds_alternative<Form>(*from)) {
    ADD_FAILURE() << text << " is another form";
    return {};
  }
  return std::get<Form>(*from);
}

TEST(ParseFrom, KnowsTheEndsOfTheLogInAnyCase) {
  Parsed<FromEarliest>("earliest");
  Parsed<FromNext>("LATEST");
}

TEST(ParseFrom, ABareOffsetHasNoEpoch) {
  EXPECT_EQ(Parsed<FromOffset>("5").offset, 5U);
  EXPECT_EQ(Parsed<FromOffset>("5").epoch, "");
}

TEST(ParseFrom, AnOffsetMayNameItsEpoch) {
  EXPECT_EQ(Parsed<FromOffset>("kq3f:18446744073709551615").offset, UINT64_MAX);
  EXPECT_EQ(Parsed<FromOffset>("kq3f:7").epoch, "kq3f");
}

TEST(ParseFrom, MinusANumberIsSoManyRecords) { EXPECT_EQ(Parsed<FromLast>("-10").count, 10U); }

TEST(ParseFrom, MinusADurationIsATime) {
  EXPECT_EQ(Parsed<FromTime>("-1h").time.seconds(), 1'000'000 - 3600);
  EXPECT_EQ(Parsed<FromTime>("-500ms").time.nanos(), 500'000'000);
}

TEST(ParseFrom, TakesTimesOfRfc3339WithAnyOffset) {
  EXPECT_EQ(Parsed<FromTime>("1970-01-12T13:46:40Z").time.seconds(), 1'000'000);
  EXPECT_EQ(Parsed<FromTime>("1970-01-12T14:46:40.250+01:00").time.seconds(), 1'000'000);
  EXPECT_EQ(Parsed<FromTime>("1970-01-12T14:46:40.250+01:00").time.nanos(), 250'000'000);
}

TEST(ParseFrom, ADayBeginsAtMidnightInUtc) {
  EXPECT_EQ(Parsed<FromTime>("1970-01-12").time.seconds(), 11 * 86'400);
  EXPECT_FALSE(ParseFrom("1970-01-1", kNow).ok());
}

TEST(ParseFrom, SaysWhatWouldBeRight) {
  for (const char* text : {"", "yesterday", "0", "e:0", "e:", ":5", "e:5x", "-0", "-", "-1x", "-99999999999", "1.5",
                           "2026-13-01T00:00:00Z", "2026-01-01T00:00:00", "-3000000d", "18446744073709551616"}) {
    const absl::Status status = ParseFrom(text, kNow).status();
    EXPECT_FALSE(status.ok()) << text;
    EXPECT_NE(status.message().find("give earliest, latest, EPOCH:OFFSET"), std::string::npos) << status;
  }
}

}  // namespace
}  // namespace inlet::cli
