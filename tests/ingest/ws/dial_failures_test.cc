// A dial that fails: at which stage, and what is said about it.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <string>
#include <vector>

#include "ingest/text.h"
#include "tests/ingest/ws/dial_fixture.h"

namespace inlet::ws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using DialFailures = DialTest;

ScriptedServer::Script Answers(std::string answer) {
  return [answer = std::move(answer)](int socket) {
    ReadRequest(socket);
    WriteAll(socket, answer);
    ReadToEnd(socket);
  };
}

// A port where nobody listens: it was free a moment ago.
uint16_t FreePort() {
  const ScriptedServer server([](int) {});
  return server.port();
}

std::string HeaderOf(const DialFailure& failure, std::string_view name) {
  for (const ingest::HttpHeader& header : failure.headers) {
    if (header.name == name) return header.value;
  }
  return "";
}

TEST_F(DialFailures, NobodyListens) {
  const DialFailure failure = FailureOf(RequestTo(FreePort()));
  EXPECT_EQ(failure.stage, DialStage::kConnect);
  EXPECT_EQ(failure.problem, DialProblem::kRefused);
  EXPECT_THAT(failure.text, HasSubstr("nobody listens at 127.0.0.1:"));
  EXPECT_TRUE(CanHeal(failure));
}

TEST_F(DialFailures, ABlackHoleIsLeftAfterTwoSeconds) {
  // A listener with a full queue drops what comes, as a firewall does.
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener, 0), 0);
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::vector<int> fillers;
  for (int i = 0; i < 4; ++i) {
    fillers.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    connect(fillers.back(), reinterpret_cast<sockaddr*>(&address), size);
  }
  const auto begin = std::chrono::steady_clock::now();
  const DialFailure failure = FailureOf(RequestTo(ntohs(address.sin_port)));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(1900));
  EXPECT_EQ(failure.stage, DialStage::kConnect);
  EXPECT_EQ(failure.problem, DialProblem::kTimeout);
  for (const int one : fillers) close(one);
  close(listener);
}

TEST_F(DialFailures, AMuteServerIsLeftAtTheHandshakeTimeout) {
  const ScriptedServer server([](int socket) { ReadToEnd(socket); });
  DialRequest request = RequestTo(server.port());
  request.role.handshake_timeout = std::chrono::milliseconds(200);
  const DialFailure failure = FailureOf(request);
  EXPECT_EQ(failure.stage, DialStage::kUpgrade);
  EXPECT_EQ(failure.problem, DialProblem::kTimeout);
  EXPECT_THAT(failure.text, HasSubstr("has not answered the upgrade request in 0.2 s"));
}

TEST_F(DialFailures, AServerThatHangsUp) {
  const DialFailure failure = FailureOf([](int socket) { ReadRequest(socket); });
  EXPECT_EQ(failure.problem, DialProblem::kNotHttp);
  EXPECT_THAT(failure.text, HasSubstr("closed the connection without an HTTP answer"));
}

TEST_F(DialFailures, AServerThatResets) {
  const DialFailure failure = FailureOf([](int socket) {
    ReadRequest(socket);
    ResetAtClose(socket);
  });
  EXPECT_EQ(failure.problem, DialProblem::kNotHttp);
  EXPECT_THAT(failure.text, HasSubstr("reset"));
}

TEST_F(DialFailures, AServerThatSpeaksSomethingElse) {
  const DialFailure failure = FailureOf(Answers("SSH-2.0-OpenSSH_9.2\r\n"));
  EXPECT_EQ(failure.problem, DialProblem::kNotHttp);
  EXPECT_THAT(failure.text, HasSubstr("something else than HTTP"));
}

struct StatusCase {
  const char* name;
  const char* answer;
  int status;
  DialProblem problem;
  bool can_heal;
  const char* text;
};

class DialStatus : public DialTest, public testing::WithParamInterface<StatusCase> {};

TEST_P(DialStatus, IsReportedWithItsMeaning) {
  const StatusCase& one = GetParam();
  const DialFailure failure = FailureOf(Answers(Concat({"HTTP/1.1 ", one.answer, "\r\nContent-Length: 0\r\n\r\n"})));
  EXPECT_EQ(failure.stage, DialStage::kUpgrade);
  EXPECT_EQ(failure.problem, one.problem);
  EXPECT_EQ(failure.http_status, one.status);
  EXPECT_EQ(CanHeal(failure), one.can_heal);
  EXPECT_THAT(failure.text, HasSubstr(one.text));
}

