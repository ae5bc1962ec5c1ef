// Promises of the log: order, offsets, eviction, waiting, closing.
#include "ingest/record_log.h"

#include <gtest/gtest.h>

#include "ingest/record_reader.h"
#include "inlet/v1/inlet.pb.h"
#include "tests/fakes/entries.h"
#include "tests/fakes/fake_waker.h"

namespace inlet::ingest {
namespace {

using Outcome = ReadResult::Outcome;

class RecordLogTest : public ::testing::Test {
 protected:
  RecordLog& Make(RetentionLimits retention = {}) {
    log_ = std::make_unique<RecordLog>(RecordLog::Options{"epoch", retention, &waker_, gauge_, Second(0)});
    return *log_;
  }

  void Append(int count, int64_t second = 1, size_t text_size = 2) {
    for (int i = 0; i < count; ++i) log_->Append(Entry(std::string(text_size, ' '), Second(second)), Second(second));
  }

  ReadResult Read(Cursor& cursor, ReadLimits limits = {}) { return log_->ReadOrArm(cursor, limits, nullptr); }

  // All offsets from `cursor` on.
  std::vector<uint64_t> ReadAll(Cursor cursor) {
    std::vector<uint64_t> offsets;
    for (;;) {
      const ReadResult result = Read(cursor);
      if (result.outcome != Outcome::kRecords) return offsets;
      v1::SubscribeResponse response;
      const std::string_view entries = result.batch.entries();
      EXPECT_TRUE(response.ParseFromArray(entries.data(), static_cast<int>(entries.size())));
      for (const v1::Record& record : response.records()) offsets.push_back(record.offset());
      EXPECT_EQ(response.records(0).offset(), result.batch.first_offset);
      EXPECT_EQ(offsets.back() + 1, result.batch.next_offset);
      cursor = result.batch.Next();
    }
  }

