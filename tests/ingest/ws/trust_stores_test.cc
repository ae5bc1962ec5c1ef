// The authorities that dials trust: parsed once, seen when they change, and never read by the loop.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/log.h"
#include "tests/fakes/temporary_folder.h"
#include "tests/ingest/ws/tls_fixture.h"

namespace inlet::ws {
namespace {

using testing::HasSubstr;

class TrustStoresTest : public DialTest {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    DialTest::SetUp();
    egress_ = std::make_unique<EgressRules>(*EgressRules::Parse(egress_options_));
    dialer_ = std::make_unique<LwsDialer>(*loop_, credentials_, *egress_, resolver_options_,
                                          SystemAuthorities{bundle(), {folder_}});
    server_ = std::make_unique<ScriptedServer>(TlsScript({MakeCertificate({}, authority_), 0, ""}, Frame(1, "hello")));
  }
  void TearDown() override {
    DialTest::TearDown();
    server_.reset();
  }

  static Identity Authority(const std::string& name) { return MakeCertificate({name, "", -1, 30, true}); }
  std::string bundle() const { return folder_ + "/bundle.pem"; }
  static void Write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }
  uint64_t parses() const { return dialer_->counters().trust_parses.value(); }

  DialRequest Request(const std::string& own_roots = "") const {
    DialRequest request = RequestTo(server_->port());
    request.role.tls = true;
    request.role.tls_settings.root_ca.text = own_roots;
    return request;
  }
  // "" if it opens.
  std::string WhyNot(const DialRequest& request) {
    RecordingEvents events;
    Dial(request, events);
    return events.WaitFor("text hello") ? std::string() : events.failure().text + " (nothing came)";
  }

  TemporaryFolder home_;
  const std::string folder_ = home_.string();
  const Identity authority_ = Authority("Test Authority");
  std::unique_ptr<ScriptedServer> server_;
};

TEST_F(TrustStoresTest, ManyDialsParseTheSystemsAuthoritiesOnce) {
  Write(bundle(), Authority("Another").certificate + authority_.certificate);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(WhyNot(Request()), "");
  EXPECT_EQ(parses(), 1U);
}

TEST_F(TrustStoresTest, AChangedBundleIsUsedAtTheNextDial) {
  Write(bundle(), Authority("Another").certificate);
  EXPECT_EQ(FailureOf(Request()).problem, DialProblem::kCertificateUntrusted);
  Write(bundle() + ".new", authority_.certificate);
  std::filesystem::rename(bundle() + ".new", bundle());
  EXPECT_EQ(WhyNot(Request()), "");
  EXPECT_EQ(parses(), 2U);
}

TEST_F(TrustStoresTest, AFileOfTheFolderIsUsedAtTheNextDialAndNoOtherFileThere) {
  Write(folder_ + "/authority.pem", authority_.certificate);
  EXPECT_EQ(FailureOf(Request()).problem, DialProblem::kAuthorities);
  Write(folder_ + "/0123abcd.0", authority_.certificate);
  EXPECT_EQ(WhyNot(Request()), "");
  std::filesystem::remove(folder_ + "/0123abcd.0");
  Write(bundle(), Authority("Another").certificate);
  EXPECT_EQ(FailureOf(Request()).problem, DialProblem::kCertificateUntrusted);
}

TEST_F(TrustStoresTest, ABundleThatIsBeingReplacedDoesNotEndTheTrust) {
  Write(bundle(), authority_.certificate);
  EXPECT_EQ(WhyNot(Request()), "");
  Write(bundle(), "");
  EXPECT_EQ(WhyNot(Request()), "");
}