INSTANTIATE_TEST_SUITE_P(
    Statuses, DialStatus,
    testing::Values(StatusCase{"ok", "200 OK", 200, DialProblem::kHttpStatus, false, "no WebSocket at this path"},
                    StatusCase{"moved", "301 Moved Permanently\r\nLocation: https://u:p@h/x?token=1", 301,
                               DialProblem::kRedirect, false, "points to https://h/x;"},
                    StatusCase{"bad", "400 Bad Request", 400, DialProblem::kHttpStatus, false, "400 Bad Request"},
                    StatusCase{"unauthorized", "401 Unauthorized\r\nWWW-Authenticate: Bearer", 401,
                               DialProblem::kHttpStatus, false, "answered 401 Unauthorized"},
                    StatusCase{"forbidden", "403 Forbidden", 403, DialProblem::kHttpStatus, false, "403 Forbidden"},
                    StatusCase{"not_found", "404 Not Found", 404, DialProblem::kHttpStatus, false, "404 Not Found"},
                    StatusCase{"upgrade", "426 Upgrade Required\r\nSec-WebSocket-Version: 8", 426,
                               DialProblem::kHttpStatus, false, "426 Upgrade Required"},
                    StatusCase{"too_many", "429 Too Many Requests\r\nRetry-After: 7", 429, DialProblem::kHttpStatus,
                               true, "429 Too Many Requests"},
                    StatusCase{"unavailable", "503 Service Unavailable\r\nRetry-After: 120", 503,
                               DialProblem::kHttpStatus, true, "503 Service Unavailable"}),
    [](const testing::TestParamInfo<StatusCase>& one) { return one.param.name; });

