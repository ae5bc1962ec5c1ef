// What a subscription sends, step by step, without gRPC and without threads.
#include "service/rpc/subscription.h"

#include <gtest/gtest.h>

#include <utility>

#include "ingest/error.h"
#include "tests/fakes/entries.h"
#include "tests/fakes/fake_waker.h"

namespace inlet::rpc {
namespace {

using ingest::Entry;
using ingest::Second;
using Kind = Step::Kind;

class SubscriptionTest : public ::testing::Test {
 protected:
  SubscriptionTest() { MakeLog({}); }

  void MakeLog(ingest::RetentionLimits retention) {
    log_ = std::make_shared<ingest::RecordLog>(
        ingest::RecordLog::Options{"epoch", retention, &waker_, nullptr, Second(0)});
    log_->SetState(ingest::SourceState::kListening, "open");
  }

  void Append(int count) {
    for (int i = 0; i < count; ++i) log_->Append(Entry(R"({"a":1})"), Second(1));
  }

  void Begin(SubscribeOptions options) {
    auto begun = Subscription::Begin(std::move(options), {"demo", log_, Second(0)}, views_);
    ASSERT_TRUE(begun.ok()) << begun.status();
    subscription_ = *std::move(begun);
  }

  Step Next() { return subscription_->Next(reader_); }

  // The next notice, which must come.
  v1::Notice NextNotice() {
    const Step step = Next();
    EXPECT_EQ(step.kind, Kind::kNotice);
    return step.notice.value_or(v1::Notice());
  }

  // The offsets of the next response, rendering it if that is asked for.
  std::vector<uint64_t> NextRecords() {
    Step step = Next();
    if (step.kind == Kind::kRender) {
      views_.Render(step.source);
      step = Next();
    }
    EXPECT_EQ(step.kind, Kind::kRecords);
    v1::SubscribeResponse response;
    EXPECT_TRUE(response.ParseFromArray(step.bytes.data(), static_cast<int>(step.bytes.size())));
    std::vector<uint64_t> offsets;
    for (const v1::Record& record : response.records()) offsets.push_back(record.offset());
    return offsets;
  }

  static SubscribeOptions Json(ingest::Start start = ingest::StartEarliest{}) {
    SubscribeOptions options;
    options.start = std::move(start);
    options.data_view = false;
    return options;
  }

  using Offsets = std::vector<uint64_t>;

