// What the registry promises about streams that were kept: they run again, and one that cannot holds up no other.
#include <algorithm>
#include <chrono>

#include "gmock/gmock.h"
#include "tests/service/registry_fixture.h"

namespace inlet::service {
namespace {

using ingest::SourceState;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ingest::WallTime Now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

class StreamRestoreTest : public RegistryFixture {
 protected:
  static StoredStream Stored(const std::string& name, bool paused = false) {
    StoredStream stored;
    stored.definition.set_name(name);
    stored.definition.set_role(v1::Stream::SERVER);
    stored.create_time = ingest::WallTime(seconds(1'600'000'000));
    stored.update_time = stored.create_time + seconds(5);
    stored.revision = 7;
    stored.paused = paused;
    return stored;
  }
  SourceState State(const std::string& name) const { return Snapshot(name).state.state; }
};

TEST_F(StreamRestoreTest, WhatWasCreatedComesBackAsItWas) {
  Create("a", "/x");
  Create("b");
  ASSERT_TRUE(registry_->Pause("b").ok());
  ASSERT_TRUE(registry_->Change(Plan("a", "/y"), {}).ok());
  const auto before = *registry_->Get("a");
  registry_ = nullptr;
  registry_ = std::make_unique<StreamRegistry>(Options());
  registry_->Restore(*store_.Load());
  const auto after = *registry_->Get("a");
  EXPECT_EQ(EtagOf(*after), EtagOf(*before));
  EXPECT_EQ(after->definition.Unpack().SerializeAsString(), before->definition.Unpack().SerializeAsString());
  EXPECT_EQ(after->create_time, before->create_time);
  EXPECT_EQ(after->update_time, before->update_time);
  EXPECT_EQ(State("a"), SourceState::kListening);
  EXPECT_EQ(State("b"), SourceState::kPaused);
  EXPECT_TRUE((*registry_->Get("b"))->paused);
  EXPECT_EQ(Snapshot("b").notes.endpoint, "ws://fake/b");
}

TEST_F(StreamRestoreTest, AStatementStaysAsItWasShown) {
  StoredStream stored = Stored("a");
  stored.definition.set_sql("CREATE STREAM a () WITH ()");
  registry_->Restore({{}, {stored}, {}});
  EXPECT_EQ((*registry_->Get("a"))->definition.Shown().sql(), "CREATE STREAM a () WITH ()");
}

TEST_F(StreamRestoreTest, OneThatCannotStartHoldsUpNoOther) {
  StoredStream bad = Stored("bad");
  bad.definition.set_conf_key("bad");
  sources_.FailStartsOf("taken", absl::FailedPreconditionError("port 1 is taken"));
  registry_->Restore({{}, {bad, Stored("good"), Stored("taken")}, {}});
  EXPECT_EQ(State("good"), SourceState::kListening);
  EXPECT_EQ(State("taken"), SourceState::kFailed);
  EXPECT_EQ(Snapshot("taken").state.reason, "port 1 is taken");
  EXPECT_GT(Snapshot("taken").notes.retry_time, Now());
  EXPECT_EQ(State("bad"), SourceState::kFailed);
  EXPECT_THAT(Snapshot("bad").state.reason, HasSubstr("no such conf key"));
  EXPECT_EQ((*registry_->Get("bad"))->definition.conf_key(), "bad");
  EXPECT_EQ(registry_->ListAfter("", 10).size(), 3U);
}

TEST_F(StreamRestoreTest, AFailedStreamIsTriedAgainUntilItRuns) {
  sources_.FailStartsOf("taken", absl::FailedPreconditionError("port 1 is taken"));
  registry_->Restore({{}, {Stored("taken")}, {}});
  registry_->RetryFailed(Now());  // not yet
  const auto starts = [this] {
    const auto lines = sources_.journal();
    return std::count(lines.begin(), lines.end(), "start taken");
  };
  EXPECT_EQ(starts(), 1);
  registry_->RetryFailed(Now() + seconds(2));
  EXPECT_EQ(starts(), 2);
  EXPECT_EQ(State("taken"), SourceState::kFailed);
  sources_.FailStartsOf("taken", absl::OkStatus());
  registry_->RetryFailed(Now() + seconds(31));
  EXPECT_EQ(State("taken"), SourceState::kListening);
  registry_->RetryFailed(Now() + seconds(100));
  EXPECT_EQ(starts(), 3);
}

TEST_F(StreamRestoreTest, ADefinitionThatCompilesAgainRuns) {
  StoredStream bad = Stored("demo");
  bad.definition.set_conf_key("bad");
  registry_->Restore({{}, {bad}, {}});
  bad_conf_key_ = "none";
  registry_->RetryFailed(Now() + seconds(2));
  EXPECT_EQ(State("demo"), SourceState::kListening);
  EXPECT_EQ((*registry_->Get("demo"))->definition.role(), v1::Stream::SERVER);
}

TEST_F(StreamRestoreTest, AReconnectDoesNotWaitForTheRetry) {
  sources_.FailStartsOf("taken", absl::FailedPreconditionError("port 1 is taken"));
  registry_->Restore({{}, {Stored("taken")}, {}});
  sources_.FailStartsOf("taken", absl::OkStatus());
  ASSERT_TRUE(registry_->Reconnect("taken").ok());
  EXPECT_EQ(State("taken"), SourceState::kListening);
}

TEST_F(StreamRestoreTest, AChangeStartsAFailedStream) {
  StoredStream bad = Stored("demo");
  bad.definition.set_conf_key("bad");
  registry_->Restore({{}, {bad}, {}});
  const auto changed = registry_->Change(Plan("demo", "/a"), {});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(State("demo"), SourceState::kListening);
  EXPECT_EQ(store_.streams().at("demo").definition.datasource(), "/a");
}

TEST_F(StreamRestoreTest, AFailedStreamCanBePausedAndDeleted) {
  sources_.FailStartsOf("taken", absl::FailedPreconditionError("port 1 is taken"));
  registry_->Restore({{}, {Stored("taken")}, {}});
  ASSERT_TRUE(registry_->Pause("taken").ok());
  EXPECT_EQ(State("taken"), SourceState::kPaused);
  registry_->RetryFailed(Now() + seconds(100));
  EXPECT_EQ(State("taken"), SourceState::kPaused);
  const absl::Status resumed = registry_->Resume("taken").status();
  EXPECT_THAT(std::string(resumed.message()), HasSubstr("port 1 is taken"));
  EXPECT_EQ(State("taken"), SourceState::kPaused);
  ASSERT_TRUE(registry_->Delete("taken", false).ok());
  registry_->RetryFailed(Now() + seconds(200));
  EXPECT_EQ(registry_->size(), 0U);
}

TEST_F(StreamRestoreTest, TheTimeWithoutAServiceIsAGapIfItIsKnown) {
  registry_->Restore({ingest::WallTime(seconds(1'600'000'000)), {Stored("a")}, {}});
  RunOnLoop(loop_, [this] { publisher_.Publish(); });
  EXPECT_EQ(Snapshot("a").bounds.next_offset, 2U);
}

TEST_F(StreamRestoreTest, TheLogIsAsOldAsTheRestoreAndTheStreamOlder) {
  const ingest::WallTime before = Now();
  registry_->Restore({{}, {Stored("a")}, {}});
  EXPECT_GE(registry_->Find("a")->log()->create_time(), before);
  EXPECT_EQ((*registry_->Get("a"))->create_time, Stored("a").create_time);
}

TEST_F(StreamRestoreTest, NothingIsSaidOfATimeThatNobodyKnows) {
  registry_->Restore({{}, {Stored("a")}, {}});
  RunOnLoop(loop_, [this] { publisher_.Publish(); });
  EXPECT_EQ(Snapshot("a").bounds.next_offset, 1U);
}

TEST_F(StreamRestoreTest, NothingIsWrittenToTheStore) {
  registry_->Restore({{}, {Stored("a"), Stored("b", true)}, {}});
  EXPECT_EQ(store_.writes(), 0);
  EXPECT_THAT(sources_.journal(), ElementsAre("start a"));
}

TEST_F(StreamRestoreTest, ManyAreFoundAfterwards) {
  StoredDefinitions stored;
  for (int i = 0; i < 1000; ++i) stored.streams.push_back(Stored("s" + std::to_string(i)));
  registry_->Restore(stored);
  EXPECT_EQ(registry_->size(), 1000U);
  EXPECT_EQ(State("s999"), SourceState::kListening);
}

}  // namespace
}  // namespace inlet::service
