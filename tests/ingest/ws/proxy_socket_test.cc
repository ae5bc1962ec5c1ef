// Peers behind a proxy, over real sockets: the PROXY protocol, X-Forwarded-For, and those who only pretend.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/ingest/ws/server_fixture.h"
#include "tests/ingest/ws/tls_client.h"

namespace inlet::ws {
namespace {

using namespace std::string_literals;

const std::string kLine = "PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\r\n";
const std::string kVersion2 = "\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xcb\x00\x71\x07\x0a\x00\x00\x01\xdc\x04\x01\xbb"s;

class ProxyTest : public ServerTest {
 protected:
  static ServerOptions ProxyOptions(bool proxy_protocol = true, const std::string& trusted = "127.0.0.0/8") {
    ServerOptions options = LoopbackOptions();
    options.trusted_proxies = *TrustedNetworks::Parse({trusted});
    options.proxy_protocol = proxy_protocol;
    return options;
  }
  RecordingSink& Start(const ServerOptions& options) {
    StartServer(options);
    return Listen("/in");
  }
  std::string PeerOf(const std::string& bytes) {
    RawClient client(Port());
    client.Send(bytes);
    if (!client.ReadHttp().starts_with("HTTP/1.1 101 ") || !listening_[0].sink->WaitFor("connect")) return "none";
    return listening_[0].sink->LastPeer();
  }
};

TEST_F(ProxyTest, TheHeaderSaysWhoThePeerIs) {
  Start(ProxyOptions());
  EXPECT_EQ(PeerOf(kLine + Handshake("/in")), "203.0.113.7:56324");
  EXPECT_EQ(PeerOf(kVersion2 + Handshake("/in")), "203.0.113.7:56324");
  EXPECT_TRUE(PeerOf("PROXY UNKNOWN\r\n" + Handshake("/in")).starts_with("127.0.0.1:"));
  EXPECT_EQ(counters().proxy_header_failures.value(), 0U);
}

TEST_F(ProxyTest, AHeaderInPiecesIsRead) {
  RecordingSink& sink = Start(ProxyOptions());
  RawClient client(Port());
  client.SendSlowly(kVersion2);
  client.Send(Handshake("/in") + Text("{}"));
  ASSERT_TRUE(sink.WaitFor("message {}"));
  EXPECT_EQ(sink.LastPeer(), "203.0.113.7:56324");
}

TEST_F(ProxyTest, TheHeaderTheHandshakeAndMessagesMayComeInOneSegment) {
  RecordingSink& sink = Start(ProxyOptions());
  for (const std::string& header : {kLine, kVersion2}) {
    RawClient client(Port());
    client.Send(header + HandshakeOfSize("/in", 400) + Text("one") + Text("two"));
    EXPECT_TRUE(sink.WaitFor("message one"));
    EXPECT_TRUE(sink.WaitFor("message two"));
  }
}

TEST_F(ProxyTest, TheHeaderStandsBeforeTls) {
  const TestCertificate authority = MakeAuthority("authority");
  const TestCertificate certificate = Issue(authority, "server");
  ServerOptions options = ProxyOptions();
  options.tls = TlsOptions{{certificate.certificate, certificate.key, ""}};
  RecordingSink& sink = Start(options);
  TlsClient client(Port(), {.before = kLine});
  ASSERT_TRUE(client.Open("/in")) << client.error();
  ASSERT_TRUE(sink.WaitFor("connect"));
  EXPECT_EQ(sink.LastPeer(), "203.0.113.7:56324");
}

TEST_F(ProxyTest, AWrongHeaderOrNoneEndsTheConnection) {
  Start(ProxyOptions());
  for (const std::string& bytes : {Handshake("/in"), "PROXY TCP4 x y 1 2\r\n"s + Handshake("/in")}) {
    RawClient client(Port());
    client.Send(bytes);
    EXPECT_FALSE(client.Speaks()) << bytes;
  }
  EXPECT_EQ(counters().proxy_header_failures.value(), 2U);
  EXPECT_EQ(counters().handshakes_pending.value(), 0U);
}

TEST_F(ProxyTest, AHeaderThatDoesNotComeEndsTheConnection) {
  ServerOptions options = ProxyOptions();
  options.handshake_timeout = std::chrono::milliseconds(100);
  Start(options);
  RawClient client(Port());
  client.Send("PROXY TCP4 ");
  EXPECT_FALSE(client.Speaks());
  EXPECT_EQ(counters().proxy_header_failures.value(), 1U);
}

TEST_F(ProxyTest, WhoIsNotTrustedCannotSayWhoHeIs) {
  for (const ServerOptions& options : {ProxyOptions(true, "10.0.0.0/8"), ProxyOptions(false)}) {
    Start(options);
    for (const std::string& header : {kLine, kVersion2}) {
      RawClient client(Port());
      client.Send(header + Handshake("/in"));
      EXPECT_FALSE(client.ReadHttp().starts_with("HTTP/1.1 101 ")) << "the header is not skipped";
      EXPECT_FALSE(client.Speaks());
    }
    EXPECT_EQ(counters().opened.value(), 0U);
    OnLoop([this] { listening_.clear(); });
    StopLoop();
    server_.reset();
  }
}

TEST_F(ProxyTest, WhoeverIsNotTrustedNeedsNoHeader) {
  Start(ProxyOptions(true, "10.0.0.0/8"));
  EXPECT_TRUE(PeerOf(Handshake("/in")).starts_with("127.0.0.1:"));
}

TEST_F(ProxyTest, HeadersThatAreAwaitedCountAsHandshakes) {
  ServerOptions options = ProxyOptions();
  options.max_pending_handshakes = 1;
  Start(options);
  RawClient first(Port());
  ASSERT_TRUE(Eventually([&] { return counters().handshakes_pending.value() == 1; }));
  RawClient second(Port());
  EXPECT_FALSE(second.Speaks());
  EXPECT_EQ(counters().handshakes_rejected.value(), 1U);
  first.Send(kLine + Handshake("/in"));
  EXPECT_TRUE(first.ReadHttp().starts_with("HTTP/1.1 101 "));
}

TEST_F(ProxyTest, AServerThatStopsLeavesNobodyWaiting) {
  Start(ProxyOptions());
  RawClient client(Port());
  client.Send("PROXY ");
  ASSERT_TRUE(Eventually([&] { return counters().handshakes_pending.value() == 1; }));
  StopLoop();
  EXPECT_TRUE(client.AtEnd());
  EXPECT_EQ(counters().handshakes_pending.value(), 0U);
}

TEST_F(ProxyTest, ForwardedForIsBelievedFromATrustedPeer) {
  Start(ProxyOptions(false));
  EXPECT_EQ(PeerOf(Handshake("/in", "X-Forwarded-For: 1.1.1.1, 203.0.113.7\r\n")), "203.0.113.7");
  EXPECT_EQ(PeerOf(Handshake("/in", "X-Forwarded-For: 203.0.113.7:5000\r\n")), "203.0.113.7:5000");
  EXPECT_EQ(PeerOf(Handshake("/in", "X-Forwarded-For: 2001:db8::7\r\n")), "2001:db8::7");
  EXPECT_EQ(PeerOf(Handshake("/in", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 203.0.113.7\r\n")), "203.0.113.7");
  EXPECT_TRUE(PeerOf(Handshake("/in", "X-Forwarded-For: nobody\r\n")).starts_with("127.0.0.1:"));
}

TEST_F(ProxyTest, ForwardedForOfAStrangerIsNotBelieved) {
  Start(ProxyOptions(false, "10.0.0.0/8"));
  EXPECT_TRUE(PeerOf(Handshake("/in", "X-Forwarded-For: 203.0.113.7\r\n")).starts_with("127.0.0.1:"));
}

TEST_F(ProxyTest, BothTogetherEndAtTheFirstWhoIsNotTrusted) {
  Start(ProxyOptions());
  EXPECT_EQ(PeerOf(kLine + Handshake("/in", "X-Forwarded-For: 1.1.1.1\r\n")), "203.0.113.7:56324");
  EXPECT_EQ(
      PeerOf("PROXY TCP4 127.0.0.9 10.0.0.1 1 443\r\n" + Handshake("/in", "X-Forwarded-For: 1.1.1.1, 203.0.113.7\r\n")),
      "203.0.113.7");
}

}  // namespace
}  // namespace inlet::ws
