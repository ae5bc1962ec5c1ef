// What a source brings becomes records of the stream's log, in order, and everything is counted.
#include "ingest/stream.h"

#include <gtest/gtest.h>

#include "ingest/record_reader.h"
#include "tests/fakes/entries.h"
#include "tests/fakes/fake_loop.h"
#include "tests/fakes/fake_source.h"
#include "tests/fakes/fake_waker.h"

namespace inlet::ingest {
namespace {

class StreamTest : public ::testing::Test {
 protected:
  StreamTest() {
    StreamSpec spec;
    spec.name = "demo";
    spec.role = ServerRole{"/demo"};
    Stream::Options options;
    options.spec = std::make_shared<const StreamSpec>(std::move(spec));
    options.loop = &loop_;
    options.publisher = &publisher_;
    options.log = log_ = std::make_shared<RecordLog>(RecordLog::Options{"epoch", {}, &waker_, nullptr, Second(0)});
    stream_ = std::make_unique<Stream>(std::move(options), sources_);
  }

  Verdict Send(std::string_view text, uint64_t connection = 7) {
    return sources_.sink("demo").OnMessage({text, connection, loop_.TurnTime()});
  }

  std::vector<std::string> Records() {
    std::vector<std::string> texts;
    Cursor cursor;
    const ReadResult result = log_->ReadOrArm(cursor, {1U << 20, 0, log_->state().version}, nullptr);
    if (result.outcome != ReadResult::Outcome::kRecords) return texts;
    for (std::string_view entries = result.batch.entries(); !entries.empty();) {
      const std::string_view entry = entries.substr(0, EntrySize(entries));
      texts.emplace_back(ReadEntry(entry).payload);
      EXPECT_EQ(ReadEntry(entry).connection, 7U);
      EXPECT_EQ(ReadEntry(entry).receive_time, loop_.TurnTime());
      entries.remove_prefix(entry.size());
    }
    return texts;
  }

  using Texts = std::vector<std::string>;

