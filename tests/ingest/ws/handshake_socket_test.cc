// Handshakes over real sockets: who is let in, and what the others are told.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/ingest/ws/server_fixture.h"

namespace inlet::ws {
namespace {

using std::chrono::milliseconds;

class HandshakeTest : public ServerTest {
 protected:
  static constexpr char kKey[] = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  // What a server without tricks still does.
  void ExpectStillServing(RecordingSink& sink) {
    RawClient client = RawClient::Open(Port(), "/in");
    ASSERT_TRUE(client.connected());
    ASSERT_TRUE(client.Send(Text("alive")));
    EXPECT_TRUE(sink.WaitFor("message alive"));
  }
};

TEST_F(HandshakeTest, IsAnsweredWithTheAcceptOfRfc6455Section1_3) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  RawClient client(Port());
  client.Send(Handshake("/in"));
  const std::string answer = client.ReadHttp();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
  EXPECT_NE(answer.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos) << answer;
  EXPECT_TRUE(sink.WaitFor("connect"));
  EXPECT_TRUE(sink.LastPeer().starts_with("127.0.0.1:")) << sink.LastPeer();
}

TEST_F(HandshakeTest, EachRefusalSaysWhyInHttp11AndTheConnectionEnds) {
  struct Case {
    const char* name;
    std::string request;
    int status;
    const char* contains;
    bool known_path;
  };
  const std::string upgrade = "Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  const std::string version = "Sec-WebSocket-Version: 13\r\n";
  const std::vector<Case> cases{
      {"unknown path", Handshake("/nope"), 404, "No stream listens on /nope.", false},
      {"plain GET", "GET /in HTTP/1.1\r\nHost: x\r\n\r\n", 426, "WebSocket client", true},
      {"plain GET of an unknown path", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 404, "No stream", false},
      {"plain GET of HTTP/1.0", "GET /in HTTP/1.0\r\n\r\n", 505, "HTTP/1.1", true},
      {"upgrade of HTTP/1.0", "GET /in HTTP/1.0\r\n" + upgrade + version + kKey + "\r\n", 505, "HTTP/1.1", true},
      {"POST with upgrade", "POST /in HTTP/1.1\r\n" + upgrade + version + kKey + "\r\n", 405, "Allow: GET", true},
      {"POST", "POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", 405, "Allow: GET", true},
      {"PUT", "PUT /in HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405, "Allow: GET", true},
      {"OPTIONS", "OPTIONS /in HTTP/1.1\r\nHost: x\r\n\r\n", 405, "Allow: GET", true},
      {"version 8", "GET /in HTTP/1.1\r\n" + upgrade + kKey + "Sec-WebSocket-Version: 8\r\n\r\n", 426,
       "Sec-WebSocket-Version: 13\r\n", true},
      {"no version", "GET /in HTTP/1.1\r\n" + upgrade + kKey + "\r\n", 426, "Sec-WebSocket-Version: 13\r\n", true},
      {"no key", "GET /in HTTP/1.1\r\n" + upgrade + version + "\r\n", 400, "Sec-WebSocket-Key", true},
      {"a key that is none", "GET /in HTTP/1.1\r\n" + upgrade + version + "Sec-WebSocket-Key: abc\r\n\r\n", 400,
       "Sec-WebSocket-Key", true},
      {"no host", "GET /in HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + version + kKey + "\r\n", 400,
       "Host", true},
      {"no Connection", "GET /in HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n" + version + kKey + "\r\n", 400,
       "Connection: Upgrade", true},
      {"a subprotocol", Handshake("/in", "Sec-WebSocket-Protocol: chat\r\n"), 400, "No subprotocol", true},
      {"our protocol's inner name", Handshake("/in", "Sec-WebSocket-Protocol: inlet\r\n"), 400, "No subprotocol", true},
      {"very many subprotocols", Handshake("/in", "Sec-WebSocket-Protocol: " + std::string(3000, 'p') + "\r\n"), 400,
       "No subprotocol", true},
  };
  StartServer();
  RecordingSink& sink = Listen("/in");
  size_t told = 0;
  for (const Case& one : cases) {
    SCOPED_TRACE(one.name);
    RawClient client(Port());
    ASSERT_TRUE(client.Send(one.request));
    const std::string answer = client.ReadHttp();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::to_string(one.status) + " ")) << answer;
    EXPECT_NE(answer.find(one.contains), std::string::npos) << answer;
    EXPECT_TRUE(client.AtEnd());
    told += one.known_path ? 1 : 0;
    EXPECT_EQ(sink.CountLines("refuse"), told);
    if (one.known_path) {
      EXPECT_EQ(sink.Lines().back(), "refuse " + std::to_string(one.status));
    }
  }
  ExpectStillServing(sink);
  EXPECT_EQ(Refused(RefusalKind::kUnknownPath), 2U);
  EXPECT_EQ(Refused(RefusalKind::kMethod), 4U);
  EXPECT_EQ(Refused(RefusalKind::kSubprotocol), 3U);
}

