// Who may open a path, over real sockets: tokens, origins, connections, subprotocols, and streams that share a path.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "ingest/error.h"
#include "ingest/text.h"
#include "tests/ingest/ws/server_fixture.h"

namespace inlet::ws {
namespace {

using std::chrono::milliseconds;

class AccessTest : public ServerTest {
 protected:
  std::string Answer(const std::string& more) {
    RawClient client(Port());
    client.Send(Handshake("/in", more));
    return client.ReadHttp();
  }
  static ingest::ServerRole& Role(ingest::StreamSpec& spec) { return std::get<ingest::ServerRole>(spec.role); }
};

TEST_F(AccessTest, WithoutAMatchingTokenIs401) {
  StartServer();
  ingest::StreamSpec spec = StreamOn("/in");
  Role(spec).bearer_tokens = {"first-token", "second-token"};
  RecordingSink& sink = Listen(spec);
  EXPECT_TRUE(Answer("Authorization: Bearer second-token\r\n").starts_with("HTTP/1.1 101 "));
  const std::string none = Answer("");
  EXPECT_TRUE(none.starts_with("HTTP/1.1 401 Unauthorized\r\n")) << none;
  EXPECT_NE(none.find("\r\nWWW-Authenticate: Bearer\r\n"), std::string::npos) << none;
  const std::string wrong = Answer("Authorization: Bearer first-toke\r\n");
  EXPECT_TRUE(wrong.starts_with("HTTP/1.1 401 ")) << wrong;
  EXPECT_EQ(wrong.find("first"), std::string::npos) << wrong;
  EXPECT_EQ(sink.CountLines("refuse 401"), 2U);
  EXPECT_EQ(Refused(RefusalKind::kUnauthorized), 2U);
}

TEST_F(AccessTest, AForeignOriginIs403AndNoOriginPasses) {
  StartServer();
  ingest::StreamSpec spec = StreamOn("/in");
  Role(spec).allowed_origins = {"https://app.example.com", "*.example.org"};
  RecordingSink& sink = Listen(spec);
  EXPECT_TRUE(Answer("").starts_with("HTTP/1.1 101 "));
  EXPECT_TRUE(Answer("Origin: https://app.example.com\r\n").starts_with("HTTP/1.1 101 "));
  EXPECT_TRUE(Answer("Origin: http://a.example.org:3000\r\n").starts_with("HTTP/1.1 101 "));
  EXPECT_TRUE(Answer("Origin: https://evil.example\r\n").starts_with("HTTP/1.1 403 Forbidden\r\n"));
  EXPECT_TRUE(Answer("Origin: null\r\n").starts_with("HTTP/1.1 403 "));
  EXPECT_EQ(sink.CountLines("refuse 403"), 2U);
  EXPECT_EQ(Refused(RefusalKind::kOrigin), 2U);
}

TEST_F(AccessTest, BeyondTheStreamsLimitOfConnectionsIs503AndOtherPathsGoOn) {
  StartServer();
  ingest::StreamSpec spec = StreamOn("/in");
  Role(spec).max_connections = 2;
  RecordingSink& sink = Listen(spec);
  Listen("/other");
  const RawClient first = RawClient::Open(Port(), "/in");
  RawClient second = RawClient::Open(Port(), "/in");
  const std::string answer = Answer("");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
  EXPECT_NE(answer.find("\r\nRetry-After: 5\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(RawClient::Open(Port(), "/other").connected());
  second.CloseSocket();
  EXPECT_TRUE(sink.WaitFor("disconnect"));
  EXPECT_TRUE(RawClient::Open(Port(), "/in").connected());
}

struct SubprotocolCase {
  const char* offer;
  const char* answer;  // the chosen one; empty: 101 without one; null: 400
};

TEST_F(AccessTest, SubprotocolsAreChosenInOurOrder) {
  StartServer();
  ingest::StreamSpec spec = StreamOn("/in");
  spec.connection.subprotocols = {"v2.feed", "v1.feed", "x!#$%&'*+-.^_`|~", "inlet"};
  Listen(spec);
  const std::vector<SubprotocolCase> cases{
      {"", ""},
      {"Sec-WebSocket-Protocol: v1.feed\r\n", "v1.feed"},
      {"Sec-WebSocket-Protocol: v1.feed, v2.feed\r\n", "v2.feed"},
      {"Sec-WebSocket-Protocol: v2.feed, v1.feed\r\n", "v2.feed"},
      {"Sec-WebSocket-Protocol: v1.feed,v2.feed\r\n", "v2.feed"},
      {"Sec-WebSocket-Protocol: other, v1.feed\r\n", "v1.feed"},
      {"Sec-WebSocket-Protocol: other\r\nSec-WebSocket-Protocol: v1.feed\r\n", "v1.feed"},
      {"Sec-WebSocket-Protocol: inlet\r\n", "inlet"},
      {"Sec-WebSocket-Protocol: inlet, v1.feed\r\n", "v1.feed"},
      {"Sec-WebSocket-Protocol: lws-secstream-raw, raw-proxy, v1.feed\r\n", "v1.feed"},  // names of the library
      {"Sec-WebSocket-Protocol: raw-proxy, v1.feed\r\n", "v1.feed"},
      {"Sec-WebSocket-Protocol: x!#$%&'*+-.^_`|~\r\n", "x!#$%&'*+-.^_`|~"},
      {"Sec-WebSocket-Protocol: other, 12, v1.feed\r\n", "v1.feed"},
      {"Sec-WebSocket-Protocol: other\r\n", nullptr},
      {"Sec-WebSocket-Protocol: V1.FEED\r\n", nullptr},
      {"Sec-WebSocket-Protocol: v1.feed2, v\r\n", nullptr},
      {"Sec-WebSocket-Protocol: no subprotocol\r\n", nullptr},
      // The library takes these first ones for numbers or nothing.
      {"Sec-WebSocket-Protocol: 12, v1.feed\r\n", nullptr},
      {"Sec-WebSocket-Protocol: 1.2.3, v1.feed\r\n", nullptr},
      {"Sec-WebSocket-Protocol: , v1.feed\r\n", nullptr},
      {"Sec-WebSocket-Protocol: a b, v1.feed\r\n", nullptr},
      {"Sec-WebSocket-Protocol: \"q\", v1.feed\r\n", nullptr},
  };
  for (const auto& [offer, wanted] : cases) {
    const std::string answer = Answer(offer);
    if (wanted == nullptr) {
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << offer << answer;
      continue;
    }
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << offer << answer;
    const std::string line = Concat({"\r\nSec-WebSocket-Protocol: ", wanted, "\r\n"});
    EXPECT_EQ(answer.find("Sec-WebSocket-Protocol") != std::string::npos, *wanted != '\0') << offer << answer;
    EXPECT_TRUE(*wanted == '\0' || answer.find(line) != std::string::npos) << offer << answer;
  }
}

TEST_F(AccessTest, ListsOfSubprotocolsOfEveryLengthAreAnswered) {
  StartServer();
  ingest::StreamSpec spec = StreamOn("/in");
  spec.connection.subprotocols = {"v1"};
  Listen(spec);
  for (size_t size = 50; size < 200; size += 3) {
    std::string offer = "v1";
    while (offer.size() + 5 < size) offer += ",abcd";
    const bool fits = offer.size() <= 126;
    const std::string answer = Answer(Concat({"Sec-WebSocket-Protocol: ", offer, "\r\n"}));
    EXPECT_TRUE(answer.starts_with(fits ? "HTTP/1.1 101 " : "HTTP/1.1 400 ")) << offer.size() << answer;
  }
  EXPECT_TRUE(
      Answer(Concat({"Sec-WebSocket-Protocol: ", std::string(62, 'x'), ", v1\r\n"})).starts_with("HTTP/1.1 101"));
  EXPECT_TRUE(
      Answer(Concat({"Sec-WebSocket-Protocol: ", std::string(63, 'x'), ", v1\r\n"})).starts_with("HTTP/1.1 400"));
}

TEST_F(AccessTest, ASubprotocolChangesNothingAboutMessages) {
  StartServer();
  ingest::StreamSpec spec = StreamOn("/in");
  spec.connection.subprotocols = {"v1.feed"};
  RecordingSink& sink = Listen(spec);
  RawClient client(Port());
  client.Send(Handshake("/in", "Sec-WebSocket-Protocol: v1.feed\r\n") + Text("at once"));
  EXPECT_TRUE(client.ReadHttp().starts_with("HTTP/1.1 101 "));
  EXPECT_TRUE(sink.WaitFor("message at once"));
  client.Send(Frame(kClose, ClosePayload(1000)));
  EXPECT_EQ(client.ReadCloseCode(), 1000);
  EXPECT_TRUE(sink.WaitFor("disconnect 1000"));
}

TEST_F(AccessTest, StreamsThatShareAPathAgreeOnEverySetting) {
  struct Case {
    const char* setting;
    std::function<void(ingest::StreamSpec&)> change;
  };
  const std::vector<Case> cases{
      {"maxMessageBytes", [](auto& spec) { spec.max_message_bytes = 77; }},
      {"pingInterval", [](auto& spec) { spec.connection.ping_interval = milliseconds(77); }},
      {"idleTimeout", [](auto& spec) { spec.connection.idle_timeout = milliseconds(77); }},
      {"subprotocols", [](auto& spec) { spec.connection.subprotocols = {"x"}; }},
      {"bearerTokens", [](auto& spec) { Role(spec).bearer_tokens = {"other-token"}; }},
      {"allowedOrigins", [](auto& spec) { Role(spec).allowed_origins = {"https://a.example"}; }},
      {"maxConnections", [](auto& spec) { Role(spec).max_connections = 77; }}};
  StartServer();
  ingest::StreamSpec first = StreamOn("/in", "one");
  Role(first).bearer_tokens = {"first-token"};
  Listen(first);
  for (const auto& [setting, change] : cases) {
    ingest::StreamSpec second = first;
    second.name = "two";
    change(second);
    Listen(second);
    const std::string message(status_.message());
    EXPECT_EQ(GetErrorDetail(status_).reason, "ENDPOINT_CONFLICT") << setting;
    EXPECT_NE(message.find(setting), std::string::npos) << message;
    EXPECT_NE(message.find("'one'"), std::string::npos) << message;
    EXPECT_EQ(message.find("token\""), std::string::npos) << message;
    EXPECT_EQ(message.find("-token"), std::string::npos) << message;
  }
  Listen(first);
  EXPECT_TRUE(status_.ok()) << status_;
}

}  // namespace
}  // namespace inlet::ws
