// The state that a stream shows is true at each moment, and what it has learnt is kept.
#include <gtest/gtest.h>

#include "ingest/stream.h"
#include "tests/fakes/entries.h"
#include "tests/fakes/fake_loop.h"
#include "tests/fakes/fake_source.h"

namespace inlet::ingest {
namespace {

using namespace std::chrono_literals;

class Observer : public StreamObserver {
 public:
  void OnStreamChanged(const std::string& name) override {
    EXPECT_EQ(name, "demo");
    states.push_back(stream->Snapshot().state.state);
  }
  const Stream* stream = nullptr;
  std::vector<SourceState> states;
};

class StreamStateTest : public ::testing::Test {
 protected:
  StreamStateTest() {
    spec_.name = "demo";
    spec_.role = ClientRole{};
  }

  void Start() {
    Stream::Options options;
    options.spec = std::make_shared<const StreamSpec>(spec_);
    options.loop = &loop_;
    options.publisher = &publisher_;
    options.log = log_ = std::make_shared<RecordLog>(RecordLog::Options{"epoch", {}, nullptr, nullptr, Second(0)});
    options.observer = &observer_;
    stream_ = std::make_unique<Stream>(std::move(options), sources_);
    observer_.stream = stream_.get();
    ASSERT_TRUE(stream_->Start().ok());
    observer_.states.clear();
  }

  SourceSink& sink() { return sources_.sink("demo"); }
  void Connect() {
    sink().OnConnect({.id = 1, .peer = "10.0.0.1:80"});
    sink().OnState({.state = SourceState::kConnected, .reason = "connected"});
  }
  void Lose() {
    sink().OnDisconnect(1, 1011, "overload");
    sink().OnState({.state = SourceState::kBackoff,
                    .reason = "closed with 1011",
                    .retry_time = loop_.TurnTime() + 2s,
                    .attempt = 0,
                    .last_error = "closed with 1011"});
  }
  void Send(std::string_view text) { sink().OnMessage({text, 1, loop_.TurnTime()}); }
  SourceState State() { return stream_->Snapshot().state.state; }
  StreamNotes Notes() { return stream_->Snapshot().notes; }