  FakeLoop loop_;
  FakeWaker waker_;
  FakeSourceFactory sources_;
  Publisher publisher_;
  std::shared_ptr<RecordLog> log_;
  std::unique_ptr<Stream> stream_;
};

TEST_F(StreamTest, AStartedStreamListensAndTellsItsEndpoint) {
  ASSERT_TRUE(stream_->Start().ok());
  const StreamSnapshot snapshot = stream_->Snapshot();
  EXPECT_EQ(snapshot.state.state, SourceState::kListening);
  EXPECT_EQ(snapshot.notes.endpoint, "ws://fake/demo");
  EXPECT_EQ(snapshot.notes.state_since, loop_.TurnTime());
}

TEST_F(StreamTest, AStartThatFailsLeavesTheSourceStopped) {
  sources_.FailStarts(absl::FailedPreconditionError("the port is taken"));
  StreamSpec spec;
  spec.name = "other";
  Stream::Options options;
  options.spec = std::make_shared<const StreamSpec>(std::move(spec));
  options.loop = &loop_;
  options.publisher = &publisher_;
  options.log = log_;
  Stream other(std::move(options), sources_);
  EXPECT_EQ(other.Start().code(), absl::StatusCode::kFailedPrecondition);
  other.Stop(CloseReason::kStreamDeleted);
  EXPECT_EQ(sources_.journal(), (Texts{"start other"}));
}

TEST_F(StreamTest, MessagesOfATurnArriveWithItsPublication) {
  ASSERT_TRUE(stream_->Start().ok());
  EXPECT_EQ(Send(R"({"a":1})"), Verdict::kTaken);
  EXPECT_EQ(Send(R"([{"b":2},{"c":3}])"), Verdict::kTaken);
  EXPECT_EQ(Records(), Texts{});
  publisher_.Publish();
  EXPECT_EQ(Records(), (Texts{R"({"a":1})", R"({"b":2})", R"({"c":3})"}));
  const StreamSnapshot snapshot = stream_->Snapshot();
  EXPECT_EQ(snapshot.messages, 2U);
  EXPECT_EQ(snapshot.records, 3U);
  EXPECT_EQ(snapshot.bytes, 24U);
}

TEST_F(StreamTest, AFullScratchIsPublishedWithoutWaiting) {
  ASSERT_TRUE(stream_->Start().ok());
  const std::string text = R"({"a":")" + std::string(1000, 'x') + R"("})";
  for (size_t sent = 0; sent < Publisher::kPublishBytes; sent += text.size()) Send(text);
  EXPECT_FALSE(Records().empty());
}

TEST_F(StreamTest, ABadElementIsCountedAndItsNeighboursPass) {
  ASSERT_TRUE(stream_->Start().ok());
  EXPECT_EQ(Send(R"([{"a":1},5,{"b":2}])"), Verdict::kTaken);
  publisher_.Publish();
  EXPECT_EQ(Records().size(), 2U);
  EXPECT_EQ(stream_->Snapshot().rejects, 1U);
  const std::string last = stream_->Snapshot().notes.last_reject;
  EXPECT_NE(last.find("NOT_AN_OBJECT"), std::string::npos) << last;
  EXPECT_NE(last.find("element 1"), std::string::npos) << last;
  EXPECT_NE(last.find("connection 7"), std::string::npos) << last;
}

TEST_F(StreamTest, RejectsAreInALogOfTheirOwn) {
  ASSERT_TRUE(stream_->Start().ok());
  Send(R"([{"a":1},5,6])");
  Send("nope");
  publisher_.Publish();
  EXPECT_EQ(log_->bounds().next_offset, 2U);
  EXPECT_EQ(stream_->reject_log()->bounds().next_offset, 4U);
  EXPECT_EQ(stream_->Snapshot().rejects, 3U);
  stream_->reject_log()->CountSubscriber(1);
  EXPECT_EQ(stream_->Snapshot().subscribers, 1U) << "a reader of either log is a subscriber";
  stream_->reject_log()->CountSubscriber(-1);
}

TEST_F(StreamTest, TheEndOfAStreamEndsBothLogs) {
  ASSERT_TRUE(stream_->Start().ok());
  Send("nope");
  stream_->Stop(CloseReason::kStreamDeleted);
  Cursor cursor;
  const ReadResult result = stream_->reject_log()->ReadOrArm(cursor, {}, nullptr);
  EXPECT_EQ(result.outcome, ReadResult::Outcome::kClosed);
  EXPECT_EQ(result.close_reason, CloseReason::kStreamDeleted);
}

TEST_F(StreamTest, InvalidUtf8IsToldToTheSource) {
  ASSERT_TRUE(stream_->Start().ok());
  EXPECT_EQ(Send("{\"a\":\"\xff\"}"), Verdict::kInvalidUtf8);
  EXPECT_EQ(stream_->Snapshot().rejects, 1U);
}

TEST_F(StreamTest, FaultsConnectionsAndRefusalsAreCountedAndTold) {
  ASSERT_TRUE(stream_->Start().ok());
  SourceSink& sink = sources_.sink("demo");
  sink.OnConnect({.id = 7, .peer = "127.0.0.1:1"});
  sink.OnConnect({.id = 8, .peer = "127.0.0.1:2"});
  sink.OnFault({.fault = MessageFault::kBinary, .connection = 7, .size = 10});
  sink.OnFault({.fault = MessageFault::kTooLarge, .connection = 8, .size = 5'000'000});
  sink.OnDisconnect(8, 1009, "too big");
  sink.OnRefuse(426, "no upgrade", "127.0.0.1:3");
  const StreamSnapshot snapshot = stream_->Snapshot();
  EXPECT_EQ(snapshot.connections, 1U);
  EXPECT_EQ(snapshot.connects, 2U);
  EXPECT_EQ(snapshot.rejects, 2U);
  EXPECT_EQ(snapshot.rejects_by_reason[static_cast<size_t>(RejectReason::kBinaryMessage)], 1U);
  EXPECT_EQ(snapshot.rejects_by_reason[static_cast<size_t>(RejectReason::kTooLarge)], 1U);
  EXPECT_EQ(stream_->reject_log()->bounds().next_offset, 3U);
  EXPECT_EQ(snapshot.refused, 1U);
  EXPECT_EQ(snapshot.notes.last_close_code, 1009);
  EXPECT_NE(snapshot.notes.last_reject.find("TOO_LARGE"), std::string::npos);
  EXPECT_EQ(snapshot.notes.last_refusal, "426 no upgrade, from 127.0.0.1:3");
}

TEST_F(StreamTest, StopPublishesWhatIsPendingThenClosesTheLog) {
  ASSERT_TRUE(stream_->Start().ok());
  Send(R"({"a":1})");
  stream_->Stop(CloseReason::kDraining);
  stream_->Stop(CloseReason::kDraining);
  EXPECT_EQ(Records(), (Texts{R"({"a":1})"}));
  EXPECT_EQ(sources_.journal(), (Texts{"start demo", "stop demo"}));
}

TEST(Publisher, ARunBelongsToOneLog) {
  Publisher publisher;
  const auto make = [] {
    return std::make_shared<RecordLog>(RecordLog::Options{"epoch", {}, nullptr, nullptr, Second(0)});
  };
  const auto one = make();
  const auto two = make();
  publisher.Write(one, {R"({"a":1})", 1, Second(1)}, nullptr);
  publisher.Write(two, {R"({"b":1})", 1, Second(2)}, nullptr);
  EXPECT_EQ(one->bounds().next_offset, 2U) << "published when another log's turn came";
  EXPECT_EQ(two->bounds().next_offset, 1U);
  publisher.Publish();
  EXPECT_EQ(two->bounds().next_offset, 2U);
  EXPECT_EQ(two->last_record_time(), Second(2));
}

TEST(Publisher, AMessageWithoutRecordsPublishesNothing) {
  Publisher publisher;
  const auto log = std::make_shared<RecordLog>(RecordLog::Options{"epoch", {}, nullptr, nullptr, Second(0)});
  publisher.Write(log, {"garbage", 1, Second(1)}, nullptr);
  publisher.Publish();
  EXPECT_EQ(log->bounds().next_offset, 1U);
  EXPECT_EQ(log->last_record_time(), WallTime{});
}

}  // namespace
}  // namespace inlet::ingest
