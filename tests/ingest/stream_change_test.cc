// What a change, a pause and a resume do to a stream's source, its log and its state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/record_reader.h"
#include "ingest/spec_change.h"
#include "ingest/stream.h"
#include "tests/fakes/entries.h"
#include "tests/fakes/fake_loop.h"
#include "tests/fakes/fake_source.h"
#include "tests/fakes/fake_waker.h"

namespace inlet::ingest {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;

StreamSpec ServerSpec(const std::string& path = "/demo") {
  StreamSpec spec;
  spec.name = "demo";
  spec.role = ServerRole{path};
  return spec;
}

StreamSpec ClientSpec(const std::string& target = "/demo") {
  StreamSpec spec;
  spec.name = "demo";
  ClientRole role;
  role.host = "localhost";
  role.port = 1;
  role.target = target;
  spec.role = role;
  return spec;
}

class StreamChangeTest : public testing::Test {
 protected:
  void Make(StreamSpec spec, WallTime down_since = {}) {
    Stream::Options options;
    options.spec = std::make_shared<const StreamSpec>(std::move(spec));
    options.loop = &loop_;
    options.publisher = &publisher_;
    options.log = log_ = std::make_shared<RecordLog>(RecordLog::Options{"epoch", {}, &waker_, nullptr, Second(0)});
    options.down_since = down_since;
    stream_ = std::make_unique<Stream>(std::move(options), sources_);
  }
  void Start(StreamSpec spec, WallTime down_since = {}) {
    Make(std::move(spec), down_since);
    ASSERT_TRUE(stream_->Start().ok());
  }
  void Change(StreamSpec spec) { stream_->Change(std::make_shared<const StreamSpec>(std::move(spec)), "changed"); }
  void Send(std::string_view text) { sources_.sink("demo").OnMessage({text, 7, loop_.TurnTime()}); }

  // "{...}" of records, "gap" of gaps.
  std::vector<std::string> Log() {
    publisher_.Publish();
    std::vector<std::string> texts;
    Cursor cursor;
    const ReadResult result = log_->ReadOrArm(cursor, {1U << 20, 0, log_->state().version}, nullptr);
    if (result.outcome != ReadResult::Outcome::kRecords) return texts;
    for (std::string_view entries = result.batch.entries(); !entries.empty();) {
      const std::string_view entry = entries.substr(0, EntrySize(entries));
      const std::string payload(ReadEntry(entry).payload);
      texts.push_back(payload.starts_with('{') ? payload : "gap");
      if (texts.back() == "gap") last_gap_ = payload;
      entries.remove_prefix(entry.size());
    }
    return texts;
  }
  SourceState State() const { return stream_->Snapshot().state.state; }