  FakeWaker waker_;
  std::shared_ptr<MemoryGauge> gauge_ = std::make_shared<MemoryGauge>(0);
  std::unique_ptr<RecordLog> log_;
};

TEST_F(RecordLogTest, OffsetsAreDenseFromOne) {
  Make();
  Append(500, 1, 100);
  const std::vector<uint64_t> offsets = ReadAll({1, 0, 0});
  ASSERT_EQ(offsets.size(), 500U);
  for (size_t i = 0; i < offsets.size(); ++i) EXPECT_EQ(offsets[i], i + 1);
}

TEST_F(RecordLogTest, ARunOfManyEntriesIsTakenWhole) {
  RecordLog& log = Make();
  std::string run;
  for (int i = 0; i < 1000; ++i) run += Entry(std::string(static_cast<size_t>(i), 'x'));
  log.Append(run, Second(1));
  EXPECT_EQ(ReadAll({1, 0, 0}).size(), 1000U);
  EXPECT_EQ(log.bounds().retained_bytes, run.size());
}

TEST_F(RecordLogTest, AReaderMayBeginAnywhere) {
  Make();
  Append(2000, 1, 50);
  for (const uint64_t offset : {1U, 2U, 63U, 64U, 65U, 999U, 1999U, 2000U}) {
    EXPECT_EQ(ReadAll({offset, 0, 0}).size(), 2001 - offset);
  }
}

TEST_F(RecordLogTest, AnIdleLogIsSmallAndABusyOneHasLargeChunks) {
  Make();
  Append(1);
  EXPECT_EQ(*gauge_, RecordLog::kMinChunkBytes);
  Append(20'000, 1, 200);
  Cursor cursor{20'001 - 100, 0, 0};
  EXPECT_EQ(Read(cursor).batch.chunk->capacity, RecordLog::kMaxChunkBytes);
}

TEST_F(RecordLogTest, AGapThatALogBeginsWithTakesItsOwnBytesAlone) {
  RecordLog& log = Make();
  const std::string gap = GapEntry("the service was down");
  log.Append(gap, Second(2));
  EXPECT_EQ(*gauge_, static_cast<int64_t>(gap.size()));
  Append(1);
  EXPECT_EQ(*gauge_, static_cast<int64_t>(gap.size() + RecordLog::kMinChunkBytes));
  EXPECT_EQ(ReadAll({1, 0, 0}).size(), 2U);
}

TEST_F(RecordLogTest, ALargeRecordHasAChunkOfItsOwn) {
  RecordLog& log = Make();
  Append(1);
  log.Append(Entry(std::string(100'000, 'x')), Second(1));
  Append(1);
  Cursor cursor{2, 0, 0};
  const ReadResult result = Read(cursor);
  EXPECT_EQ(result.batch.next_offset, 3U);
  EXPECT_EQ(result.batch.begin, 0U);
  EXPECT_EQ(ReadAll({1, 0, 0}).size(), 3U);
}

TEST_F(RecordLogTest, BatchesKeepToTheLimits) {
  Make();
  Append(100, 1, 100);
  const auto entry_size = static_cast<uint32_t>(Entry(std::string(100, ' ')).size());
  Cursor cursor{1, 0, 0};
  EXPECT_EQ(Read(cursor, {entry_size * 3, 0, 0}).batch.next_offset, 4U);
  EXPECT_EQ(Read(cursor, {entry_size * 3 - 1, 0, 0}).batch.next_offset, 3U);
  EXPECT_EQ(Read(cursor, {entry_size * 50, 7, 0}).batch.next_offset, 8U);
  EXPECT_EQ(Read(cursor, {1, 0, 0}).batch.next_offset, 2U) << "a record that is larger than a batch comes alone";
}

TEST_F(RecordLogTest, BytesAreEvictedByTheChunk) {
  RecordLog& log = Make({256U << 10, 0, {}});
  Append(10'000, 1, 200);
  const LogBounds bounds = log.bounds();
  EXPECT_LE(bounds.retained_bytes, 256U << 10);
  EXPECT_GE(bounds.retained_bytes, (256U << 10) * 3 / 4);
  EXPECT_EQ(bounds.evicted, bounds.first_offset - 1);
  EXPECT_EQ(ReadAll({bounds.first_offset, 0, 0}).size(), 10'001 - bounds.first_offset);
  EXPECT_LE(*gauge_, (256U << 10) + RecordLog::kMaxChunkBytes);
}

TEST_F(RecordLogTest, MemoryIsBoundedWhateverTheSizesOfTheRecords) {
  constexpr int64_t kLimit = 2 << 20;
  RecordLog& log = Make({kLimit, 0, {}});
  for (int i = 0; i < 500; ++i) {
    log.Append(Entry(std::string(66'000, 'x')), Second(1));
    Append(1, 1, 100);
    EXPECT_LE(*gauge_, kLimit + RecordLog::kMaxChunkBytes);
  }
  // Little of it is lost between them.
  EXPECT_GE(log.bounds().retained_bytes, kLimit * 3 / 4);
  for (int i = 0; i < 500; ++i) {
    log.Append(Entry(std::string(64'000, 'x')), Second(1));
    EXPECT_LE(*gauge_, kLimit + RecordLog::kMaxChunkBytes);
  }
}

TEST_F(RecordLogTest, ARecordAboveMaxBytesIsKeptAlone) {
  RecordLog& log = Make({64U << 10, 0, {}});
  Append(10);
  log.Append(Entry(std::string(200'000, 'x')), Second(1));
  EXPECT_EQ(log.bounds().first_offset, 11U);
  EXPECT_EQ(log.bounds().next_offset, 12U);
}

TEST_F(RecordLogTest, CountCutsByRecord) {
  RecordLog& log = Make({0, 10, {}});
  Append(1000);
  EXPECT_EQ(log.bounds().first_offset, 991U);
  EXPECT_EQ(ReadAll({991, 0, 0}).size(), 10U);
  EXPECT_EQ(log.bounds().retained_bytes, 10 * Entry("  ").size());
}

TEST_F(RecordLogTest, AgeCutsByRecord) {
  RecordLog& log = Make({0, 0, std::chrono::seconds(10)});
  for (int second = 1; second <= 100; ++second) Append(1, second);
  log.Sweep(Second(100));
  EXPECT_EQ(log.bounds().first_offset, 90U);  // received at 90, ten seconds ago
  log.Sweep(Second(1000));
  EXPECT_EQ(log.bounds().first_offset, 101U);
  EXPECT_EQ(log.bounds().retained_bytes, 0U);
  EXPECT_EQ(*gauge_, 0);
  Append(1, 1000);
  EXPECT_EQ(ReadAll({101, 0, 0}).size(), 1U);
}

TEST_F(RecordLogTest, ReadAfterEvictionReportsTheGap) {
  Make({0, 10, {}});
  Append(100);
  Cursor cursor{5, 0, 0};
  const ReadResult gap = Read(cursor);
  EXPECT_EQ(gap.outcome, Outcome::kEvicted);
  EXPECT_EQ(gap.missing_first, 5U);
  EXPECT_EQ(gap.missing_last, 90U);
  EXPECT_EQ(Read(cursor).batch.first_offset, 91U);
}

TEST_F(RecordLogTest, ABatchOutlivesItsEviction) {
  RecordLog& log = Make({0, 1, {}});
  Append(1);
  Cursor cursor{1, 0, 0};
  const Batch batch = Read(cursor).batch;
  const std::string before(batch.entries());
  Append(5000, 1, 200);
  EXPECT_EQ(batch.entries(), before);
  EXPECT_GT(*gauge_, 0);
  log.Close(CloseReason::kStreamDeleted);
  EXPECT_EQ(*gauge_, RecordLog::kMinChunkBytes) << "only the pinned chunk is left";
}

TEST_F(RecordLogTest, ACursorPinsNothing) {
  Make({0, 1, {}});
  Append(1);
  Cursor cursor{1, 0, 0};
  cursor = Read(cursor).batch.Next();
  Append(5000, 1, 200);
  EXPECT_EQ(Read(cursor).outcome, Outcome::kEvicted);
}

TEST_F(RecordLogTest, AWaitingReaderIsWokenOnceByAnAppend) {
  Make();
  const auto reader = std::make_shared<LogReader>();
  Cursor cursor{1, 0, 0};
  EXPECT_EQ(log_->ReadOrArm(cursor, {}, reader).outcome, Outcome::kAtEnd);
  Append(3);
  EXPECT_EQ(waker_.calls, 1);
  EXPECT_EQ(waker_.woken, std::vector<std::shared_ptr<LogReader>>{reader});
}

TEST_F(RecordLogTest, AReaderWithSomethingToReadDoesNotWait) {
  Make();
  Append(1);
  Cursor cursor{1, 0, 0};
  EXPECT_EQ(log_->ReadOrArm(cursor, {}, std::make_shared<LogReader>()).outcome, Outcome::kRecords);
  Append(1);
  EXPECT_EQ(waker_.calls, 0);
}

TEST_F(RecordLogTest, ADisarmedReaderIsNotWokenAndNotHeld) {
  Make();
  auto reader = std::make_shared<LogReader>();
  const std::weak_ptr<LogReader> weak = reader;
  Cursor cursor{1, 0, 0};
  log_->ReadOrArm(cursor, {}, reader);
  log_->Disarm(*reader);
  reader.reset();
  EXPECT_TRUE(weak.expired());
  Append(1);
  EXPECT_EQ(waker_.calls, 0);
}

TEST_F(RecordLogTest, AChangeOfStateWakesAndIsToldOnce) {
  RecordLog& log = Make();
  const auto reader = std::make_shared<LogReader>();
  Cursor cursor{1, 0, 0};
  log.ReadOrArm(cursor, {}, reader);
  log.SetState(SourceState::kListening, "open");
  EXPECT_EQ(waker_.calls, 1);
  ReadLimits limits;
  EXPECT_EQ(log.ReadOrArm(cursor, limits, reader).outcome, Outcome::kState);
  limits.seen_state = log.state().version;
  EXPECT_EQ(log.ReadOrArm(cursor, limits, reader).outcome, Outcome::kAtEnd);
  log.SetState(SourceState::kListening, "open");
  EXPECT_EQ(waker_.calls, 1) << "the same state is no change";
}

TEST_F(RecordLogTest, DeletionEndsReadersAtOnceAndFreesTheRecords) {
  RecordLog& log = Make();
  const auto reader = std::make_shared<LogReader>();
  Append(5);
  Cursor at_end{6, 0, 0};
  log.ReadOrArm(at_end, {}, reader);
  log.Close(CloseReason::kStreamDeleted);
  EXPECT_EQ(waker_.calls, 1);
  Cursor cursor{1, 0, 0};
  const ReadResult result = Read(cursor);
  EXPECT_EQ(result.outcome, Outcome::kClosed);
  EXPECT_EQ(result.close_reason, CloseReason::kStreamDeleted);
  EXPECT_EQ(*gauge_, 0);
  Append(1);
  EXPECT_EQ(log.bounds().next_offset, 6U) << "nothing is taken after the close";
}

TEST_F(RecordLogTest, DrainingLetsReadersTakeWhatIsLeft) {
  RecordLog& log = Make();
  Append(5);
  log.Close(CloseReason::kDraining);
  log.Close(CloseReason::kStreamDeleted);
  EXPECT_EQ(ReadAll({1, 0, 0}).size(), 5U);
  Cursor at_end{6, 0, 0};
  EXPECT_EQ(Read(at_end).outcome, Outcome::kClosed);
  EXPECT_EQ(Read(at_end).close_reason, CloseReason::kDraining);
}

TEST_F(RecordLogTest, FindsTheFirstRecordSinceATime) {
  RecordLog& log = Make();
  for (int second = 1; second <= 1000; ++second) Append(1, second, 100);
  EXPECT_EQ(log.OffsetSince(Second(0)), 1U);
  EXPECT_EQ(log.OffsetSince(Second(500)), 500U);
  EXPECT_EQ(log.OffsetSince(Second(500) - std::chrono::nanoseconds(1)), 500U);
  EXPECT_EQ(log.OffsetSince(Second(1001)), 1001U);
}

TEST_F(RecordLogTest, AClockThatStepsBackHidesNothing) {
  RecordLog& log = Make();
  for (const int second : {100, 200, 50, 60, 300}) Append(1, second);
  EXPECT_EQ(log.OffsetSince(Second(55)), 1U);
  EXPECT_EQ(log.OffsetSince(Second(150)), 2U);
  EXPECT_EQ(log.OffsetSince(Second(250)), 5U);
}

TEST_F(RecordLogTest, KnowsItsOldestRecord) {
  RecordLog& log = Make({0, 3, {}});
  EXPECT_EQ(log.OldestTime(Second(7)), Second(7));
  for (int second = 1; second <= 10; ++second) Append(1, second);
  EXPECT_EQ(log.OldestTime(Second(7)), Second(8));
}

TEST(NewEpoch, IsDifferentEachTime) {
  EXPECT_NE(NewEpoch(), NewEpoch());
  EXPECT_EQ(NewEpoch().size(), 12U);
}

}  // namespace
}  // namespace inlet::ingest