  StreamSpec spec_;
  FakeLoop loop_;
  FakeSourceFactory sources_;
  Publisher publisher_;
  Observer observer_;
  std::shared_ptr<RecordLog> log_;
  std::unique_ptr<Stream> stream_;
};

TEST_F(StreamStateTest, ABackoffTellsWhenAndWhy) {
  Start();
  Connect();
  Lose();
  EXPECT_EQ(State(), SourceState::kBackoff);
  EXPECT_EQ(stream_->Snapshot().state.reason, "closed with 1011");
  EXPECT_EQ(Notes().retry_time, loop_.TurnTime() + 2s);
  EXPECT_EQ(Notes().last_error, "closed with 1011");
  EXPECT_EQ(Notes().last_error_time, loop_.TurnTime());
}

TEST_F(StreamStateTest, RecoveryKeepsTheLastErrorAndCloseAndNoRetryTime) {
  Start();
  Connect();
  Lose();
  const WallTime lost = loop_.TurnTime();
  loop_.Advance(2s);
  sink().OnState({.state = SourceState::kResolving, .reason = "looking up", .attempt = 1});
  EXPECT_EQ(Notes().attempt, 1U);
  EXPECT_EQ(Notes().retry_time, WallTime{});
  Connect();
  EXPECT_EQ(Notes().attempt, 0U);
  EXPECT_EQ(Notes().last_error, "closed with 1011");
  EXPECT_EQ(Notes().last_error_time, lost);
  EXPECT_EQ(Notes().last_close_code, 1011);
  EXPECT_EQ(Notes().last_close_reason, "overload");
  EXPECT_EQ(Notes().state_since, loop_.TurnTime());
}

TEST_F(StreamStateTest, AStateBeginsOnceWhateverItsReasons) {
  Start();
  Connect();
  const WallTime since = loop_.TurnTime();
  loop_.Advance(5s);
  sink().OnState({.state = SourceState::kConnected, .reason = "still connected"});
  EXPECT_EQ(Notes().state_since, since);
  EXPECT_EQ(stream_->Snapshot().state.reason, "still connected");
}

TEST_F(StreamStateTest, SilenceIsAStallAndARecordEndsIt) {
  spec_.record_timeout = 10s;
  Start();
  Connect();
  loop_.Advance(9s);
  Send(R"({"a":1})");
  loop_.Advance(9s);
  EXPECT_EQ(State(), SourceState::kConnected);
  loop_.Advance(1s);
  EXPECT_EQ(State(), SourceState::kStalled);
  EXPECT_EQ(stream_->Snapshot().state.reason, "no record for 10 s");
  EXPECT_EQ(log_->state().state, SourceState::kStalled) << "subscribers are told, too";
  Send(R"({"a":2})");
  EXPECT_EQ(State(), SourceState::kConnected);
  EXPECT_EQ(stream_->Snapshot().state.reason, "connected");
  loop_.Advance(10s);
  EXPECT_EQ(State(), SourceState::kStalled) << "again";
}

TEST_F(StreamStateTest, TheServerRoleStallsTooAndListensAgain) {
  spec_.role = ServerRole{.path = "/demo"};
  spec_.record_timeout = 1500ms;
  spec_.reconnect_when_stalled = true;  // has no effect here
  Start();
  sink().OnConnect({.id = 1, .peer = "10.0.0.1:80"});
  loop_.Advance(1500ms);
  EXPECT_EQ(State(), SourceState::kStalled);
  EXPECT_EQ(stream_->Snapshot().state.reason, "no record for 1500 ms");
  Send(R"([{"a":2}])");
  EXPECT_EQ(State(), SourceState::kListening);
  EXPECT_EQ(sources_.journal(), (std::vector<std::string>{"start demo"}));
}

TEST_F(StreamStateTest, AStalledServerSaysWhetherAnybodyIsThere) {
  spec_.role = ServerRole{.path = "/demo"};
  spec_.record_timeout = 10s;
  Start();
  loop_.Advance(10s);
  EXPECT_EQ(State(), SourceState::kStalled);
  EXPECT_EQ(stream_->Snapshot().state.reason, "no record for 10 s: no peer is connected");
  const WallTime since = Notes().state_since;
  loop_.Advance(1s);
  sink().OnConnect({.id = 1, .peer = "10.0.0.1:80"});
  EXPECT_EQ(State(), SourceState::kStalled);
  EXPECT_EQ(stream_->Snapshot().state.reason, "no record for 10 s");
  const uint64_t version = stream_->Snapshot().state.version;
  sink().OnConnect({.id = 2, .peer = "10.0.0.2:80"});
  sink().OnDisconnect(1, 1000, "");
  EXPECT_EQ(stream_->Snapshot().state.version, version) << "nothing has changed";
  sink().OnDisconnect(2, 1000, "");
  EXPECT_EQ(stream_->Snapshot().state.reason, "no record for 10 s: no peer is connected");
  EXPECT_EQ(Notes().state_since, since);
}

TEST_F(StreamStateTest, WhatIsNoRecordEndsNoStall) {
  spec_.record_timeout = 10s;
  spec_.ignore = {"pong"};
  Start();
  Connect();
  loop_.Advance(9s);
  Send("pong");
  Send("garbage");
  Send("[]");
  sink().OnFault({.fault = MessageFault::kBinary, .connection = 1, .size = 5});
  loop_.Advance(1s);
  EXPECT_EQ(State(), SourceState::kStalled);
  Send("pong");
  EXPECT_EQ(State(), SourceState::kStalled);
}

TEST_F(StreamStateTest, AStalledStreamThatIsCutWaitsAndStartsAnew) {
  spec_.record_timeout = 10s;
  Start();
  Connect();
  loop_.Advance(10s);
  Lose();
  EXPECT_EQ(State(), SourceState::kBackoff);
  EXPECT_EQ(Notes().retry_time, loop_.TurnTime() + 2s);
  loop_.Advance(60s);
  EXPECT_EQ(State(), SourceState::kBackoff) << "nothing stalls that is not connected";
  Connect();
  EXPECT_EQ(State(), SourceState::kConnected);
  loop_.Advance(10s);
  EXPECT_EQ(State(), SourceState::kStalled);
}

TEST_F(StreamStateTest, AStalledStreamReconnectsIfAskedTo) {
  spec_.record_timeout = 10s;
  spec_.reconnect_when_stalled = true;
  Start();
  Connect();
  loop_.Advance(10s);
  EXPECT_EQ(sources_.journal(), (std::vector<std::string>{"start demo", "reconnect (no record for 10 s) demo"}));
}

TEST_F(StreamStateTest, WithoutARecordTimeoutNothingStalls) {
  Start();
  Connect();
  loop_.Advance(24h);
  EXPECT_EQ(State(), SourceState::kConnected);
  EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(StreamStateTest, AStoppedStreamLeavesNoTimer) {
  spec_.record_timeout = 10s;
  Start();
  Connect();
  EXPECT_EQ(loop_.timers(), 1U);
  stream_->Stop(CloseReason::kStreamDeleted);
  EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(StreamStateTest, WholeTextsThatAreNoRecordsAreCountedAndNotRejected) {
  spec_.ignore = {"pong", R"({"op":"pong"})"};
  Start();
  Connect();
  Send("pong");
  Send(R"({"op":"pong"})");
  Send(R"({"op":"pong" })");
  Send("ponG");
  publisher_.Publish();
  const StreamSnapshot snapshot = stream_->Snapshot();
  EXPECT_EQ(snapshot.messages, 4U);
  EXPECT_EQ(snapshot.ignored, 2U);
  EXPECT_EQ(snapshot.records, 1U);
  EXPECT_EQ(snapshot.rejects, 1U);
}

TEST_F(StreamStateTest, AnObserverSeesEachChangeInOrder) {
  spec_.record_timeout = 10s;
  Start();
  Connect();
  loop_.Advance(10s);
  Send(R"({"a":1})");
  Lose();
  EXPECT_EQ(observer_.states, (std::vector{SourceState::kConnected, SourceState::kStalled, SourceState::kConnected,
                                           SourceState::kBackoff}));
}

}  // namespace
}  // namespace inlet::ingest