  FakeLoop loop_;
  FakeWaker waker_;
  FakeSourceFactory sources_;
  Publisher publisher_;
  std::shared_ptr<RecordLog> log_;
  std::unique_ptr<Stream> stream_;
  std::string last_gap_;  // as bytes, which hold its detail; of Log
};

TEST(EffectOf, WhatConcernsTheLogAloneHasNone) {
  StreamSpec after = ClientSpec();
  after.retention.max_bytes = 1;
  after.record_origin = true;
  EXPECT_EQ(EffectOf(ClientSpec(), after), ChangeEffect::kNone);
}

TEST(EffectOf, AnythingElseReconnectsTheClientRole) {
  EXPECT_EQ(EffectOf(ClientSpec("/a"), ClientSpec("/b")), ChangeEffect::kReconnect);
  StreamSpec after = ClientSpec();
  after.connection.ping_interval = seconds(1);
  EXPECT_EQ(EffectOf(ClientSpec(), after), ChangeEffect::kReconnect);
  after = ClientSpec();
  std::get<ClientRole>(after.role).headers = {{"Authorization", "other"}};
  EXPECT_EQ(EffectOf(ClientSpec(), after), ChangeEffect::kReconnect);
}

TEST(EffectOf, OnlyAnotherPathReconnectsTheServerRole) {
  StreamSpec after = ServerSpec();
  std::get<ServerRole>(after.role).bearer_tokens = {"token"};
  after.max_message_bytes = 5;
  EXPECT_EQ(EffectOf(ServerSpec(), after), ChangeEffect::kHandshakes);
  EXPECT_EQ(EffectOf(ServerSpec("/a"), ServerSpec("/b")), ChangeEffect::kReconnect);
}

TEST_F(StreamChangeTest, RetentionLeavesTheSourceAlone) {
  Start(ServerSpec());
  for (int i = 0; i < 5; ++i) Send(R"({"a":1})");
  publisher_.Publish();
  StreamSpec spec = ServerSpec();
  spec.retention.max_records = 2;
  Change(spec);
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo"));
  EXPECT_EQ(log_->bounds().next_offset - log_->bounds().first_offset, 2U);
  Send(R"({"a":1})");
  publisher_.Publish();
  EXPECT_EQ(log_->bounds().next_offset - log_->bounds().first_offset, 2U);
  EXPECT_EQ(stream_->spec()->retention.max_records, 2U);
}

TEST_F(StreamChangeTest, AChangeKeepsLogAndOffsets) {
  Start(ServerSpec("/a"));
  Send(R"({"a":1})");
  Change(ServerSpec("/b"));
  Send(R"({"a":2})");
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo", "change (changed) demo"));
  EXPECT_THAT(Log(), ElementsAre(R"({"a":1})", R"({"a":2})"));
  EXPECT_EQ(stream_->Snapshot().notes.endpoint, "ws://fake/b");
}

TEST_F(StreamChangeTest, IgnoredTextsAreThoseOfTheLatestSpec) {
  Start(ServerSpec());
  StreamSpec spec = ServerSpec();
  spec.ignore = {"pong"};
  Change(spec);
  Send("pong");
  EXPECT_EQ(stream_->Snapshot().ignored, 1U);
  EXPECT_EQ(stream_->Snapshot().rejects, 0U);
}

TEST_F(StreamChangeTest, ALongerRecordTimeoutEndsAStall) {
  StreamSpec spec = ServerSpec();
  spec.record_timeout = seconds(5);
  Start(spec);
  loop_.Advance(seconds(5));
  ASSERT_EQ(State(), SourceState::kStalled);
  spec.record_timeout = seconds(60);
  Change(spec);
  EXPECT_EQ(State(), SourceState::kListening);
  loop_.Advance(seconds(59));
  EXPECT_EQ(State(), SourceState::kListening);
  loop_.Advance(seconds(1));
  EXPECT_EQ(State(), SourceState::kStalled);
}

TEST_F(StreamChangeTest, WithoutARecordTimeoutNothingStallsAnyMore) {
  StreamSpec spec = ServerSpec();
  spec.record_timeout = seconds(5);
  Start(spec);
  spec.record_timeout = seconds(0);
  Change(spec);
  EXPECT_EQ(loop_.timers(), 0U);
  loop_.Advance(seconds(6));
  EXPECT_EQ(State(), SourceState::kListening);
}

TEST_F(StreamChangeTest, APauseStopsTheSourceAndLeavesAGap) {
  Start(ServerSpec());
  Send(R"({"a":1})");
  stream_->Pause();
  EXPECT_EQ(State(), SourceState::kPaused);
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo", "stop demo"));
  EXPECT_THAT(Log(), ElementsAre(R"({"a":1})"));  // no gap before its end is known
  loop_.Advance(seconds(3));
  ASSERT_TRUE(stream_->Start().ok());
  EXPECT_EQ(State(), SourceState::kListening);
  Send(R"({"a":2})");
  EXPECT_THAT(Log(), ElementsAre(R"({"a":1})", "gap", R"({"a":2})"));
}

TEST_F(StreamChangeTest, AClientsPauseEndsInAGapWhenItIsConnectedAgain) {
  Start(ClientSpec());
  sources_.sink("demo").OnConnect({.id = 1, .peer = "peer"});
  stream_->Pause();
  ASSERT_TRUE(stream_->Start().ok());
  EXPECT_THAT(Log(), IsEmpty());
  sources_.sink("demo").OnConnect({.id = 2, .peer = "peer"});
  EXPECT_THAT(Log(), ElementsAre("gap"));
}

TEST_F(StreamChangeTest, ASecondPauseChangesNothing) {
  Start(ServerSpec());
  stream_->Pause();
  const uint64_t version = stream_->Snapshot().state.version;
  loop_.Advance(seconds(3));
  stream_->Pause();
  EXPECT_EQ(stream_->Snapshot().state.version, version);
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo", "stop demo"));
}

TEST_F(StreamChangeTest, AResumeThatFailsLeavesItPaused) {
  Start(ServerSpec());
  stream_->Pause();
  sources_.FailStarts(absl::FailedPreconditionError("the port is taken"));
  Change(ServerSpec("/other"));
  EXPECT_FALSE(stream_->Start().ok());
  EXPECT_EQ(State(), SourceState::kPaused);
  EXPECT_THAT(Log(), IsEmpty());
}

TEST_F(StreamChangeTest, WhatChangedWhilePausedHoldsAfterwards) {
  Start(ServerSpec("/a"));
  stream_->Pause();
  Change(ServerSpec("/b"));
  EXPECT_EQ(State(), SourceState::kPaused);
  EXPECT_EQ(stream_->Snapshot().notes.endpoint, "ws://fake/b");
  ASSERT_TRUE(stream_->Start().ok());
  EXPECT_EQ(stream_->Snapshot().notes.endpoint, "ws://fake/b");
}

TEST_F(StreamChangeTest, AStreamThatDoesNotRunMayChangeItsRole) {
  Make(ServerSpec());
  Change(ClientSpec());
  ASSERT_TRUE(stream_->Start().ok());
  EXPECT_EQ(State(), SourceState::kResolving);
}

TEST_F(StreamChangeTest, TheGapOfAStreamThatCouldNotStartAfterARestartNamesBothCauses) {
  sources_.FailStarts(absl::FailedPreconditionError("the port is taken"));
  Make(ServerSpec(), loop_.TurnTime() - seconds(60));
  ASSERT_FALSE(stream_->Start().ok());
  stream_->ShowFailed("the port is taken", loop_.TurnTime() + seconds(1));
  stream_->ShowFailed("the port is still taken", loop_.TurnTime() + seconds(2));
  sources_.FailStarts(absl::OkStatus());
  Change(ServerSpec());
  ASSERT_TRUE(stream_->Start().ok());
  EXPECT_THAT(Log(), ElementsAre("gap"));
  EXPECT_THAT(last_gap_, EndsWith("the service was not running, then: the port is taken"));
}

TEST_F(StreamChangeTest, AStreamThatCannotStartSaysWhyAndGoesOnLater) {
  sources_.FailStarts(absl::FailedPreconditionError("the port is taken"));
  Make(ServerSpec());
  ASSERT_FALSE(stream_->Start().ok());
  stream_->ShowFailed("the port is taken", loop_.TurnTime() + seconds(1));
  const StreamSnapshot failed = stream_->Snapshot();
  EXPECT_EQ(failed.state.state, SourceState::kFailed);
  EXPECT_EQ(failed.state.reason, "the port is taken");
  EXPECT_EQ(failed.notes.last_error, "the port is taken");
  EXPECT_EQ(failed.notes.retry_time, loop_.TurnTime() + seconds(1));
  sources_.FailStarts(absl::OkStatus());
  Change(ServerSpec("/other"));
  EXPECT_EQ(stream_->Snapshot().notes.endpoint, "ws://fake/other");
  loop_.Advance(seconds(1));
  ASSERT_TRUE(stream_->Start().ok());
  EXPECT_EQ(State(), SourceState::kListening);
  EXPECT_THAT(Log(), ElementsAre("gap"));
}

TEST_F(StreamChangeTest, TheTimeInWhichTheServiceDidNotRunIsAGap) {
  Start(ServerSpec(), loop_.TurnTime() - seconds(10));
  EXPECT_THAT(Log(), ElementsAre("gap"));
}

TEST_F(StreamChangeTest, OnlyARunningStreamReconnects) {
  Start(ClientSpec());
  stream_->Reconnect("asked for");
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo", "reconnect (asked for) demo"));
  stream_->Pause();
  stream_->Reconnect("asked for");
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo", "reconnect (asked for) demo", "stop demo"));
}

}  // namespace
}  // namespace inlet::ingest
