// A check of a connection: its stages, its time, and what it leaves behind. The network is played by a script.
#include "ingest/ws/connection_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ingest/error.h"
#include "ingest/ws/checker.h"
#include "tests/fakes/fake_loop.h"
#include "tests/ingest/ws/scripted_dialer.h"

namespace inlet::ws {
namespace {

using ingest::CheckReport;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class MapCredentials final : public ingest::Credentials {
 public:
  explicit MapCredentials(std::map<std::string, std::string> values) : values_(std::move(values)) {}
  absl::StatusOr<std::string> Expand(std::string_view text) const override {
    std::string expanded(text);
    for (const auto& [name, value] : values_) {
      if (const size_t at = expanded.find(name); at != std::string::npos) expanded.replace(at, name.size(), value);
    }
    if (expanded.find("${") != std::string::npos) return absl::FailedPreconditionError(expanded + " yields nothing");
    return expanded;
  }
  absl::StatusOr<std::string> ReadFile(std::string_view /*path*/) const override { return std::string(); }

 private:
  const std::map<std::string, std::string> values_;
};

ingest::StreamSpec Remote() {
  ingest::ClientRole role;
  role.host = "feed.example.com";
  role.port = 80;
  role.target = "/ws?symbol=btc&key=topsecretvalue";
  role.url = "ws://feed.example.com/ws?symbol=btc&key=<redacted>";
  role.headers = {{"Authorization", "Bearer ${env:TOKEN}"}};
  ingest::StreamSpec spec;
  spec.name = "demo";
  spec.role = role;
  return spec;
}

DialFailure Failure(DialStage stage, DialProblem problem, std::string text) {
  DialFailure failure;
  failure.stage = stage;
  failure.problem = problem;
  failure.text = std::move(text);
  return failure;
}

// "+resolve" or "-tls", in order.
std::vector<std::string> Marks(const CheckReport& report) {
  std::vector<std::string> marks;
  marks.reserve(report.stages.size());
  for (const ingest::CheckStage& stage : report.stages) marks.push_back((stage.ok ? "+" : "-") + stage.name);
  return marks;
}

class ConnectionCheckTest : public testing::Test {
 protected:
  ~ConnectionCheckTest() override {
    check_.reset();
    checker_.Stop();
  }

  void Start(const ingest::StreamSpec& spec, ingest::CheckOptions options = {}) {
    auto check = checker_.Start(spec, options, [this](CheckReport report) {
      EXPECT_FALSE(report_) << "a second report";
      report_ = std::move(report);
    });
    ASSERT_TRUE(check.ok()) << check.status();
    check_ = *std::move(check);
  }
  static ingest::CheckOptions WaitFor(std::chrono::nanoseconds message) { return {message, seconds(9)}; }

