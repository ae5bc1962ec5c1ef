// A stream stays in the role that it was created in, whatever becomes of what it builds on while it does not run.
#include <chrono>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "tests/service/registry_fixture.h"

namespace inlet::service {
namespace {

using ingest::SourceState;
using std::chrono::seconds;
using testing::HasSubstr;

ingest::WallTime Later() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now()) + seconds(100);
}

// Its streams are planned with the real conf keys.
class KeptRole : public RegistryFixture {
 protected:
  KeptRole() { StartAgain(); }

  // A service that finds what the last one has kept.
  void StartAgain() {
    StreamRegistry::Options options = Options();
    options.plan = [this](const v1::Stream& definition) { return PlanKept(definition, keys_, {}); };
    registry_ = nullptr;
    registry_ = std::make_unique<StreamRegistry>(std::move(options));
    registry_->Restore(*store_.Load());
  }
  void SetAddr(const std::string& addr) {
    v1::SourceSettings settings;
    settings.set_addr(addr);
    ASSERT_TRUE(keys_.Set("feed", settings, "w.yaml:1").ok());
  }
  static v1::CreateStreamRequest Request(const std::string& datasource = "") {
    v1::CreateStreamRequest request;
    request.mutable_stream()->set_name("demo");
    request.mutable_stream()->set_conf_key("feed");
    request.mutable_stream()->set_datasource(datasource);
    return request;
  }
  void CreateWithAddr(const std::string& addr) {
    SetAddr(addr);
    const auto plan = PlanStream(Request(), keys_, {});
    ASSERT_TRUE(plan.ok()) << plan.status();
    ASSERT_TRUE(registry_->Create(*plan, {}).ok());
  }
  // As a service kept it that kept no roles.
  void ForgetRole() {
    StoredStream stored = store_.streams().at("demo");
    stored.definition.clear_role();
    ASSERT_TRUE(store_.PutStream(stored).ok());
  }
  v1::Stream::Role RoleInStore() const { return store_.streams().at("demo").definition.role(); }
  SourceState State() const { return Snapshot("demo").state.state; }
  std::string Why() const { return Snapshot("demo").state.reason; }

  config::ConfKeys keys_;
};

constexpr char kFeed[] = "127.0.0.1:1";

TEST_F(KeptRole, AStreamThatDialsNeverBecomesAnOpenPath) {
  CreateWithAddr(kFeed);
  SetAddr("");
  StartAgain();
  EXPECT_EQ(State(), SourceState::kFailed);
  EXPECT_THAT(Why(), HasSubstr("created in the client role"));
  EXPECT_THAT(Why(), HasSubstr("set addr again, in the conf key \"feed\""));
  EXPECT_EQ((*registry_->Get("demo"))->definition.Shown().role(), v1::Stream::CLIENT);
  registry_->RetryFailed(Later());
  ASSERT_TRUE(registry_->Reconnect("demo").ok());
  EXPECT_EQ(State(), SourceState::kFailed);
  SetAddr("127.0.0.1:2");
  registry_->RetryFailed(Later());
  EXPECT_EQ(State(), SourceState::kResolving);
  EXPECT_EQ(Snapshot("demo").notes.endpoint, "ws://fake/");
}

TEST_F(KeptRole, AnOpenPathNeverBecomesAStreamThatDials) {
  CreateWithAddr("");
  SetAddr(kFeed);
  StartAgain();
  EXPECT_EQ(State(), SourceState::kFailed);
  EXPECT_THAT(Why(), HasSubstr("created in the server role"));
  EXPECT_THAT(Why(), HasSubstr("set addr to \"\""));
  SetAddr("");
  registry_->RetryFailed(Later());
  EXPECT_EQ(State(), SourceState::kListening);
}

TEST_F(KeptRole, APausedStreamIsNotResumedInTheOtherOne) {
  CreateWithAddr(kFeed);
  ASSERT_TRUE(registry_->Pause("demo").ok());
  SetAddr("");
  StartAgain();
  EXPECT_EQ(Reason(registry_->Resume("demo").status()), "ROLE_CHANGE");
  EXPECT_EQ(State(), SourceState::kPaused);
  SetAddr(kFeed);
  ASSERT_TRUE(registry_->Resume("demo").ok());
  EXPECT_EQ(State(), SourceState::kResolving);
}

TEST_F(KeptRole, AnUpdateOfAFailedStreamKeepsIt) {
  CreateWithAddr(kFeed);
  SetAddr("");
  StartAgain();
  const absl::Status status = registry_->Change(*PlanStream(Request("/other"), keys_, {}), {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Reason(status), "ROLE_CHANGE");
  EXPECT_THAT(std::string(status.message()), HasSubstr("stream \"demo\": it was created in the client role"));
  EXPECT_EQ(State(), SourceState::kFailed);
  ASSERT_TRUE(registry_->Change(*PlanStream(Request("ws://127.0.0.1:2/x"), keys_, {}), {}).ok());
  EXPECT_EQ(State(), SourceState::kResolving);
}

TEST_F(KeptRole, AnOlderCatalogGetsItAtTheFirstStart) {
  CreateWithAddr(kFeed);
  ForgetRole();
  StartAgain();
  EXPECT_EQ(State(), SourceState::kResolving);
  EXPECT_EQ(RoleInStore(), v1::Stream::CLIENT);
  const int writes = store_.writes();
  StartAgain();
  EXPECT_EQ(store_.writes(), writes);
  SetAddr("");
  StartAgain();
  EXPECT_EQ(State(), SourceState::kFailed);
}

TEST_F(KeptRole, OneWhoseKeyWasGoneAtThatStartGetsItWhenItCanRun) {
  CreateWithAddr(kFeed);
  ForgetRole();
  keys_ = {};
  StartAgain();
  EXPECT_EQ(RoleInStore(), v1::Stream::ROLE_UNSPECIFIED);
  SetAddr(kFeed);
  registry_->RetryFailed(Later());
  EXPECT_EQ(RoleInStore(), v1::Stream::CLIENT);
}

TEST_F(KeptRole, OneWhoseKeyIsPutBackHasItFromThen) {
  CreateWithAddr(kFeed);
  ForgetRole();
  keys_ = {};
  StartAgain();
  SetAddr(kFeed);
  ASSERT_TRUE(registry_->ChangeSeveral({*PlanStream(Request(), keys_, {})}, {}).ok());
  EXPECT_EQ(State(), SourceState::kResolving);
  EXPECT_EQ(RoleInStore(), v1::Stream::CLIENT);
}

TEST_F(KeptRole, AStoreThatFailsHoldsNoStreamUp) {
  CreateWithAddr(kFeed);
  ForgetRole();
  store_.Break();
  StartAgain();
  EXPECT_EQ(State(), SourceState::kResolving);
  EXPECT_EQ((*registry_->Get("demo"))->definition.role(), v1::Stream::CLIENT);
}

TEST_F(KeptRole, AFilesStreamHasNoMemory) {
  SetAddr(kFeed);
  StoredStream stored;
  stored.definition = PlanStream(Request(), keys_, {})->definition;
  stored.file_place = "a.yaml:1";
  registry_->Restore({{}, {stored}, {}});
  EXPECT_EQ(State(), SourceState::kResolving);
  EXPECT_EQ(store_.writes(), 0);
}

}  // namespace
}  // namespace inlet::service