TEST_F(HandshakeTest, APathIsAskedForInAtMost2048Bytes) {
  const std::string longest = "/in/" + std::string(2044, 'x');
  StartServer();
  RecordingSink& sink = Listen("/in/{id}");
  RawClient client(Port());
  client.Send(Handshake(longest + "x?query"));
  const std::string answer = client.ReadHttp();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 414 URI Too Long\r\n")) << answer;
  EXPECT_TRUE(client.AtEnd());
  EXPECT_EQ(sink.Lines().back(), "refuse 414");
  EXPECT_EQ(Refused(RefusalKind::kPathTooLong), 1U);
  EXPECT_TRUE(RawClient::Open(Port(), longest + "?query").connected());
}

TEST_F(HandshakeTest, AHeadRequestGetsNoBody) {
  StartServer();
  Listen("/in");
  RawClient client(Port());
  client.Send("HEAD /in HTTP/1.1\r\nHost: x\r\n\r\n");
  std::string answer = client.ReadHttp();  // waits for a body that does not come
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 405 ")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

// libwebsockets would speak HTTP/2 on a plain socket if it were asked to.
TEST_F(HandshakeTest, NoUpgradeLeadsToHttp2) {
  const std::string settings = "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n";
  const auto request = [&](const std::string& upgrades) {
    return "GET /in HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n" + upgrades + settings + kKey +
           "Sec-WebSocket-Version: 13\r\n\r\n";
  };
  const std::vector<std::string> requests{
      request("Upgrade: h2c\r\n"),
      request("Upgrade: H2C\r\n"),
      request("Upgrade: h2c\r\nUpgrade: websocket\r\n"),
      request("Upgrade: websocket\r\nUpgrade: h2c\r\n"),
      request("Upgrade: websocket, h2c\r\n"),
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + std::string("\0\0\0\4\0\0\0\0\0", 9),
  };
  StartServer();
  RecordingSink& sink = Listen("/in");
  for (const std::string& one : requests) {
    RawClient client(Port());
    ASSERT_TRUE(client.Send(one));
    const std::string answer = client.ReadHttp();
    EXPECT_EQ(answer.find(" 101 "), std::string::npos) << one << answer;
    EXPECT_EQ(answer.find("Sec-WebSocket-Accept"), std::string::npos) << answer;
    EXPECT_FALSE(client.Speaks()) << one;
  }
  EXPECT_EQ(sink.CountLines("connect"), 0U);
  ExpectStillServing(sink);
}

TEST_F(HandshakeTest, AnUnknownUpgradeEndsTheConnection) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  RawClient client(Port());
  client.Send("GET /in HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: something\r\n\r\n" + Handshake("/in"));
  EXPECT_TRUE(client.ReadHttp().starts_with("HTTP/1.0 403 "));  // the library's own
  EXPECT_FALSE(client.Speaks());
  ExpectStillServing(sink);
}

// On a connection kept after an answer, an unknown upgrade makes libwebsockets 4.1 read memory that it has freed: none
// is kept.
TEST_F(HandshakeTest, AnAnswerIsNotFollowedByASecondRequest) {
  const std::string kept = "Host: x\r\nConnection: keep-alive\r\n";
  const std::string unknown = "GET /in HTTP/1.1\r\n" + kept + "Upgrade: something\r\n\r\n";
  StartServer();
  RecordingSink& sink = Listen("/in");
  for (const std::string& first : {"GET /in HTTP/1.1\r\n" + kept + "\r\n", "GET /nope HTTP/1.1\r\n" + kept + "\r\n",
                                   "POST /in HTTP/1.1\r\n" + kept + "Content-Length: 0\r\n\r\n",
                                   Handshake("/nope", "Connection: keep-alive\r\n")}) {
    for (const std::string& second : {unknown, Handshake("/in")}) {
      RawClient client(Port());
      client.Send(first + second);
      EXPECT_TRUE(client.ReadHttp().starts_with("HTTP/1.1 4"));
      EXPECT_FALSE(client.Speaks());
    }
  }
  EXPECT_EQ(sink.CountLines("connect"), 0U);
  ExpectStillServing(sink);
}

TEST_F(HandshakeTest, MayComeByteByByte) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  RawClient client(Port());
  client.SendSlowly(Handshake("/in") + Text("slow"));
  EXPECT_TRUE(client.ReadHttp().starts_with("HTTP/1.1 101 "));
  EXPECT_TRUE(sink.WaitFor("message slow"));
}

