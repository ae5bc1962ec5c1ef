// What the registry promises about streams that are changed, paused and resumed, and about what is kept of that.
#include "gmock/gmock.h"
#include "tests/service/registry_fixture.h"

namespace inlet::service {
namespace {

using ingest::SourceState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using StreamUpdateTest = RegistryFixture;

TEST_F(StreamUpdateTest, AChangeKeepsTheStreamAndIsKept) {
  Create("demo", "/a");
  const auto before = *registry_->Get("demo");
  const auto after = registry_->Change(Plan("demo", "/b"), {});
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ((*after)->stream, before->stream);
  EXPECT_EQ((*after)->create_time, before->create_time);
  EXPECT_GE((*after)->update_time, before->update_time);
  EXPECT_NE(EtagOf(**after), EtagOf(*before));
  EXPECT_EQ(before->definition.Unpack().datasource(), "/a");
  EXPECT_EQ(*registry_->Get("demo"), *after);
  EXPECT_EQ(store_.streams().at("demo").definition.datasource(), "/b");
  EXPECT_EQ(store_.streams().at("demo").revision, 2U);
  EXPECT_EQ(Snapshot("demo").notes.endpoint, "ws://fake/b");
}

TEST_F(StreamUpdateTest, WhatIsSoAlreadyIsNotChanged) {
  Create("demo", "/a");
  const auto before = *registry_->Get("demo");
  const auto after = registry_->Change(Plan("demo", "/a"), {});
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(*after, before);
  EXPECT_EQ(store_.writes(), 1);
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo"));
}

TEST_F(StreamUpdateTest, AnOldEtagChangesNothing) {
  Create("demo", "/a");
  const std::string etag = EtagOf(**registry_->Get("demo"));
  ASSERT_TRUE(registry_->Change(Plan("demo", "/b"), {.etag = etag}).ok());
  const absl::Status late = registry_->Change(Plan("demo", "/c"), {.etag = etag}).status();
  EXPECT_EQ(late.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Reason(late), "ETAG_MISMATCH");
  EXPECT_EQ(Reason(registry_->Delete("demo", false, etag)), "ETAG_MISMATCH");
  EXPECT_EQ((*registry_->Get("demo"))->definition.Unpack().datasource(), "/b");
  EXPECT_TRUE(registry_->Delete("demo", false, EtagOf(**registry_->Get("demo"))).ok());
}

TEST_F(StreamUpdateTest, ANewStreamOfAnOldNameHasAnotherEtag) {
  Create("demo");
  const std::string etag = EtagOf(**registry_->Get("demo"));
  ASSERT_TRUE(registry_->Delete("demo", false).ok());
  Create("demo");
  EXPECT_NE(EtagOf(**registry_->Get("demo")), etag);
}

TEST_F(StreamUpdateTest, ValidateOnlyShowsWhatWouldBe) {
  Create("demo", "/a");
  const auto would = registry_->Change(Plan("demo", "/b"), {.validate_only = true});
  ASSERT_TRUE(would.ok()) << would.status();
  EXPECT_EQ((*would)->definition.Unpack().datasource(), "/b");
  EXPECT_EQ((*would)->stream, nullptr);
  EXPECT_EQ((*registry_->Get("demo"))->definition.Unpack().datasource(), "/a");
  EXPECT_EQ(store_.writes(), 1);
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo"));
}

TEST_F(StreamUpdateTest, ARoleStaysAsItIs) {
  Create("demo", "/a");
  StreamPlan plan = Plan("demo", "/a");
  plan.definition.set_role(v1::Stream::CLIENT);
  const absl::Status status = registry_->Change(plan, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Reason(status), "ROLE_CHANGE");
}

TEST_F(StreamUpdateTest, AConflictChangesNothing) {
  Create("demo", "/a");
  sources_.RefuseChanges(MakeError(absl::StatusCode::kFailedPrecondition, "others", {"ENDPOINT_CONFLICT", {}, "", {}}));
  EXPECT_EQ(Reason(registry_->Change(Plan("demo", "/b"), {}).status()), "ENDPOINT_CONFLICT");
  EXPECT_EQ((*registry_->Get("demo"))->definition.Unpack().datasource(), "/a");
  EXPECT_EQ(store_.writes(), 1);
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo"));
}

TEST_F(StreamUpdateTest, WhatCannotBeKeptDoesNotHappen) {
  Create("demo", "/a");
  store_.Break();
  for (const absl::Status& status :
       {registry_->Change(Plan("demo", "/b"), {}).status(), registry_->Pause("demo").status(),
        registry_->Delete("demo", false), registry_->Create(Plan("new"), {}).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(Reason(status), "STORE_UNAVAILABLE");
  }
  EXPECT_EQ((*registry_->Get("demo"))->definition.Unpack().datasource(), "/a");
  EXPECT_EQ(Snapshot("demo").state.state, SourceState::kListening);
  EXPECT_EQ(registry_->size(), 1U);
  EXPECT_EQ(store_.streams().size(), 1U);
}

TEST_F(StreamUpdateTest, AResumeThatCannotBeKeptStaysPaused) {
  Create("demo");
  ASSERT_TRUE(registry_->Pause("demo").ok());
  store_.Break();
  EXPECT_EQ(Reason(registry_->Resume("demo").status()), "STORE_UNAVAILABLE");
  EXPECT_EQ(Snapshot("demo").state.state, SourceState::kPaused);
  EXPECT_TRUE((*registry_->Get("demo"))->paused);
  store_.Break(false);
  ASSERT_TRUE(registry_->Resume("demo").ok());
  EXPECT_EQ(Snapshot("demo").state.state, SourceState::kListening);
}

TEST_F(StreamUpdateTest, PauseAndResumeAreIdempotentAndKept) {
  Create("demo");
  const std::string etag = EtagOf(**registry_->Get("demo"));
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(registry_->Pause("demo").ok());
    EXPECT_TRUE(store_.streams().at("demo").paused);
    EXPECT_EQ(Snapshot("demo").state.state, SourceState::kPaused);
  }
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(registry_->Resume("demo").ok());
    EXPECT_FALSE(store_.streams().at("demo").paused);
    EXPECT_EQ(Snapshot("demo").state.state, SourceState::kListening);
  }
  EXPECT_EQ(store_.writes(), 3);
  EXPECT_EQ(EtagOf(**registry_->Get("demo")), etag);  // the definition is the same
}

TEST_F(StreamUpdateTest, APausedStreamCanBeChangedAndStaysPaused) {
  Create("demo", "/a");
  ASSERT_TRUE(registry_->Pause("demo").ok());
  ASSERT_TRUE(registry_->Change(Plan("demo", "/b"), {}).ok());
  EXPECT_EQ(Snapshot("demo").state.state, SourceState::kPaused);
  EXPECT_TRUE(store_.streams().at("demo").paused);
  ASSERT_TRUE(registry_->Resume("demo").ok());
  EXPECT_EQ(Snapshot("demo").notes.endpoint, "ws://fake/b");
}

TEST_F(StreamUpdateTest, AReconnectIsTheSourcesUnlessItIsPaused) {
  Create("demo");
  ASSERT_TRUE(registry_->Reconnect("demo").ok());
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo", HasSubstr("reconnect")));
  ASSERT_TRUE(registry_->Pause("demo").ok());
  ASSERT_TRUE(registry_->Reconnect("demo").ok());
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo", HasSubstr("reconnect"), "stop demo"));
}

TEST_F(StreamUpdateTest, UnknownNamesAreUnknownToEveryCall) {
  for (const absl::Status& status : {registry_->Change(Plan("demo"), {}).status(), registry_->Pause("demo").status(),
                                     registry_->Resume("demo").status(), registry_->Reconnect("demo").status(),
                                     registry_->ChangeSeveral({Plan("demo")}, {}).status()}) {
    EXPECT_EQ(Reason(status), "STREAM_UNKNOWN");
  }
}

TEST_F(StreamUpdateTest, AfterStopAllNothingChanges) {
  Create("demo");
  registry_->StopAll();
  for (const absl::Status& status :
       {registry_->Change(Plan("demo", "/b"), {}).status(), registry_->Pause("demo").status(),
        registry_->Resume("demo").status(), registry_->Reconnect("demo").status(),
        registry_->ChangeSeveral({Plan("demo")}, {}).status()}) {
    EXPECT_EQ(Reason(status), "DRAINING");
  }
}

TEST_F(StreamUpdateTest, SeveralChangeTogetherOrNotAtAll) {
  Create("a");
  Create("b");
  StreamPlan client = Plan("b", "/y");
  client.definition.set_role(v1::Stream::CLIENT);
  const absl::Status status = registry_->ChangeSeveral({Plan("a", "/x"), client}, {}).status();
  EXPECT_EQ(Reason(status), "ROLE_CHANGE");
  EXPECT_THAT(std::string(status.message()), HasSubstr("\"b\""));
  EXPECT_EQ((*registry_->Get("a"))->definition.Unpack().datasource(), "");

  const auto changed = registry_->ChangeSeveral({Plan("b", "/y"), Plan("a", "/x")}, {});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_THAT(*changed, ElementsAre("a", "b"));
  EXPECT_EQ(Snapshot("a").notes.endpoint, "ws://fake/x");
  EXPECT_EQ(Snapshot("b").notes.endpoint, "ws://fake/y");
}

TEST_F(StreamUpdateTest, SeveralChangeOnlyAfterTheirCommit) {
  Create("a");
  const auto refused = registry_->ChangeSeveral({Plan("a", "/x")}, {.commit = [this] {
                                                  EXPECT_EQ(Snapshot("a").notes.endpoint, "ws://fake/a");
                                                  return absl::UnavailableError("the disk is full");
                                                }});
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Snapshot("a").notes.endpoint, "ws://fake/a");
  const auto would = registry_->ChangeSeveral({Plan("a", "/x")}, {.validate_only = true});
  ASSERT_TRUE(would.ok()) << would.status();
  EXPECT_THAT(*would, ElementsAre("a"));
  EXPECT_EQ(Snapshot("a").notes.endpoint, "ws://fake/a");
}