  ingest::FakeLoop loop_;
  ScriptedDialer dialer_;
  MapCredentials credentials_{{{"${env:TOKEN}", "abcdef123456"}, {"${env:TOPIC}", "private-topic"}}};
  Checker checker_{loop_, dialer_, credentials_, [](const ingest::StreamSpec&) {
                     CheckReport report;
                     report.reachable = true;
                     return report;
                   }};
  std::unique_ptr<ingest::Check> check_;
  std::optional<CheckReport> report_;
};

TEST_F(ConnectionCheckTest, AServerThatUpgradesIsReachable) {
  Start(Remote());
  DialFacts facts;
  facts.subprotocol = "v1";
  dialer_.Open(facts);
  ASSERT_TRUE(report_);
  EXPECT_TRUE(report_->reachable);
  EXPECT_THAT(report_->hint, IsEmpty());
  EXPECT_THAT(Marks(*report_), ElementsAre("+resolve", "+connect", "+upgrade"));
  EXPECT_EQ(report_->stages[1].duration, milliseconds(2));
  EXPECT_EQ(report_->http_status, 101);
  EXPECT_EQ(report_->subprotocol, "v1");
  EXPECT_EQ(report_->endpoint, "ws://feed.example.com/ws?symbol=btc&key=<redacted>");
}

TEST_F(ConnectionCheckTest, TheConnectionEndsWith1000AndIsAwaited) {
  Start(Remote());
  dialer_.Open();
  EXPECT_EQ(dialer_.close_code(), 1000);
  check_.reset();
  EXPECT_TRUE(dialer_.alive()) << "cut instead of closed";
  dialer_.events().OnClosed(1000, "");
  EXPECT_FALSE(dialer_.alive());
  EXPECT_EQ(checker_.running(), 0U);
}

TEST_F(ConnectionCheckTest, AServerThatDoesNotAnswerTheCloseIsCut) {
  Start(Remote());
  dialer_.Open();
  loop_.Advance(ConnectionCheck::kCloseTimeout);
  EXPECT_FALSE(dialer_.alive());
  EXPECT_EQ(checker_.running(), 0U);
}

TEST_F(ConnectionCheckTest, EachStageThatFailsIsTheLast) {
  const std::vector<std::pair<DialStage, std::vector<std::string>>> kCases = {
      {DialStage::kResolve, {"-resolve"}},
      {DialStage::kConnect, {"+resolve", "-connect"}},
      {DialStage::kTls, {"+resolve", "+connect", "-tls"}},
      {DialStage::kUpgrade, {"+resolve", "+connect", "+tls", "-upgrade"}},
  };
  for (const auto& [stage, marks] : kCases) {
    ingest::StreamSpec spec = Remote();
    std::get<ingest::ClientRole>(spec.role).tls = true;
    report_.reset();
    Start(spec, WaitFor(seconds(1)));
    DialFacts facts;
    facts.tls_version = "TLSv1.3";
    dialer_.Fail(Failure(stage, DialProblem::kTimeout, "no luck"), facts);
    ASSERT_TRUE(report_);
    EXPECT_FALSE(report_->reachable);
    EXPECT_THAT(report_->hint, Not(IsEmpty()));
    EXPECT_EQ(Marks(*report_), marks);
    EXPECT_EQ(report_->stages.back().detail, "no luck");
    EXPECT_EQ(report_->tls_version, "TLSv1.3") << "what was learnt is told";
    EXPECT_EQ(checker_.running(), 0U);
  }
}

TEST_F(ConnectionCheckTest, AFailureWithoutItsStageGetsOne) {
  Start(Remote());
  dialer_.events().OnFailed(Failure(DialStage::kResolve, DialProblem::kNameUnknown, "who?"), {});
  EXPECT_THAT(Marks(*report_), ElementsAre("-resolve"));
}

TEST_F(ConnectionCheckTest, ARefusalTellsStatusAndHeaders) {
  Start(Remote());
  DialFailure failure = Failure(DialStage::kUpgrade, DialProblem::kHttpStatus, "the server answered 401 Unauthorized");
  failure.http_status = 401;
  failure.headers = {{"www-authenticate", "Basic realm=\"x\""}};
  dialer_.Fail(failure);
  EXPECT_EQ(report_->http_status, 401);
  ASSERT_EQ(report_->response_headers.size(), 1U);
  EXPECT_EQ(report_->response_headers[0].value, "Basic realm=\"x\"");
  EXPECT_THAT(report_->hint, HasSubstr("requestHeader.Authorization"));
}

TEST_F(ConnectionCheckTest, TheFirstMessageIsShownAfterTheOpenMessages) {
  ingest::StreamSpec spec = Remote();
  std::get<ingest::ClientRole>(spec.role).open_messages = {"subscribe ${env:TOPIC}", "go"};
  Start(spec, WaitFor(seconds(1)));
  dialer_.Open();
  EXPECT_FALSE(report_);
  EXPECT_THAT(dialer_.sent(), ElementsAre("subscribe private-topic", "go"));
  dialer_.events().OnText(R"({"a": "ü"})", {});
  ASSERT_TRUE(report_);
  EXPECT_TRUE(report_->reachable);
  EXPECT_EQ(report_->first_message, R"({"a": "ü"})");
  EXPECT_THAT(Marks(*report_), ElementsAre("+resolve", "+connect", "+upgrade", "+message"));
  EXPECT_EQ(dialer_.close_code(), 1000);
}

TEST_F(ConnectionCheckTest, WithoutAWaitNothingIsSent) {
  ingest::StreamSpec spec = Remote();
  std::get<ingest::ClientRole>(spec.role).open_messages = {"order 1 pizza"};
  Start(spec);
  dialer_.Open();
  EXPECT_TRUE(report_->reachable);
  EXPECT_THAT(dialer_.sent(), IsEmpty());
}

TEST_F(ConnectionCheckTest, ALongFirstMessageIsCutBetweenTwoCharacters) {
  Start(Remote(), WaitFor(seconds(1)));
  dialer_.Open();
  std::string text(ConnectionCheck::kMaxFirstMessageBytes - 1, 'a');
  text += "€ and more";
  dialer_.events().OnText(text, {});
  EXPECT_EQ(report_->first_message, std::string(ConnectionCheck::kMaxFirstMessageBytes - 1, 'a'));
}

TEST_F(ConnectionCheckTest, SilenceIsAFindingOfTheMessageStage) {
  Start(Remote(), WaitFor(seconds(2)));
  dialer_.Open();
  loop_.Advance(milliseconds(1999));
  EXPECT_FALSE(report_);
  loop_.Advance(milliseconds(1));
  ASSERT_TRUE(report_);
  EXPECT_FALSE(report_->reachable);
  EXPECT_THAT(Marks(*report_), ElementsAre("+resolve", "+connect", "+upgrade", "-message"));
  EXPECT_THAT(report_->hint, HasSubstr("openMessages"));
  EXPECT_EQ(dialer_.close_code(), 1000) << "an open connection is closed, not cut";
}

TEST_F(ConnectionCheckTest, BinaryMessagesAreNoMessageAndAreTold) {
  Start(Remote(), WaitFor(seconds(2)));
  dialer_.Open();
  dialer_.events().OnFault({.fault = ingest::MessageFault::kBinary, .size = 10});
  EXPECT_FALSE(report_);
  loop_.Advance(seconds(2));
  EXPECT_THAT(report_->hint, HasSubstr("binary"));
}

TEST_F(ConnectionCheckTest, AMessageThatIsTooLargeNamesTheSetting) {
  Start(Remote(), WaitFor(seconds(2)));
  dialer_.Open();
  dialer_.events().OnFault({.fault = ingest::MessageFault::kTooLarge, .size = 2'000'000});
  EXPECT_THAT(report_->hint, HasSubstr("maxMessageBytes"));
}

TEST_F(ConnectionCheckTest, AServerThatHangsUpIsQuoted) {
  Start(Remote(), WaitFor(seconds(2)));
  dialer_.Open();
  dialer_.events().OnClosed(1008, "bad token abcdef123456\n");
  ASSERT_TRUE(report_);
  EXPECT_THAT(report_->stages.back().detail, HasSubstr("1008 bad token <redacted>?"));
  EXPECT_THAT(report_->hint, HasSubstr("requestHeader"));
  EXPECT_EQ(checker_.running(), 0U);
}

TEST_F(ConnectionCheckTest, SecretsThatComeBackAreHidden) {
  ingest::StreamSpec spec = Remote();
  std::get<ingest::ClientRole>(spec.role).open_messages = {"${env:TOPIC}"};
  Start(spec, WaitFor(seconds(2)));
  dialer_.Open();
  dialer_.events().OnText("btc abcdef123456 topsecretvalue private-topic", {});
  EXPECT_EQ(report_->first_message, "btc <redacted> <redacted> <redacted>");
}

TEST_F(ConnectionCheckTest, AnOpenMessageWithoutItsSecretIsAFinding) {
  ingest::StreamSpec spec = Remote();
  std::get<ingest::ClientRole>(spec.role).open_messages = {"${env:MISSING}"};
  Start(spec, WaitFor(seconds(2)));
  dialer_.Open();
  ASSERT_TRUE(report_);
  EXPECT_THAT(Marks(*report_), ElementsAre("+resolve", "+connect", "+upgrade", "-message"));
  EXPECT_THAT(report_->hint, HasSubstr("${env:MISSING}"));
}

TEST_F(ConnectionCheckTest, TheReportComesInTimeWhateverTheDialDoes) {
  Start(Remote(), {seconds(0), seconds(3)});
  EXPECT_LT(dialer_.request().role.handshake_timeout, seconds(3)) << "the dial should end by itself, and tell why";
  dialer_.PassUntil(DialStage::kConnect);
  loop_.Advance(milliseconds(2999));
  EXPECT_FALSE(report_);
  loop_.Advance(milliseconds(1));
  ASSERT_TRUE(report_);
  EXPECT_THAT(Marks(*report_), ElementsAre("+resolve", "+connect", "-upgrade"));
  EXPECT_FALSE(dialer_.alive());
  EXPECT_EQ(checker_.running(), 0U);
}

TEST_F(ConnectionCheckTest, TheReportComesInTimeWhateverTheWait) {
  Start(Remote(), {seconds(60), seconds(3)});
  dialer_.Open();
  loop_.Advance(seconds(3));
  ASSERT_TRUE(report_);
  EXPECT_THAT(Marks(*report_), ElementsAre("+resolve", "+connect", "+upgrade", "-message"));
}

TEST_F(ConnectionCheckTest, ACallerWhoGoesAwayEndsIt) {
  Start(Remote());
  dialer_.PassUntil(DialStage::kConnect);
  check_.reset();
  EXPECT_FALSE(dialer_.alive());
  EXPECT_EQ(checker_.running(), 0U);
  loop_.Advance(seconds(20));
  EXPECT_FALSE(report_);
}

TEST_F(ConnectionCheckTest, ItMayBeDestroyedInItsReport) {
  auto check = checker_.Start(Remote(), {}, [this](const CheckReport& /*report*/) { check_.reset(); });
  ASSERT_TRUE(check.ok());
  check_ = *std::move(check);
  dialer_.Fail(Failure(DialStage::kConnect, DialProblem::kRefused, "no"));
  EXPECT_FALSE(check_);
  EXPECT_EQ(checker_.running(), 0U);
}

TEST_F(ConnectionCheckTest, NoMoreThanTheLimitRunAtOnce) {
  std::vector<std::unique_ptr<ingest::Check>> checks;
  for (size_t i = 0; i < Checker::kMaxChecks; ++i) {
    auto check = checker_.Start(Remote(), {}, [](const CheckReport& /*report*/) {});
    ASSERT_TRUE(check.ok());
    checks.push_back(*std::move(check));
  }
  const auto refused = checker_.Start(Remote(), {}, [](const CheckReport& /*report*/) {});
  EXPECT_EQ(GetErrorDetail(refused.status()).reason, "LIMIT_REACHED");
  EXPECT_EQ(GetErrorDetail(refused.status()).metadata.front().second, "checks");
  checks.clear();
  Start(Remote());
}

TEST_F(ConnectionCheckTest, AServerRoleIsReportedInALaterTurnAndDialsNobody) {
  ingest::StreamSpec spec;
  spec.role = ingest::ServerRole{.path = "/a"};
  Start(spec);
  EXPECT_FALSE(report_);
  loop_.Advance(milliseconds(0));
  ASSERT_TRUE(report_);
  EXPECT_TRUE(report_->reachable);
  EXPECT_EQ(dialer_.dials(), 0);
  EXPECT_EQ(checker_.running(), 0U);
}

}  // namespace
}  // namespace inlet::ws