TEST_F(HandshakeTest, MayCarryTwentyKilobytesOfCookies) {
  StartServer();
  Listen("/in");
  RawClient client(Port());
  client.Send(Handshake("/in", "Cookie: a=" + std::string(20'000, 'c') + "\r\n"));
  EXPECT_TRUE(client.ReadHttp().starts_with("HTTP/1.1 101 "));
}

TEST_F(HandshakeTest, WithHeadersOf64KilobytesEndsThatConnectionAlone) {
  const std::string big(64U << 10, 'x');
  std::string many;
  while (many.size() < big.size()) many += "X-Header-" + std::to_string(many.size()) + ": value\r\n";
  StartServer();
  RecordingSink& sink = Listen("/in");
  for (const std::string& request :
       {Handshake("/in", "Cookie: " + big + "\r\n"), Handshake("/in", "X-Big: " + big + "\r\n"), Handshake("/in", many),
        Handshake("/" + big)}) {
    RawClient client(Port());
    client.Send(request);
    const std::string answer = client.ReadHttp();
    EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 404 ")) << answer.substr(0, 200);
  }
  ExpectStillServing(sink);
  EXPECT_TRUE(Eventually([&] { return counters().handshakes_pending.value() == 0; }));
}

TEST_F(HandshakeTest, GarbageEndsThatConnectionAlone) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  for (const std::string& garbage :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9), std::string(1000, '\0'), std::string("\r\n\r\n"),
        std::string("FOO /in HTTP/1.1\r\n\r\n"), std::string("{}\n")}) {
    RawClient client(Port());
    client.Send(garbage);
    client.CloseSocket();
  }
  ExpectStillServing(sink);
  EXPECT_TRUE(Eventually([&] { return counters().handshakes_pending.value() == 0; }));
  EXPECT_EQ(counters().accepted.value(), 6U);
}

TEST_F(HandshakeTest, PathsAreComparedDecodedAndWithoutTheirQuery) {
  StartServer();
  Listen("/a b");
  EXPECT_TRUE(RawClient::Open(Port(), "/a%20b?token=1&x=/in").connected());
}

TEST_F(HandshakeTest, ThatDoesNotEndInTimeIsToldSo) {
  ServerOptions options = LoopbackOptions();
  options.handshake_timeout = milliseconds(200);
  StartServer(options);
  RecordingSink& sink = Listen("/in");
  RawClient silent(Port());
  RawClient partial(Port());
  partial.Send("GET /in HTTP/1.1\r\nHost: x\r\n");
  // libwebsockets waits for ever behind a name that is the beginning of one that it knows.
  RawClient stuck(Port());
  stuck.Send(Handshake("/in", "X-Auth: secret\r\n"));
  for (RawClient* client : {&silent, &partial, &stuck}) {
    const std::string answer = client->ReadHttp();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
    EXPECT_TRUE(client->AtEnd());
  }
  EXPECT_EQ(Refused(RefusalKind::kTimeout), 3U);
  ExpectStillServing(sink);
}

TEST_F(HandshakeTest, IsNotGivenMoreTimeForEachByte) {
  ServerOptions options = LoopbackOptions();
  options.handshake_timeout = milliseconds(300);
  StartServer(options);
  Listen("/in");
  RawClient drip(Port());
  const std::string request = Handshake("/in", "Cookie: " + std::string(2000, 'c') + "\r\n");
  size_t sent = 0;
  while (sent < request.size() && Refused(RefusalKind::kTimeout) == 0) {
    drip.Send(request.substr(sent++, 1));
    std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_LT(sent, request.size());
  EXPECT_EQ(Refused(RefusalKind::kTimeout), 1U);
}

TEST_F(HandshakeTest, ManySilentConnectionsAreBoundedAndEndAtTheDeadline) {
  ServerOptions options = LoopbackOptions();
  options.handshake_timeout = milliseconds(1000);
  options.max_pending_handshakes = 100;
  StartServer(options);
  RecordingSink& sink = Listen("/in");
  std::vector<RawClient> silent;
  silent.reserve(300);
  OnLoop([&] {  // all are in the queue before the first is accepted
    for (int i = 0; i < 300; ++i) silent.emplace_back(server_->bound_port());
  });
  EXPECT_TRUE(Eventually([&] { return counters().accepted.value() == 300; }));
  EXPECT_LE(counters().handshakes_pending.value(), 100U);
  EXPECT_EQ(counters().handshakes_rejected.value(), 200U);
  EXPECT_TRUE(Eventually([&] { return counters().handshakes_pending.value() == 0; }));
  EXPECT_EQ(Refused(RefusalKind::kTimeout), 100U);
  ExpectStillServing(sink);
}

TEST_F(HandshakeTest, BeyondTheLimitOfConnectionsIs503AndRoomIsGivenBack) {
  ServerOptions options = LoopbackOptions();
  options.max_connections = 2;
  StartServer(options);
  RecordingSink& sink = Listen("/in");
  RawClient one = RawClient::Open(Port(), "/in");
  RawClient two = RawClient::Open(Port(), "/in");
  ASSERT_TRUE(one.connected() && two.connected());
  RawClient three(Port());
  three.Send(Handshake("/in"));
  const std::string answer = three.ReadHttp();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
  EXPECT_NE(answer.find("\r\nRetry-After: 5\r\n"), std::string::npos);
  EXPECT_TRUE(sink.WaitFor("refuse 503"));
  one.CloseSocket();
  EXPECT_TRUE(Eventually([&] { return counters().open_connections.value() == 1; }));
  EXPECT_TRUE(RawClient::Open(Port(), "/in").connected());
}

}  // namespace
}  // namespace inlet::ws