TEST_F(StreamUpdateTest, OnlyThoseWhoseConnectionsEndAreTold) {
  Create("limits");
  Create("paused");
  Create("retention");
  ASSERT_TRUE(registry_->Pause("paused").ok());
  StreamPlan limits = Plan("limits");
  limits.spec.max_message_bytes = 5;
  StreamPlan retention = Plan("retention");
  retention.spec.retention.max_records = 1;
  const auto changed = registry_->ChangeSeveral({limits, Plan("paused", "/x"), retention}, {});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_THAT(*changed, IsEmpty());
  EXPECT_EQ(registry_->Find("limits")->spec()->max_message_bytes, 5U);
}

TEST_F(StreamUpdateTest, AnAgeLimitIsSweptFromTheChangeOn) {
  Create("demo");
  const ingest::WallTime then{std::chrono::seconds(1000)};
  RunOnLoop(loop_, [&] {
    sources_.sink("demo").OnMessage({R"({"a":1})", 1, then});
    publisher_.Publish();
  });
  registry_->Sweep(then + std::chrono::seconds(11));
  EXPECT_EQ(Snapshot("demo").bounds.evicted, 0U);
  StreamPlan aged = Plan("demo", "/demo");
  aged.spec.retention.max_age = std::chrono::seconds(10);
  ASSERT_TRUE(registry_->Change(aged, {}).ok());
  registry_->Sweep(then + std::chrono::seconds(11));
  EXPECT_EQ(Snapshot("demo").bounds.evicted, 1U);
}

}  // namespace
}  // namespace inlet::service
