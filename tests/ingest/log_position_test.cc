// Where a subscription starts, for every way to ask.
#include "ingest/log_position.h"

#include <gtest/gtest.h>

#include "ingest/error.h"
#include "tests/fakes/entries.h"

namespace inlet::ingest {
namespace {

using Cause = ReaderGap::Cause;

// Records 11 to 20 are kept, received from second 110 to second 200; 1 to 10 are evicted.
LogView Log() {
  LogView log;
  log.epoch = "now";
  log.bounds = {11, 21, 10, 1000};
  log.oldest_time = Second(110);
  log.newest_time = Second(200);
  log.log_create_time = Second(5);
  log.stream_create_time = Second(5);
  return log;
}

StartPoint Resolve(const Start& start, const LogView& log = Log()) {
  const auto point = ResolveStart(start, log, false);
  EXPECT_TRUE(point.ok()) << point.status();
  return point.ok() ? *point : StartPoint{};
}

TEST(LogPosition, NextIsTheRecordToCome) { EXPECT_EQ(Resolve(StartNext{}).offset, 21U); }

TEST(LogPosition, EarliestIsTheOldestKeptAndNoGap) {
  EXPECT_EQ(Resolve(StartEarliest{}).offset, 11U);
  EXPECT_FALSE(Resolve(StartEarliest{}).gap);
}

TEST(LogPosition, LastCountsBackAndStopsAtTheOldest) {
  EXPECT_EQ(Resolve(StartLast{1}).offset, 20U);
  EXPECT_EQ(Resolve(StartLast{10}).offset, 11U);
  EXPECT_EQ(Resolve(StartLast{4'000'000'000}).offset, 11U);
}

TEST(LogPosition, AfterGoesOnWithTheNextRecord) {
  EXPECT_EQ(Resolve(StartAfter{"now", 15}).offset, 16U);
  EXPECT_EQ(Resolve(StartAfter{"now", 10}).offset, 11U);
  EXPECT_EQ(Resolve(StartAfter{"now", 20}).offset, 21U);
  EXPECT_FALSE(Resolve(StartAfter{"now", 20}).gap);
}

TEST(LogPosition, AfterAnEvictedRecordTellsTheGap) {
  const StartPoint point = Resolve(StartAfter{"now", 3});
  EXPECT_EQ(point.offset, 11U);
  ASSERT_TRUE(point.gap);
  EXPECT_EQ(point.gap->cause, Cause::kEvicted);
  EXPECT_EQ(point.gap->first_offset, 4U);
  EXPECT_EQ(point.gap->last_offset, 10U);
}

TEST(LogPosition, AfterAnEvictedRecordFailsWhereAsked) {
  const auto point = ResolveStart(StartAfter{"now", 3}, Log(), true);
  EXPECT_EQ(point.status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(GetErrorDetail(point.status()).reason, "OFFSET_EVICTED");
  EXPECT_EQ(GetErrorDetail(point.status()).metadata[0].second, "11");
  EXPECT_TRUE(ResolveStart(StartAfter{"now", 10}, Log(), true).ok());
}

TEST(LogPosition, AheadIsAnErrorEitherWay) {
  for (const bool fail : {false, true}) {
    for (const uint64_t offset : {uint64_t{21}, UINT64_MAX}) {
      const auto point = ResolveStart(StartAfter{"now", offset}, Log(), fail);
      EXPECT_EQ(point.status().code(), absl::StatusCode::kOutOfRange);
      EXPECT_EQ(GetErrorDetail(point.status()).reason, "OFFSET_AHEAD");
    }
  }
}

TEST(LogPosition, AForeignEpochIsAGapThenEverythingKeptAlsoWithFail) {
  for (const bool fail : {false, true}) {
    const auto point = ResolveStart(StartAfter{"before", 3}, Log(), fail);
    ASSERT_TRUE(point.ok());
    EXPECT_EQ(point->offset, 11U);
    EXPECT_EQ(point->gap->cause, Cause::kNewEpoch);
  }
}

TEST(LogPosition, AnOffsetWithoutItsEpochIsRefused) {
  const auto point = ResolveStart(StartAfter{"", 3}, Log(), false);
  EXPECT_EQ(point.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetail(point.status()).field, "after.epoch");
}

StartPoint Since(int64_t second, uint64_t since_offset, LogView log = Log()) {
  log.since_offset = since_offset;
  return Resolve(StartSince{Second(second)}, log);
}

TEST(LogPosition, SinceATimeThatIsKeptHasNoGap) {
  EXPECT_EQ(Since(150, 15).offset, 15U);
  EXPECT_FALSE(Since(150, 15).gap);
  EXPECT_FALSE(Since(110, 11).gap);
  EXPECT_FALSE(Since(300, 21).gap) << "nothing has come since";
}

TEST(LogPosition, SinceATimeThatMayBeEvictedTellsTheGap) {
  const StartPoint point = Since(109, 11);
  EXPECT_EQ(point.offset, 11U);
  ASSERT_TRUE(point.gap);
  EXPECT_EQ(point.gap->cause, Cause::kEvicted);
  EXPECT_EQ(point.gap->last_offset, 10U);
  EXPECT_EQ(point.gap->start_time, Second(109));
  EXPECT_EQ(point.gap->end_time, Second(110));
}

TEST(LogPosition, SinceATimeThatMayBeEvictedFailsWhereAsked) {
  LogView log = Log();
  log.since_offset = 11;
  EXPECT_FALSE(ResolveStart(StartSince{Second(109)}, log, true).ok());
  EXPECT_TRUE(ResolveStart(StartSince{Second(111)}, log, true).ok());
}

TEST(LogPosition, SinceATimeBeforeTheStreamHasNoGapIfNothingWasLost) {
  LogView log = Log();
  log.bounds = {1, 21, 0, 1000};
  EXPECT_FALSE(Since(1, 1, log).gap);
}

TEST(LogPosition, SinceATimeOfAnEarlierLogOfTheStreamIsANewEpoch) {
  LogView log = Log();
  log.bounds = {1, 21, 0, 1000};
  log.stream_create_time = Second(2);
  const StartPoint point = Since(3, 1, log);
  ASSERT_TRUE(point.gap);
  EXPECT_EQ(point.gap->cause, Cause::kNewEpoch);
  EXPECT_EQ(point.gap->end_time, Second(5));
  EXPECT_FALSE(Since(5, 1, log).gap);
}

TEST(LogPosition, SinceNowOnALogThatAgeHasEmptiedHasNoGap) {
  LogView log = Log();
  log.bounds = {21, 21, 20, 0};
  log.oldest_time = log.log_create_time;
  EXPECT_FALSE(Since(201, 21, log).gap);
  EXPECT_TRUE(Since(199, 21, log).gap);
}

}  // namespace
}  // namespace inlet::ingest