TEST_F(DialFailures, HeadersOfARefusalAreKept) {
  const DialFailure failure = FailureOf(
      Answers("HTTP/1.1 503 Service Unavailable\r\nServer: x\r\nRetry-After: 120\r\nWWW-Authenticate: Basic\r\n"
              "Set-Cookie: secret\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_EQ(failure.retry_after, std::chrono::seconds(120));
  EXPECT_EQ(HeaderOf(failure, "retry-after"), "120");
  EXPECT_EQ(HeaderOf(failure, "server"), "x");
  EXPECT_EQ(HeaderOf(failure, "www-authenticate"), "Basic");
  EXPECT_EQ(HeaderOf(failure, "set-cookie"), "");
}

TEST_F(DialFailures, AWrongAccept) {
  const DialFailure failure =
      FailureOf(Answers("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n"));
  EXPECT_EQ(failure.problem, DialProblem::kBadAccept);
  EXPECT_EQ(failure.http_status, 101);
  EXPECT_THAT(failure.text, HasSubstr("Sec-WebSocket-Accept is wrong"));
}

TEST_F(DialFailures, NoAccept) {
  const DialFailure failure =
      FailureOf(Answers("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"));
  EXPECT_EQ(failure.problem, DialProblem::kBadAccept);
  EXPECT_THAT(failure.text, HasSubstr("no Sec-WebSocket-Accept"));
}

TEST_F(DialFailures, AnExtensionThatWasNotOffered) {
  const DialFailure failure = FailureOf([](int socket) {
    WriteAll(socket, SwitchingAnswer(ReadRequest(socket), "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
    ReadToEnd(socket);
  });
  EXPECT_EQ(failure.problem, DialProblem::kBadAccept);
  EXPECT_THAT(failure.text, HasSubstr("extension"));
}

class DialSubprotocols : public DialTest {
 protected:
  // Offers `offered`, and answers with the header line `answer`.
  void DialWith(const std::vector<std::string>& offered, const std::string& answer, RecordingEvents& events) {
    const ScriptedServer server([&](int socket) {
      request_ = ReadRequest(socket);
      WriteAll(socket, SwitchingAnswer(request_, answer) + Frame(1, "hello"));
      ReadToEnd(socket);
    });
    DialRequest request = RequestTo(server.port());
    request.connection.subprotocols = offered;
    request.role.headers = headers_;
    Dial(request, events);
    EXPECT_TRUE(Eventually([&] { return events.CountLines("failed") + events.CountLines("text") > 0; }));
    Drop();
  }
  std::string request_;
  std::vector<ingest::HttpHeader> headers_;
};

TEST_F(DialSubprotocols, TheServersChoiceIsKnown) {
  RecordingEvents events;
  DialWith({"a", "b"}, "Sec-WebSocket-Protocol: b\r\n", events);
  EXPECT_THAT(request_, HasSubstr("Sec-WebSocket-Protocol: a, b\r\n"));
  EXPECT_EQ(events.facts().subprotocol, "b");
  EXPECT_EQ(events.CountLines("text hello"), 1U);
}

TEST_F(DialSubprotocols, NoChoiceIsRefused) {
  RecordingEvents events;
  DialWith({"a", "b"}, "", events);
  EXPECT_EQ(events.failure().problem, DialProblem::kSubprotocol);
  EXPECT_EQ(events.failure().http_status, 101);
  EXPECT_EQ(events.CountLines("text"), 0U);
}

TEST_F(DialSubprotocols, AnotherChoiceIsRefused) {
  RecordingEvents events;
  DialWith({"a", "b"}, "Sec-WebSocket-Protocol: c\r\n", events);
  EXPECT_EQ(events.failure().problem, DialProblem::kSubprotocol);
}

TEST_F(DialSubprotocols, AChoiceThoughNoneWasOfferedIsRefused) {
  RecordingEvents events;
  DialWith({}, "Sec-WebSocket-Protocol: c\r\n", events);
  EXPECT_EQ(events.failure().problem, DialProblem::kSubprotocol);
}

TEST_F(DialSubprotocols, AHeaderOffersThemToo) {
  RecordingEvents events;
  headers_ = {{"sec-websocket-protocol", "x, y"}};
  DialWith({}, "Sec-WebSocket-Protocol: y\r\n", events);
  EXPECT_EQ(events.facts().subprotocol, "y");
}

TEST_F(DialFailures, TheRequestIsTheOneAskedFor) {
  std::promise<std::string> received;
  const ScriptedServer server([&](int socket) { received.set_value(ReadRequest(socket)); });
  credentials_.references["${env:TOKEN}"] = "Bearer secret";
  DialRequest request = RequestTo(server.port(), "/feed?symbol=a%20b&x=1");
  request.role.headers = {{"Authorization", "${env:TOKEN}"}, {"X-Trace", "1"}, {"X-Trace", "2"}, {"Host", "other:99"}};
  FailureOf(request);
  const std::string request_text = received.get_future().get();
  EXPECT_THAT(request_text, testing::StartsWith("GET /feed?symbol=a%20b&x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(request_text, HasSubstr("\r\nHost: other:99\r\n"));
  EXPECT_THAT(request_text, HasSubstr("\r\nAuthorization: Bearer secret\r\n"));
  EXPECT_THAT(request_text, HasSubstr("\r\nX-Trace: 1\r\nX-Trace: 2\r\n"));
  EXPECT_THAT(request_text, HasSubstr("\r\nSec-WebSocket-Version: 13\r\n"));
  EXPECT_THAT(request_text, Not(HasSubstr("Sec-WebSocket-Extensions")));
  EXPECT_THAT(request_text, Not(HasSubstr("127.0.0.1")));
}

TEST_F(DialFailures, AReferenceThatYieldsNothing) {
  DialRequest request = RequestTo(1);
  request.role.headers = {{"Authorization", "${env:MISSING}"}};
  const DialFailure failure = FailureOf(request);
  EXPECT_EQ(failure.problem, DialProblem::kCredentials);
  EXPECT_THAT(failure.text, HasSubstr("Authorization"));
}

TEST_F(DialFailures, ASecretWithALineBreakIsNotSent) {
  credentials_.references["${env:TOKEN}"] = "secret\r\nX-Evil: 1";
  DialRequest request = RequestTo(1);
  request.role.headers = {{"Authorization", "${env:TOKEN}"}};
  const DialFailure failure = FailureOf(request);
  EXPECT_EQ(failure.problem, DialProblem::kSetting);
  EXPECT_THAT(failure.text, Not(HasSubstr("secret")));
}

TEST_F(DialFailures, AHeaderOfTheProtocolItselfIsAWrongSetting) {
  DialRequest request = RequestTo(1);
  request.role.headers = {{"Upgrade", "x"}};
  const DialFailure failure = FailureOf(request);
  EXPECT_EQ(failure.problem, DialProblem::kSetting);
  EXPECT_THAT(failure.text, HasSubstr("requestHeader Upgrade"));
}

TEST_F(DialFailures, AForbiddenAddressIsNotDialled) {
  egress_options_.deny = {"127.0.0.0/8"};
  std::atomic<int> accepted = 0;
  const ScriptedServer server([&](int) { ++accepted; });
  DialRequest request = RequestTo(server.port());
  request.role.host = "localhost";
  const DialFailure failure = FailureOf(request);
  EXPECT_EQ(failure.stage, failure.problem == DialProblem::kForbidden ? DialStage::kResolve : DialStage::kConnect);
  request.role.host = "127.0.0.1";
  EXPECT_EQ(FailureOf(request).problem, DialProblem::kForbidden);
  EXPECT_EQ(accepted, 0);
}

TEST_F(DialFailures, ANameIsDialledAtEachOfItsAddresses) {
  const ScriptedServer server([](int socket) {
    WriteAll(socket, SwitchingAnswer(ReadRequest(socket)));
    ReadToEnd(socket);
  });
  DialRequest request = RequestTo(server.port());
  request.role.host = "localhost";  // ::1 may come first, where nobody listens
  RecordingEvents events;
  Dial(request, events);
  EXPECT_TRUE(events.WaitFor("open"));
  EXPECT_EQ(events.facts().peer, "127.0.0.1:" + std::to_string(server.port()));
}

TEST_F(DialFailures, ADialDestroyedAtOnceSaysNothing) {
  const ScriptedServer server([](int socket) { ReadToEnd(socket); });
  RecordingEvents events;
  Dial(RequestTo(server.port()), events);
  Drop();
  OnLoop([] {});
  EXPECT_THAT(events.Lines().size(), testing::Le(2U));
}

TEST_F(DialFailures, ACloseBeforeTheUpgradeEndsTheDialWithoutAWord) {
  const ScriptedServer server([](int socket) { ReadToEnd(socket); });
  RecordingEvents events;
  Dial(RequestTo(server.port()), events);
  ASSERT_TRUE(events.WaitFor("stage connect ok"));
  OnLoop([&] { connection_->Close(1000, ""); });
  OnLoop([] {});
  EXPECT_THAT(events.Lines(), ElementsAre("stage resolve ok", "stage connect ok"));
}

}  // namespace
}  // namespace inlet::ws
