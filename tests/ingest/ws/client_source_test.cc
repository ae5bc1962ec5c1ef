// The life of a client-role stream: dialling, connected, waiting, and dialling again.
#include "ingest/ws/client_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/ingest/ws/client_fixture.h"

namespace inlet::ws {
namespace {

using namespace std::chrono_literals;
using ingest::SourceState;
using Lines = std::vector<std::string>;

TEST_F(ClientSourceTest, ADialTellsItsStagesInOrder) {
  Start();
  EXPECT_EQ(sink_.last.attempt, 1U);
  Open();
  EXPECT_EQ(sink_.Take(), (Lines{"state 1 looking up feed.example:80", "state 2 connecting to feed.example:80",
                                 "connect 10.0.0.1:80", "state 3 connected to 10.0.0.1:80"}));
  EXPECT_EQ(sink_.last.attempt, 0U);
  EXPECT_EQ(source_->endpoint(), "ws://feed.example/v1");
  EXPECT_EQ(dialer_.last_request.role.host, "feed.example");
}

TEST_F(ClientSourceTest, MessagesComeWithTheirConnection) {
  StartOpen();
  dialer_.last().Text("{}");
  sink_.verdict = ingest::Verdict::kInvalidUtf8;
  EXPECT_EQ(dialer_.last().Text("bad"), ingest::Verdict::kInvalidUtf8);
  dialer_.last().Fault(ingest::MessageFault::kBinary, 5);
  EXPECT_EQ(sink_.Take(), (Lines{"text {}", "text bad", "fault 5"}));
  EXPECT_EQ(std::set(sink_.connections.begin(), sink_.connections.end()).size(), 1U);
}

TEST_F(ClientSourceTest, AFailedDialWaitsThenDialsAgain) {
  Start();
  dialer_.last().Fail(Refused());
  EXPECT_EQ(sink_.last.state, SourceState::kBackoff);
  EXPECT_EQ(sink_.last.reason, "nobody listens on 10.0.0.1:80");
  EXPECT_EQ(sink_.last.last_error, sink_.last.reason);
  EXPECT_EQ(sink_.last.attempt, 1U);
  EXPECT_LE(WaitTime(), 500ms);
  EXPECT_TRUE(dialer_.connections().empty()) << "nothing is kept of a failed dial";
  loop_.Advance(WaitTime());
  EXPECT_EQ(dialer_.dials, 2U);
  EXPECT_EQ(sink_.last.state, SourceState::kResolving);
  EXPECT_EQ(sink_.last.attempt, 2U);
}

TEST_F(ClientSourceTest, WhatCannotHealSaysWhatToChangeAndIsTriedAllTheSame) {
  Start();
  dialer_.last().Fail(Answered(401, "the server answered 401 Unauthorized"));
  EXPECT_EQ(sink_.last.state, SourceState::kFailed);
  EXPECT_EQ(sink_.last.reason, "the server answered 401: set requestHeader.Authorization");
  EXPECT_GE(WaitTime(), 27s);
  EXPECT_LE(WaitTime(), 30s);
  loop_.Advance(30s);
  EXPECT_EQ(dialer_.dials, 2U);
}

TEST_F(ClientSourceTest, SecretsThatAServerSendsBackAreNotShown) {
  credentials_.values = {{"TOKEN", "secret-token"}, {"TOPIC", "private-topic"}, {"BEAT", "private-beat"}};
  role_.headers = {{"Authorization", "Bearer ${env:TOKEN}"}, {"X-Key", "literal-key"}, {"Origin", "https://a.example"}};
  role_.target = "/v1?symbol=bitcoin&key=query%2Fsecret";
  role_.url = "ws://feed.example/v1?symbol=bitcoin&key=<redacted>";
  role_.open_messages = {"${env:TOPIC}"};
  role_.heartbeat_message = "${env:BEAT}";
  role_.heartbeat_interval = 1s;
  role_.proxy_url = "http://proxy-user:proxy%2Dsecret@proxy.example";
  const std::string said =
      "secret-token literal-key query%2Fsecret query/secret private-topic private-beat proxy-secret "
      "cHJveHktdXNlcjpwcm94eS1zZWNyZXQ= bitcoin https://a.example";
  const std::string shown =
      "<redacted> <redacted> <redacted> <redacted> <redacted> <redacted> <redacted> <redacted> bitcoin "
      "https://a.example";
  Start();
  sink_.Take();
  dialer_.last().Fail(Answered(503, "the server answered 503 " + said));
  EXPECT_EQ(sink_.last.reason, "the server answered 503 " + shown);
  EXPECT_EQ(sink_.last.last_error, sink_.last.reason);
  loop_.Advance(WaitTime());
  Open();
  sink_.Take();
  dialer_.last().Closed(4000, said);
  EXPECT_EQ(sink_.Take(), (Lines{"disconnect 4000 " + shown, "state 4 the connection was closed with 4000: " + shown}));
}

TEST_F(ClientSourceTest, ASecretThatAServerCutsIsNotShown) {
  role_.headers = {{"Authorization", "Bearer abcdefghijklmnopqrstuvwxyz"}};
  StartOpen();
  dialer_.last().Closed(4001, "Bearer wanted, not abcdefghijklmnopqrs... nor abcdefgh, nor abcdefgh");
  EXPECT_EQ(sink_.Take().front(), "disconnect 4001 Bearer wanted, not <redacted>... nor abcdefgh, nor <redacted>");
}

TEST_F(ClientSourceTest, ASecretThatHasChangedMeanwhileIsHiddenAsItWasSent) {
  credentials_.values["TOKEN"] = "first-token";
  role_.headers = {{"Authorization", "Bearer ${env:TOKEN}"}};
  StartOpen();
  credentials_.values["TOKEN"] = "second-token";
  dialer_.last().Closed(4001, "bad first-token");
  EXPECT_EQ(sink_.Take().front(), "disconnect 4001 bad <redacted>");
}

TEST_F(ClientSourceTest, RetryAfterIsObeyed) {
  Start();
  DialFailure busy = Answered(503, "the server answered 503");
  busy.retry_after = 90s;
  dialer_.last().Fail(busy);
  EXPECT_EQ(sink_.last.state, SourceState::kBackoff);
  EXPECT_EQ(WaitTime(), 90s);
}

TEST_F(ClientSourceTest, ALostConnectionIsToldAndDialledAgain) {
  StartOpen();
  dialer_.last().Closed(1011, "overload");
  EXPECT_EQ(sink_.Take(), (Lines{"disconnect 1011 overload", "state 4 the connection was closed with 1011: overload"}));
  loop_.Advance(500ms);
  EXPECT_EQ(dialer_.dials, 2U);
  Open();
  dialer_.last().Closed(1006);
  EXPECT_EQ(sink_.last.reason, "the connection broke without a close frame");
  EXPECT_EQ(std::set(sink_.connections.begin(), sink_.connections.end()).size(), 2U) << "no number is used twice";
}

TEST_F(ClientSourceTest, WhoGivesAMessageAndHangsUpIsNotHammered) {
  Start();
  for (int i = 0; i < 20; ++i) {
    Open();
    dialer_.last().Text("{}");
    dialer_.last().Closed(1000);
    EXPECT_GE(WaitTime(), 250ms);
    loop_.Advance(WaitTime());
  }
}

TEST_F(ClientSourceTest, AMinuteOfLifeResetsTheBackoffAndLessDoesNot) {
  Start();
  std::chrono::nanoseconds longest{0};
  for (int i = 0; i < 50; ++i) {
    Open();
    loop_.Advance(61s);
    dialer_.last().Closed(1006);
    longest = std::max(longest, WaitTime());
    loop_.Advance(WaitTime());
  }
  EXPECT_LE(longest, 500ms);
  for (int i = 0; i < 50; ++i) {
    Open();
    loop_.Advance(59s);
    dialer_.last().Closed(1006);
    longest = std::max(longest, WaitTime());
    loop_.Advance(WaitTime());
  }
  EXPECT_GT(longest, 5s);
}

TEST_F(ClientSourceTest, AMessageTooLargeAfterEveryConnectNamesTheSettingAndIsNotHammered) {
  Start();
  std::chrono::nanoseconds longest{0};
  for (int i = 0; i < 50; ++i) {
    Open();
    dialer_.last().Fault(ingest::MessageFault::kTooLarge, 5'000'000);
    dialer_.last().Closed(1009);
    EXPECT_EQ(sink_.last.reason,
              "the server sent a message of 5000000 bytes and maxMessageBytes is 1048576, so the connection was closed "
              "with 1009: raise maxMessageBytes");
    EXPECT_EQ(sink_.last.last_error, sink_.last.reason);
    longest = std::max(longest, WaitTime());
    loop_.Advance(WaitTime());
  }
  EXPECT_GT(longest, 5s);
}

TEST_F(ClientSourceTest, OpenMessagesAreSentInOrderAfterEachConnect) {
  role_.open_messages = {R"({"op":"auth","key":"${env:KEY}"})", R"({"op":"subscribe"})"};
  credentials_.values["KEY"] = "one";
  StartOpen();
  dialer_.last().Closed(1006);
  credentials_.values["KEY"] = "two";
  loop_.Advance(500ms);
  dialer_.journal.clear();
  Open();
  EXPECT_EQ(dialer_.journal, (Lines{R"(send 2 {"op":"auth","key":"two"})", R"(send 2 {"op":"subscribe"})"}));
}

TEST_F(ClientSourceTest, AReferenceThatYieldsNothingDialsNobody) {
  role_.open_messages = {"${env:KEY}"};
  Start();
  EXPECT_EQ(dialer_.dials, 0U);
  EXPECT_EQ(sink_.last.state, SourceState::kFailed);
  EXPECT_TRUE(sink_.last.reason.starts_with("${env:KEY} is not set: give it where inletd runs")) << sink_.last.reason;
  credentials_.values["KEY"] = "one";
  loop_.Advance(30s);
  EXPECT_EQ(dialer_.dials, 1U);
}

TEST_F(ClientSourceTest, OpenMessagesWithoutRoomAreNoSilence) {
  role_.open_messages = {"large"};
  dialer_.full = true;
  Start();
  Open();
  EXPECT_EQ(sink_.last.state, SourceState::kBackoff);
  EXPECT_NE(sink_.last.reason.find("openMessages"), std::string::npos);
  EXPECT_EQ(dialer_.journal.back(), "close 1 1000 " + sink_.last.reason);
}

TEST_F(ClientSourceTest, HeartbeatsAreSentWhileConnected) {
  role_.heartbeat_message = "ping";
  role_.heartbeat_interval = 10s;
  StartOpen();
  loop_.Advance(9s);
  EXPECT_EQ(dialer_.journal, Lines{});
  loop_.Advance(1s);
  loop_.Advance(10s);
  EXPECT_EQ(dialer_.journal, (Lines{"send 1 ping", "send 1 ping"}));
  dialer_.last().Closed(1006);
  EXPECT_EQ(loop_.timers(), 1U) << "the retry alone";
}

}  // namespace
}  // namespace inlet::ws
