// Rejects are counted by reason, all of them, and the newest are kept with what a person needs to find the sender.
#include "ingest/reject_log.h"

#include <gtest/gtest.h>

#include <thread>

#include "inlet/v1/inlet.pb.h"
#include "tests/fakes/entries.h"
#include "tests/fakes/fake_waker.h"

namespace inlet::ingest {
namespace {

const RecordHeader kHeader{Second(1'790'000'000), 77};

TEST(RejectEntry, ASizeThatWasOnlyAnnouncedIsToldInFull) {
  PaddedBuffer out;
  AppendRejectEntry(kHeader, {.detail = {}, .index = {}, .content = "{", .size = uint64_t{1} << 40U}, out);
  v1::SubscribeResponse response;
  ASSERT_TRUE(response.ParseFromString(std::string(out.view())));
  EXPECT_EQ(response.records(0).reject().size(), uint64_t{1} << 40U);
}

class RejectLogTest : public ::testing::Test {
 protected:
  RejectLogTest()
      : records_(std::make_shared<RecordLog>(RecordLog::Options{"records", {}, &waker_, gauge_, Second(5)})),
        rejects_(records_) {}

  void Decode(std::string_view text) {
    PaddedBuffer out;
    rejects_.Add(kHeader, decoder_.Decode(text, kHeader, nullptr, out));
  }

  // All that is kept, batch by batch.
  std::vector<v1::Record> Kept() {
    const auto log = rejects_.log();
    std::vector<v1::Record> records;
    Cursor cursor{log->bounds().first_offset, 0, 0};
    for (;;) {
      const ReadResult result = log->ReadOrArm(cursor, {1U << 20, 0, log->state().version}, nullptr);
      if (result.outcome != ReadResult::Outcome::kRecords) return records;
      v1::SubscribeResponse response;
      EXPECT_TRUE(response.ParseFromString(std::string(result.batch.entries())));
      records.insert(records.end(), response.records().begin(), response.records().end());
      cursor = result.batch.Next();
    }
  }

  v1::Reject OnlyReject() {
    const std::vector<v1::Record> kept = Kept();
    EXPECT_EQ(kept.size(), 1U);
    return kept.empty() ? v1::Reject() : kept[0].reject();
  }

  uint64_t Count(RejectReason reason) const { return rejects_.counts()[static_cast<size_t>(reason)]; }

  FakeWaker waker_;
  std::shared_ptr<MemoryGauge> gauge_ = std::make_shared<MemoryGauge>(0);
  std::shared_ptr<RecordLog> records_;
  RejectLog rejects_;
  Decoder decoder_;
};

TEST_F(RejectLogTest, ARejectSaysWhyWhereAndFromWhom) {
  Decode(R"([{"a":1},"five"])");
  const std::vector<v1::Record> kept = Kept();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].offset(), 1U);
  EXPECT_EQ(kept[0].connection(), 77U);
  EXPECT_EQ(kept[0].receive_time().seconds(), 1'790'000'000);
  const v1::Reject& reject = kept[0].reject();
  EXPECT_EQ(reject.reason(), v1::Reject::NOT_AN_OBJECT);
  EXPECT_EQ(reject.detail(), "expected an object, found a string");
  EXPECT_EQ(reject.byte_offset(), 9U);
  EXPECT_EQ(reject.index(), 1U);
  EXPECT_EQ(reject.text(), "\"five\"");
  EXPECT_EQ(reject.size(), 6U);
}

TEST_F(RejectLogTest, OfOneMessageSixteenAreKeptAndAllAreCounted) {
  std::string text = "[0";
  for (int i = 1; i < 100; ++i) text += "," + std::to_string(i);
  Decode(text + "]");
  EXPECT_EQ(Count(RejectReason::kNotAnObject), 100U);
  const std::vector<v1::Record> kept = Kept();
  ASSERT_EQ(kept.size(), 16U);
  EXPECT_EQ(kept.back().offset(), 16U);
  EXPECT_EQ(kept.back().reject().index(), 15U);
}

TEST_F(RejectLogTest, ReasonsAreCountedApart) {
  Decode("nope");
  Decode("{");
  Decode("[null]");
  Decode("\xff");
  rejects_.Add(kHeader, Reject{.reason = RejectReason::kNoRoom, .detail = {}, .index = {}, .content = {}});
  EXPECT_EQ(Count(RejectReason::kInvalidJson), 2U);
  EXPECT_EQ(Count(RejectReason::kNotAnObject), 1U);
  EXPECT_EQ(Count(RejectReason::kInvalidUtf8), 1U);
  EXPECT_EQ(Count(RejectReason::kNoRoom), 1U);
  EXPECT_EQ(Count(RejectReason::kTooLarge), 0U);
  EXPECT_EQ(Kept().size(), 5U);
}

TEST_F(RejectLogTest, TextIsCutAtACharacter) {
  for (size_t shift = 0; shift < 4; ++shift) {
    std::string text(shift, 'x');
    while (text.size() < 5000) text += "\xf0\x9f\x98\x80";
    PaddedBuffer run;
    AppendRejectEntry(kHeader, Reject{.detail = {}, .index = {}, .content = text}, run);
    v1::SubscribeResponse response;
    ASSERT_TRUE(response.ParseFromString(std::string(run.view())));
    const v1::Reject& reject = response.records(0).reject();
    EXPECT_EQ(reject.size(), text.size());
    EXPECT_EQ(reject.text(), text.substr(0, 4096 - (4096 - shift) % 4));
  }
}

TEST_F(RejectLogTest, WhatIsNotUtf8IsKeptAsBytes) {
  Decode("{\"a\":\"\xff\"}");
  const v1::Reject reject = OnlyReject();
  EXPECT_EQ(reject.reason(), v1::Reject::INVALID_UTF8);
  EXPECT_EQ(reject.content_case(), v1::Reject::kBinary);
  EXPECT_EQ(reject.binary(), "{\"a\":\"\xff\"}");
  EXPECT_EQ(reject.byte_offset(), 6U);
}

TEST_F(RejectLogTest, ABinaryMessageIsBytesEvenIfItsBytesAreText) {
  rejects_.Add(kHeader, Reject{.reason = RejectReason::kBinaryMessage,
                               .detail = {},
                               .index = {},
                               .content = "{}",
                               .is_binary = true,
                               .size = 2});
  EXPECT_EQ(OnlyReject().content_case(), v1::Reject::kBinary);
  EXPECT_EQ(OnlyReject().binary(), "{}");
}

TEST_F(RejectLogTest, ThePartThatCameOfALongMessageEndsAtACharacter) {
  rejects_.Add(
      kHeader,
      Reject{
          .reason = RejectReason::kTooLarge, .detail = {}, .index = {}, .content = "{\"k\":\"\xc3", .size = 9'000'000});
  EXPECT_EQ(OnlyReject().text(), "{\"k\":\"");
  EXPECT_EQ(OnlyReject().size(), 9'000'000U);
}

TEST_F(RejectLogTest, ContentThatIsNotKnownIsAbsentAndEmptyContentIsThere) {
  rejects_.Add(kHeader, Reject{.reason = RejectReason::kTooLarge, .detail = {}, .index = {}, .content = {}, .size = 7});
  EXPECT_EQ(OnlyReject().content_case(), v1::Reject::CONTENT_NOT_SET);
  RejectLog others(records_);
  PaddedBuffer out;
  others.Add(kHeader, decoder_.Decode("", kHeader, nullptr, out));
  const auto log = others.log();
  Cursor cursor;
  v1::SubscribeResponse response;
  const ReadResult result = log->ReadOrArm(cursor, {1U << 20, 0, log->state().version}, nullptr);
  ASSERT_TRUE(response.ParseFromString(std::string(result.batch.entries())));
  EXPECT_EQ(response.records(0).reject().content_case(), v1::Reject::kText);
}

TEST_F(RejectLogTest, AStreamWithoutRejectsHoldsNoChunk) {
  EXPECT_EQ(rejects_.subscribers(), 0);
  Decode(R"({"a":1})");
  EXPECT_EQ(*gauge_, 0);
  EXPECT_EQ(rejects_.log()->bounds().next_offset, 1U);
}

TEST_F(RejectLogTest, AFloodKeepsTheNewestMebibyte) {
  const std::string text = "no json " + std::string(500, 'x');
  for (int i = 0; i < 20'000; ++i) Decode(text + std::to_string(i));
  const LogBounds bounds = rejects_.log()->bounds();
  EXPECT_EQ(bounds.next_offset, 20'001U);
  EXPECT_LE(bounds.retained_bytes, RejectLog::kKeptBytes);
  EXPECT_GT(bounds.retained_bytes, RejectLog::kKeptBytes / 2);
  EXPECT_LE(*gauge_, static_cast<int64_t>(RejectLog::kKeptBytes + RecordLog::kMaxChunkBytes));
  EXPECT_EQ(Count(RejectReason::kInvalidJson), 20'000U);
}

TEST_F(RejectLogTest, TheLogIsOneOfItsOwnWithTheStreamsAgeAndState) {
  records_->SetState(SourceState::kListening, "waiting for peers");
  const auto log = rejects_.log();
  EXPECT_NE(log->epoch(), records_->epoch());
  EXPECT_EQ(log->create_time(), Second(5));
  EXPECT_EQ(log->state().reason, "waiting for peers");
  rejects_.SetState(SourceState::kPaused, "paused");
  EXPECT_EQ(log->state().state, SourceState::kPaused);
  EXPECT_EQ(rejects_.log(), log);
}

TEST_F(RejectLogTest, AReaderThatComesAfterTheEndFindsItClosed) {
  rejects_.Close(CloseReason::kStreamDeleted);
  rejects_.Close(CloseReason::kDraining);
  Cursor cursor;
  const ReadResult result = rejects_.log()->ReadOrArm(cursor, {}, nullptr);
  EXPECT_EQ(result.outcome, ReadResult::Outcome::kClosed);
  EXPECT_EQ(result.close_reason, CloseReason::kStreamDeleted);
}

TEST_F(RejectLogTest, ReadersAndTheLoopMayMakeItAtOnce) {
  std::vector<std::shared_ptr<RecordLog>> logs(8);
  std::vector<std::thread> threads;
  threads.reserve(logs.size());
  for (auto& log : logs) threads.emplace_back([&] { log = rejects_.log(); });
  for (int i = 0; i < 100; ++i) {
    Decode("x");
    rejects_.SetState(SourceState::kListening, std::to_string(i));
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& log : logs) EXPECT_EQ(log, rejects_.log());
  EXPECT_EQ(rejects_.log()->bounds().next_offset, 101U);
}

}  // namespace
}  // namespace inlet::ingest