  ingest::FakeWaker waker_;
  ingest::ViewCache views_;
  std::shared_ptr<ingest::RecordLog> log_;
  std::shared_ptr<ingest::LogReader> reader_ = std::make_shared<ingest::LogReader>();
  std::unique_ptr<Subscription> subscription_;
};

TEST_F(SubscriptionTest, StartedComesFirstAndTellsWhereItIs) {
  Append(3);
  Begin(Json(ingest::StartLast{2}));
  const v1::Started started = NextNotice().started();
  EXPECT_EQ(started.epoch(), "epoch");
  EXPECT_EQ(started.first_offset(), 1);
  EXPECT_EQ(started.next_offset(), 4);
  EXPECT_EQ(started.start_offset(), 2);
  EXPECT_EQ(started.state(), v1::StreamStatus::LISTENING);
  EXPECT_EQ(started.reason(), "open");
}

TEST_F(SubscriptionTest, HistoryThenCaughtUpThenLive) {
  Append(3);
  Begin(Json());
  NextNotice();
  EXPECT_EQ(NextRecords(), (Offsets{1, 2, 3}));
  EXPECT_EQ(NextNotice().caught_up().next_offset(), 4);
  EXPECT_EQ(Next().kind, Kind::kWait);
  Append(1);
  EXPECT_EQ(waker_.woken.size(), 1U);
  EXPECT_EQ(NextRecords(), (Offsets{4}));
  EXPECT_EQ(Next().kind, Kind::kWait) << "caught_up comes once";
}

TEST_F(SubscriptionTest, AStartAtTheNextRecordIsCaughtUpAtOnce) {
  Append(3);
  Begin(Json(ingest::StartNext{}));
  NextNotice();
  EXPECT_EQ(NextNotice().caught_up().next_offset(), 4);
}

TEST_F(SubscriptionTest, TheDataViewIsRenderedOnce) {
  Append(3);
  SubscribeOptions options = Json();
  options.data_view = true;
  Begin(options);
  NextNotice();
  EXPECT_EQ(Next().kind, Kind::kRender);
  EXPECT_EQ(NextRecords(), (Offsets{1, 2, 3}));
  Begin(options);
  NextNotice();
  EXPECT_EQ(Next().kind, Kind::kRecords) << "the second reader shares it";
}

TEST_F(SubscriptionTest, WhatWasRenderedIsSentThoughItIsEvictedMeanwhile) {
  MakeLog({64U << 10, 0, {}});
  Append(100);
  SubscribeOptions options = Json();
  options.data_view = true;
  options.max_batch_bytes = 4096;
  Begin(options);
  NextNotice();
  const Step render = Next();
  ASSERT_EQ(render.kind, Kind::kRender);
  Append(10'000);
  ASSERT_GT(log_->bounds().first_offset, render.source.next_offset);
  views_.Render(render.source);
  uint64_t expected = 1;
  while (expected < render.source.next_offset) {
    for (const uint64_t offset : NextRecords()) ASSERT_EQ(offset, expected++);
  }
  EXPECT_EQ(expected, render.source.next_offset);
}

TEST_F(SubscriptionTest, MaxRecordsEndsWithOk) {
  Append(10);
  for (const bool data_view : {false, true}) {
    SubscribeOptions options = Json();
    options.max_records = 4;
    options.data_view = data_view;
    Begin(options);
    NextNotice();
    EXPECT_EQ(NextRecords(), (Offsets{1, 2, 3, 4}));
    const Step end = Next();
    EXPECT_EQ(end.kind, Kind::kEnd);
    EXPECT_TRUE(end.status.ok());
    EXPECT_FALSE(end.notice);
  }
}

TEST_F(SubscriptionTest, StopWhenCaughtUpEndsWithWhatWasThereAtTheStart) {
  Append(3);
  SubscribeOptions options = Json();
  options.stop_when_caught_up = true;
  Begin(options);
  Append(3);
  NextNotice();
  EXPECT_EQ(NextRecords(), (Offsets{1, 2, 3}));
  EXPECT_EQ(NextNotice().caught_up().next_offset(), 4);
  EXPECT_EQ(Next().kind, Kind::kEnd);
}

TEST_F(SubscriptionTest, AnEmptyLogIsCaughtUpAndEnds) {
  SubscribeOptions options = Json();
  options.stop_when_caught_up = true;
  Begin(options);
  NextNotice();
  EXPECT_TRUE(NextNotice().has_caught_up());
  EXPECT_TRUE(Next().status.ok());
}

TEST_F(SubscriptionTest, AReaderThatFellBehindIsToldAndGoesOn) {
  MakeLog({0, 5, {}});
  Append(3);
  Begin(Json());
  NextNotice();
  EXPECT_EQ(NextRecords(), (Offsets{1, 2, 3}));
  Append(20);
  EXPECT_TRUE(NextNotice().has_caught_up());
  const v1::Gap gap = NextNotice().gap();
  EXPECT_EQ(gap.cause(), v1::Gap::EVICTED);
  EXPECT_EQ(gap.first_offset(), 4);
  EXPECT_EQ(gap.last_offset(), 18);
  EXPECT_EQ(NextRecords(), (Offsets{19, 20, 21, 22, 23}));
}

TEST_F(SubscriptionTest, AReaderThatFellBehindFailsWhereAsked) {
  MakeLog({0, 5, {}});
  SubscribeOptions options = Json(ingest::StartNext{});
  options.fail_when_behind = true;
  Begin(options);
  NextNotice();
  NextNotice();
  Append(20);
  const Step end = Next();
  EXPECT_EQ(end.status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(GetErrorDetail(end.status).metadata[0].second, "16");
}

TEST_F(SubscriptionTest, AnEvictedStartIsAGapBeforeTheRecords) {
  MakeLog({0, 5, {}});
  Append(20);
  Begin(Json(ingest::StartAfter{"epoch", 3}));
  EXPECT_EQ(NextNotice().started().start_offset(), 16);
  EXPECT_EQ(NextNotice().gap().last_offset(), 15);
  EXPECT_EQ(NextRecords().front(), 16U);
}

TEST_F(SubscriptionTest, HeartbeatsTellWhereToResume) {
  Append(2);
  Begin(Json(ingest::StartNext{}));
  NextNotice();
  NextNotice();
  subscription_->RequestHeartbeat();
  EXPECT_FALSE(NextNotice().heartbeat().has_resume_after()) << "nothing was sent yet";
  Append(1);
  NextRecords();
  subscription_->RequestHeartbeat();
  const v1::Heartbeat heartbeat = NextNotice().heartbeat();
  EXPECT_EQ(heartbeat.resume_after().epoch(), "epoch");
  EXPECT_EQ(heartbeat.resume_after().offset(), 3);
  EXPECT_EQ(Next().kind, Kind::kWait);
}

TEST_F(SubscriptionTest, RecordsGoBeforeAHeartbeat) {
  Begin(Json(ingest::StartNext{}));
  NextNotice();
  NextNotice();
  subscription_->RequestHeartbeat();
  Append(1);
  EXPECT_EQ(NextRecords(), (Offsets{1}));
  EXPECT_TRUE(NextNotice().has_heartbeat());
}

TEST_F(SubscriptionTest, AChangeOfStateIsAHeartbeatAtOnce) {
  Begin(Json(ingest::StartNext{}));
  NextNotice();
  NextNotice();
  EXPECT_EQ(Next().kind, Kind::kWait);
  log_->SetState(ingest::SourceState::kListening, "accepting is paused");
  EXPECT_EQ(waker_.woken.size(), 1U);
  EXPECT_EQ(NextNotice().heartbeat().reason(), "accepting is paused");
  EXPECT_EQ(Next().kind, Kind::kWait);
}

TEST_F(SubscriptionTest, DeletionEndsAtOnceWithoutRetry) {
  Append(5);
  Begin(Json());
  NextNotice();
  log_->Close(ingest::CloseReason::kStreamDeleted);
  const Step end = Next();
  ASSERT_EQ(end.kind, Kind::kEnd);
  EXPECT_EQ(end.notice->ending().reason(), v1::STREAM_DELETED);
  EXPECT_FALSE(end.notice->ending().retry());
  EXPECT_EQ(end.status.code(), absl::StatusCode::kNotFound);
}

TEST_F(SubscriptionTest, DrainingSendsWhatIsLeftThenEndsWithRetry) {
  Append(5);
  Begin(Json());
  NextNotice();
  log_->Close(ingest::CloseReason::kDraining);
  EXPECT_EQ(NextRecords().size(), 5U);
  EXPECT_TRUE(NextNotice().has_caught_up());
  const Step end = Next();
  EXPECT_EQ(end.notice->ending().reason(), v1::DRAINING);
  EXPECT_TRUE(end.notice->ending().retry());
  EXPECT_EQ(end.notice->ending().retry_delay().seconds(), 1);
  EXPECT_EQ(end.status.code(), absl::StatusCode::kUnavailable);
}

TEST_F(SubscriptionTest, BatchesKeepToTheLimitOfTheReader) {
  Append(1000);
  for (const bool data_view : {false, true}) {
    SubscribeOptions options = Json();
    options.max_batch_bytes = 4096;
    options.data_view = data_view;
    Begin(options);
    NextNotice();
    uint64_t expected = 1;
    size_t largest = 0;
    while (expected <= 1000) {
      const Offsets offsets = NextRecords();
      largest = std::max(largest, offsets.size());
      ASSERT_LE(offsets.size(), 4096U / 20);
      for (const uint64_t offset : offsets) ASSERT_EQ(offset, expected++);
    }
    EXPECT_GT(largest, 80U);
  }
}

}  // namespace
}  // namespace inlet::rpc
