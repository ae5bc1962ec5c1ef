// What becomes of streams that do not run when they, or what they build on, are changed.
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "tests/service/registry_fixture.h"

namespace inlet::service {
namespace {

using ingest::SourceState;
using testing::HasSubstr;

const absl::Status kTaken = absl::FailedPreconditionError("port 1 is taken");

class FailedStreams : public RegistryFixture {
 protected:
  static StoredStream Stored(const std::string& name, bool paused = false) {
    StoredStream stored;
    stored.definition = Plan(name, "/" + name).definition;
    stored.create_time = ingest::WallTime(std::chrono::seconds(1'600'000'000));
    stored.paused = paused;
    return stored;
  }
  SourceState State(const std::string& name) const { return Snapshot(name).state.state; }
  std::string Path(const std::string& name) const {
    return std::get<ingest::ServerRole>(registry_->Find(name)->spec()->role).path;
  }

  static StreamPlan Guarded(StreamPlan plan) {
    std::get<ingest::ServerRole>(plan.spec.role).bearer_tokens = {"${env:INLET_SECRET_A}"};
    return plan;
  }
  // All streams refer to a secret.
  void UseSecrets() {
    StreamRegistry::Options options = Options();
    options.secrets = &secrets_;
    options.plan = [](const v1::Stream& definition) -> absl::StatusOr<StreamPlan> {
      return Guarded(PlanOf(definition));
    };
    registry_ = nullptr;
    registry_ = std::make_unique<StreamRegistry>(std::move(options));
  }

  std::map<std::string, std::string> environment_;
  SecretStore secrets_{{{"INLET_SECRET_*"}, "", "", [this](const std::string& name) {
                          const auto found = environment_.find(name);
                          return found == environment_.end() ? std::nullopt : std::optional(found->second);
                        }}};
};

TEST_F(FailedStreams, TheSameDefinitionStartsOneAnew) {
  sources_.FailStartsOf("demo", kTaken);
  registry_->Restore({{}, {Stored("demo")}, {}});
  const auto still = registry_->Change(Plan("demo", "/demo"), {});
  ASSERT_TRUE(still.ok()) << still.status();
  EXPECT_EQ(State("demo"), SourceState::kFailed);
  sources_.FailStartsOf("demo", absl::OkStatus());
  ASSERT_TRUE(registry_->Change(Plan("demo", "/demo"), {.validate_only = true}).ok());
  EXPECT_EQ(State("demo"), SourceState::kFailed);
  const auto started = registry_->Change(Plan("demo", "/demo"), {});
  ASSERT_TRUE(started.ok()) << started.status();
  EXPECT_EQ(State("demo"), SourceState::kListening);
  EXPECT_EQ((*started)->revision, 1U);
  EXPECT_EQ(store_.writes(), 0);
}

TEST_F(FailedStreams, ACallThatStartsOneAnewBeginsItsDelaysAnew) {
  sources_.FailStartsOf("demo", kTaken);
  registry_->Restore({{}, {Stored("demo")}, {}});
  const auto now = [] { return std::chrono::system_clock::now(); };
  const auto delay = [&] { return Snapshot("demo").notes.retry_time - now(); };
  const auto fail_often = [&] {
    for (int i = 0; i < 4; ++i) registry_->RetryFailed(ingest::WallTime(now() + std::chrono::hours(1)));
    EXPECT_GT(delay(), std::chrono::seconds(5));
  };
  const std::vector<std::function<bool()>> calls = {
      [&] { return registry_->Change(Plan("demo", "/demo"), {}).ok(); },
      [&] { return registry_->Change(Plan("demo", "/other"), {}).ok(); },
      [&] { return registry_->Reconnect("demo").ok(); },
      [&] { return registry_->ChangeSeveral({Plan("demo", "/third")}, {}).ok(); },
  };
  for (const auto& call : calls) {
    fail_often();
    EXPECT_TRUE(call());
    EXPECT_LE(delay(), std::chrono::seconds(1));
  }
}

TEST_F(FailedStreams, OneOfSeveralStartsWhenAllHaveChanged) {
  StoredDefinitions stored;
  std::vector<StreamPlan> plans;
  for (int i = 100; i < 300; ++i) {
    stored.streams.push_back(Stored("s" + std::to_string(i)));
    plans.push_back(Plan("s" + std::to_string(i), "/x" + std::to_string(i)));
  }
  sources_.FailStartsOf("s100", kTaken);
  registry_->Restore(stored);
  sources_.FailStartsOf("s100", absl::OkStatus());
  ASSERT_TRUE(registry_->ChangeSeveral(plans, {}).ok());
  EXPECT_EQ(State("s100"), SourceState::kListening);
  EXPECT_EQ(sources_.journal().back(), "start s100");
}

TEST_F(FailedStreams, ThePlaceOfOneHoldsUpNoOther) {
  sources_.FailStartsOf("odd", kTaken);
  registry_->Restore({{}, {Stored("good"), Stored("odd"), Stored("paused", true)}, {}});
  for (const std::string name : {"odd", "paused"}) sources_.RefuseChangesOf(name, kTaken);
  const auto changed = registry_->ChangeSeveral({Plan("good", "/x"), Plan("odd", "/y"), Plan("paused", "/z")}, {});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(Snapshot("good").notes.endpoint, "ws://fake/x");
  EXPECT_EQ(State("odd"), SourceState::kFailed);
  EXPECT_EQ(Path("odd"), "/y");
  sources_.RefuseChangesOf("good", kTaken);
  EXPECT_FALSE(registry_->ChangeSeveral({Plan("good", "/y"), Plan("odd", "/z")}, {}).ok());
}

TEST_F(FailedStreams, SecretsThatWereNotThereHoldUpNoOther) {
  UseSecrets();
  registry_->Restore({{}, {Stored("odd"), Stored("paused", true)}, {}});
  EXPECT_EQ(State("odd"), SourceState::kFailed);
  Create("good", "/good");
  const auto changed =
      registry_->ChangeSeveral({Plan("good", "/x"), Guarded(Plan("odd", "/y")), Guarded(Plan("paused", "/z"))}, {});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(State("good"), SourceState::kListening);
  EXPECT_EQ(State("odd"), SourceState::kFailed);
  EXPECT_EQ(State("paused"), SourceState::kPaused);
  EXPECT_EQ(Path("paused"), "/z");
}

TEST_F(FailedStreams, SecretsThatARunningStreamWouldNotFindAreAnError) {
  UseSecrets();
  Create("good", "/good");
  const absl::Status status = registry_->ChangeSeveral({Guarded(Plan("good", "/x"))}, {}).status();
  EXPECT_EQ(Reason(status), "FIELD_INVALID");
  EXPECT_THAT(std::string(status.message()), HasSubstr("INLET_SECRET_A"));
  EXPECT_EQ(Snapshot("good").notes.endpoint, "ws://fake/good");
}

TEST_F(FailedStreams, NothingIsCommittedOnceTheServiceStops) {
  registry_->StopAll();
  bool committed = false;
  const auto changed = registry_->ChangeSeveral({}, {.commit = [&committed] {
                                                  committed = true;
                                                  return absl::OkStatus();
                                                }});
  EXPECT_EQ(Reason(changed.status()), "DRAINING");
  EXPECT_FALSE(committed);
}

}  // namespace
}  // namespace inlet::service