TEST_F(TrustStoresTest, TheLoopGoesOnWhileTheFilesAreRead) {
  ASSERT_EQ(mkfifo(bundle().c_str(), 0600), 0);
  RecordingEvents events;
  Dial(Request(), events);
  int pipe = -1;  // it opens once somebody reads, who gets nothing yet
  ASSERT_TRUE(Eventually([&] { return (pipe = open(bundle().c_str(), O_WRONLY | O_NONBLOCK)) >= 0; }));
  std::promise<void> turned;
  loop_->Post([&turned] { turned.set_value(); });
  EXPECT_EQ(turned.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_TRUE(events.Lines().empty());
  EXPECT_GT(write(pipe, authority_.certificate.data(), authority_.certificate.size()), 0);
  close(pipe);
  EXPECT_TRUE(events.WaitFor("text hello")) << events.failure().text;
}

TEST_F(TrustStoresTest, ADialThatIsDroppedMeanwhileIsForgotten) {
  ASSERT_EQ(mkfifo(bundle().c_str(), 0600), 0);
  RecordingEvents events;
  Dial(Request(), events);
  int pipe = -1;
  ASSERT_TRUE(Eventually([&] { return (pipe = open(bundle().c_str(), O_WRONLY | O_NONBLOCK)) >= 0; }));
  Drop();
  close(pipe);
  EXPECT_TRUE(Eventually([this] { return parses() == 1; }));
  OnLoop([] {});
  EXPECT_TRUE(events.Lines().empty());
}

TEST_F(TrustStoresTest, OwnAuthoritiesAreParsedOnceForAllWhoUseThem) {
  RecordingEvents first;
  Dial(Request(authority_.certificate), first);
  ASSERT_TRUE(first.WaitFor("text hello")) << first.failure().text;
  std::unique_ptr<ClientConnection> kept;
  OnLoop([&] { kept = std::move(connection_); });
  EXPECT_EQ(WhyNot(Request(authority_.certificate)), "");
  EXPECT_EQ(parses(), 1U);
  EXPECT_EQ(FailureOf(Request(Authority("Another").certificate)).problem, DialProblem::kCertificateUntrusted);
  EXPECT_EQ(parses(), 2U);
  OnLoop([&] { kept.reset(); });
}

TEST_F(TrustStoresTest, WhatHoldsNoCertificateIsRefusedByTheNameOfItsSetting) {
  const DialFailure failure = FailureOf(Request("-----BEGIN NOTHING-----"));
  EXPECT_EQ(failure.problem, DialProblem::kSetting);
  EXPECT_THAT(failure.text, HasSubstr("rootCARaw: there is no certificate"));
}

TEST_F(TrustStoresTest, ASystemWithoutAuthoritiesIsNamedWithItsFiles) {
  const DialFailure failure = FailureOf(Request());
  EXPECT_EQ(failure.problem, DialProblem::kAuthorities);
  EXPECT_THAT(failure.text, HasSubstr("\"" + bundle() + "\""));
  EXPECT_THAT(failure.text, HasSubstr("\"" + folder_ + "\""));
  EXPECT_TRUE(CanHeal(failure));
  Write(bundle(), authority_.certificate);
  EXPECT_EQ(WhyNot(Request()), "");
}

TEST_F(TrustStoresTest, FilesThatAreNotReadInTimeArePassing) {
  ASSERT_EQ(mkfifo(bundle().c_str(), 0600), 0);
  DialRequest request = Request();
  request.role.handshake_timeout = std::chrono::milliseconds(200);
  const DialFailure failure = FailureOf(request);
  EXPECT_EQ(failure.stage, DialStage::kResolve);
  EXPECT_EQ(failure.problem, DialProblem::kAuthorities);
  EXPECT_TRUE(CanHeal(failure));
  int pipe = -1;  // lets the reader go
  ASSERT_TRUE(Eventually([&] { return (pipe = open(bundle().c_str(), O_WRONLY | O_NONBLOCK)) >= 0; }));
  close(pipe);
}

TEST_F(TrustStoresTest, NobodyAsksForAuthoritiesThatAreNotNeeded) {
  DialRequest request = Request();
  request.role.tls_settings.insecure_skip_verify = true;
  EXPECT_EQ(WhyNot(request), "");
  EXPECT_EQ(parses(), 0U);
}

// Questions without a dial.
class TrustQuestions : public TrustStoresTest {
 protected:
  void SetUp() override {
    SetLogSink([this](LogLevel level, std::string_view event, const auto&) {
      if (level == LogLevel::kWarn && event == "authorities_missing") ++warnings_;
    });
    TrustStoresTest::SetUp();
  }
  void TearDown() override {
    OnLoop([this] {
      queries_.clear();
      stores_.reset();
    });
    TrustStoresTest::TearDown();
    SetLogSink(nullptr);
  }

  void Start(std::chrono::steady_clock::duration grace = TrustStores::kGrace) {
    OnLoop([&] {
      stores_ = std::make_unique<TrustStores>(*loop_, SystemAuthorities{bundle(), {folder_}}, asked_parses_, grace);
    });
  }
  // Its answer is noted under the name.
  void Ask(const std::string& name, const std::string& pem) {
    OnLoop([&] {
      queries_.push_back(stores_->Ask(pem, [this, name](const TrustStores::Result& result) {
        const std::lock_guard lock(mutex_);
        answers_.push_back(name);
        last_ = result.status();
      }));
    });
  }
  std::vector<std::string> Answers() {
    const std::lock_guard lock(mutex_);
    return answers_;
  }
  absl::Status AnswerOfSystem() {
    const size_t before = Answers().size();
    Ask("system", "");
    EXPECT_TRUE(Eventually([&] { return Answers().size() > before; }));
    const std::lock_guard lock(mutex_);
    return last_;
  }
  // The thread waits in the system's files until Unblock.
  void Block() {
    ASSERT_EQ(mkfifo(bundle().c_str(), 0600), 0);
    Ask("blocked", "");
    ASSERT_TRUE(Eventually([&] { return (pipe_ = open(bundle().c_str(), O_WRONLY | O_NONBLOCK)) >= 0; }));
  }
  void Unblock() {
    std::filesystem::remove(bundle());  // so that the next look does not wait as well
    Write(folder_ + "/0123abcd.0", authority_.certificate);
    close(pipe_);
  }

  Counter asked_parses_;
  std::unique_ptr<TrustStores> stores_;
  std::vector<std::unique_ptr<TrustStores::Query>> queries_;
  std::atomic<int> warnings_ = 0;
  int pipe_ = -1;
  std::mutex mutex_;
  std::vector<std::string> answers_;  // guarded by mutex_
  absl::Status last_;                 // guarded by mutex_
};

TEST_F(TrustQuestions, NothingIsKeptOfAQuestionThatIsCancelled) {
  Start();
  Block();
  const std::string one(1U << 20, 'x');
  const std::string other(1U << 20, 'y');
  for (int i = 0; i < 100; ++i) Ask("one", one);
  Ask("other", other);
  EXPECT_EQ(stores_->waiting_bytes(), one.size() + other.size()) << "each text is kept once";
  OnLoop([this] { queries_.pop_back(); });
  EXPECT_EQ(stores_->waiting_bytes(), one.size());
  OnLoop([this] { queries_.clear(); });
  EXPECT_EQ(stores_->waiting_bytes(), 0U);
  Unblock();
  EXPECT_TRUE(AnswerOfSystem().ok());
  EXPECT_EQ(Answers(), std::vector<std::string>{"system"});
}

TEST_F(TrustQuestions, OwnAuthoritiesDoNotWaitForThoseOfTheSystem) {
  Start();
  Block();
  Ask("system", "");
  Ask("own", authority_.certificate);
  Ask("system", "");
  Unblock();
  EXPECT_TRUE(Eventually([this] { return Answers().size() == 4; }));
  EXPECT_EQ(Answers(), (std::vector<std::string>{"blocked", "own", "system", "system"}));
}

TEST_F(TrustQuestions, AuthoritiesThatAreGoneAreTrustedForTheGraceAlone) {
  Write(bundle(), authority_.certificate);
  Start(std::chrono::seconds(0));
  EXPECT_TRUE(AnswerOfSystem().ok());
  std::filesystem::remove(bundle());
  const absl::Status gone = AnswerOfSystem();
  EXPECT_EQ(gone.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(gone.message()), HasSubstr(bundle()));
  EXPECT_FALSE(AnswerOfSystem().ok());
  EXPECT_EQ(warnings_, 1);
  Write(bundle(), authority_.certificate);
  EXPECT_TRUE(AnswerOfSystem().ok());
}

TEST_F(TrustQuestions, AuthoritiesThatAreBeingReplacedAreTrustedMeanwhile) {
  Write(bundle(), authority_.certificate);
  Start(std::chrono::hours(1));
  EXPECT_TRUE(AnswerOfSystem().ok());
  std::filesystem::remove(bundle());
  EXPECT_TRUE(AnswerOfSystem().ok());
}

}  // namespace
}  // namespace inlet::ws
