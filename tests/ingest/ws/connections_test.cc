// One connection among the server's many: what is told of it, closing it, sending to it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest/ws/send_queue.h"
#include "tests/ingest/ws/server_fixture.h"
#include "tests/ingest/ws/tls_client.h"

namespace inlet::ws {
namespace {

using ingest::SendVerdict;

class ConnectionsTest : public ServerTest {
 protected:
  bool Close(uint64_t connection, uint16_t code, const std::string& reason) {
    bool known = false;
    OnLoop([&] { known = source(0).CloseConnection(connection, code, reason); });
    return known;
  }
  SendVerdict Send(uint64_t connection, std::string_view text) {
    SendVerdict verdict = SendVerdict::kUnknown;
    OnLoop([&] { verdict = source(0).Send(connection, text); });
    return verdict;
  }
};

TEST_F(ConnectionsTest, StreamsOnOnePathHearTheVariablesByTheirOwnNames) {
  StartServer();
  RecordingSink& ids = Listen(StreamOn("/fleet/{fleet}/devices/{id}", "ids"));
  RecordingSink& serials = Listen(StreamOn("/fleet/{f}/devices/{serial}", "serials"));
  const RawClient client = RawClient::Open(Port(), "/fleet/north/devices/pump%207?token=x");
  ASSERT_TRUE(ids.WaitFor("connect"));
  ASSERT_TRUE(serials.WaitFor("connect"));
  EXPECT_EQ(ids.LastFacts(), "path /fleet/north/devices/pump 7 fleet=north id=pump 7");
  EXPECT_EQ(serials.LastFacts(), "path /fleet/north/devices/pump 7 f=north serial=pump 7");
  EXPECT_EQ(ids.Connections(), serials.Connections());
}

TEST_F(ConnectionsTest, AStreamThatJoinsHearsOfThoseThatAreThere) {
  StartServer();
  Listen("/devices/{id}").WaitFor("listening");
  const RawClient client = RawClient::Open(Port(), "/devices/7");
  ASSERT_TRUE(listening_[0].sink->WaitFor("connect"));
  RecordingSink& late = Listen(StreamOn("/devices/{serial}", "late"));
  ASSERT_TRUE(late.WaitFor("connect"));
  EXPECT_EQ(late.LastFacts(), "path /devices/7 serial=7");
  EXPECT_EQ(late.LastPeer(), listening_[0].sink->LastPeer());
}

TEST_F(ConnectionsTest, ClosesOneAndLeavesItsNeighbour) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  RawClient first = RawClient::Open(Port(), "/in");
  ASSERT_TRUE(sink.WaitFor("connect"));
  RawClient second = RawClient::Open(Port(), "/in");
  ASSERT_TRUE(sink.WaitFor("connect"));
  EXPECT_TRUE(Close(sink.Connections()[0], 4001, "go"));
  EXPECT_EQ(first.ReadCloseCode(), 4001);
  first.Send(Frame(kClose, ClosePayload(4001)));
  EXPECT_TRUE(sink.WaitFor("disconnect 4001 go"));
  EXPECT_FALSE(Close(sink.Connections()[0], 4001, "again")) << "it is gone";
  EXPECT_FALSE(Close(12345678, 1000, ""));
  second.Send(Text("still here"));
  EXPECT_TRUE(sink.WaitFor("message still here"));
}

TEST_F(ConnectionsTest, SendsToOne) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  RawClient client = RawClient::Open(Port(), "/in");
  ASSERT_TRUE(sink.WaitFor("connect"));
  const uint64_t connection = sink.Connections()[0];
  EXPECT_EQ(Send(connection, "hello"), SendVerdict::kHanded);
  EXPECT_EQ(client.ReadFrame()->payload, "hello");
  EXPECT_EQ(Send(connection, ""), SendVerdict::kHanded);
  EXPECT_EQ(client.ReadFrame()->payload, "");
  EXPECT_EQ(Send(connection + 1, "hello"), SendVerdict::kUnknown);
  EXPECT_EQ(counters().texts_sent.value(), 2U);
}

TEST_F(ConnectionsTest, WhatWasHandedGoesOutBeforeTheCloseFrame) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  RawClient client = RawClient::Open(Port(), "/in");
  ASSERT_TRUE(sink.WaitFor("connect"));
  const uint64_t connection = sink.Connections()[0];
  OnLoop([&] {
    EXPECT_EQ(source(0).Send(connection, "one"), SendVerdict::kHanded);
    EXPECT_EQ(source(0).Send(connection, "two"), SendVerdict::kHanded);
    EXPECT_TRUE(source(0).CloseConnection(connection, 1000, "that was all"));
    EXPECT_EQ(source(0).Send(connection, "three"), SendVerdict::kRefused) << "it is closing";
  });
  EXPECT_EQ(client.ReadFrame()->payload, "one");
  EXPECT_EQ(client.ReadFrame()->payload, "two");
  EXPECT_EQ(client.ReadCloseCode(), 1000);
}

TEST_F(ConnectionsTest, APeerThatReadsNothingFillsItsBufferAndNoMore) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  RawClient client = RawClient::Open(Port(), "/in");
  ASSERT_TRUE(sink.WaitFor("connect"));
  const uint64_t connection = sink.Connections()[0];
  const std::string filler(200'000, 'x');
  size_t handed = 0;
  while (Send(connection, std::to_string(handed) + filler) == SendVerdict::kHanded) {
    ASSERT_LT(++handed, 1000U) << "no bound was found";
    EXPECT_LE(counters().send_queue_bytes.value(), SendQueue::kMostBytes);
  }
  EXPECT_EQ(counters().send_refusals.value(), 1U);
  for (size_t i = 0; i < handed; ++i) EXPECT_EQ(client.ReadFrame()->payload, std::to_string(i) + filler);
  EXPECT_TRUE(Eventually([&] { return counters().send_queue_bytes.value() == 0; }));
  EXPECT_EQ(Send(connection, "room again"), SendVerdict::kHanded);
  EXPECT_EQ(client.ReadFrame()->payload, "room again");
}

TEST_F(ConnectionsTest, EmptyTextsFillABufferToo) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  const RawClient client = RawClient::Open(Port(), "/in");
  ASSERT_TRUE(sink.WaitFor("connect"));
  OnLoop([&] {  // in one turn nothing is written
    size_t handed = 0;
    while (handed < 100'000 && source(0).Send(sink.Connections()[0], "") == SendVerdict::kHanded) ++handed;
    EXPECT_EQ(handed, SendQueue::kMostBytes / SendQueue::kTextOverhead);
  });
}

TEST_F(ConnectionsTest, APeerThatReadsNothingIsCutWhenTheTimeForItsAnswerIsOver) {
  ServerOptions options = LoopbackOptions();
  options.close_timeout = std::chrono::milliseconds(200);
  StartServer(options);
  RecordingSink& sink = Listen("/in");
  const RawClient client = RawClient::Open(Port(), "/in");
  ASSERT_TRUE(sink.WaitFor("connect"));
  const uint64_t connection = sink.Connections()[0];
  ASSERT_TRUE(Eventually([&] { return Send(connection, std::string(500'000, 'x')) != SendVerdict::kHanded; }));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(Close(connection, 1000, ""));
  EXPECT_TRUE(sink.WaitFor("disconnect 1000"));
  // libwebsockets would wait 5 s more for what the socket has not taken.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
  EXPECT_EQ(counters().kills.value(), 1U);
}

TEST_F(ConnectionsTest, WhatAPeerSaysWhenItClosesSteersNoTerminal) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  RawClient client = RawClient::Open(Port(), "/in");
  client.Send(Frame(kClose, ClosePayload(4000, "\x1b[2J\x7f")));
  EXPECT_EQ(client.ReadFrame()->payload, ClosePayload(4000, "\x1b[2J\x7f")) << "its own bytes come back";
  EXPECT_TRUE(sink.WaitFor("disconnect 4000 ?[2J?"));
}

TEST_F(ConnectionsTest, AllBuffersTogetherAreBounded) {
  ServerOptions options = LoopbackOptions();
  options.max_send_bytes = SendQueue::kTextOverhead + 5;
  StartServer(options);
  RecordingSink& sink = Listen("/in");
  RawClient client = RawClient::Open(Port(), "/in");
  ASSERT_TRUE(sink.WaitFor("connect"));
  EXPECT_EQ(Send(sink.Connections()[0], "123456"), SendVerdict::kRefused);
  EXPECT_EQ(Send(sink.Connections()[0], "12345"), SendVerdict::kHanded);
  EXPECT_EQ(client.ReadFrame()->payload, "12345");
}

TEST_F(ConnectionsTest, ALostPeerGivesItsBufferBack) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  {
    const RawClient client = RawClient::Open(Port(), "/in");
    ASSERT_TRUE(sink.WaitFor("connect"));
    // The system's own buffers grow for a while, and take what was refused a moment ago.
    const auto fill = [&] {
      const bool is_full = Send(sink.Connections()[0], std::string(500'000, 'x')) != SendVerdict::kHanded;
      return is_full && counters().send_queue_bytes.value() > 0;
    };
    ASSERT_TRUE(Eventually(fill));
  }
  ASSERT_TRUE(sink.WaitFor("disconnect"));
  EXPECT_TRUE(Eventually([&] { return counters().send_queue_bytes.value() == 0; }));
}

TEST_F(ConnectionsTest, TlsTellsTheVersionAndTheSubjectOfAClientsCertificate) {
  const TestCertificate authority = MakeAuthority("authority");
  const TestCertificate certificate = Issue(authority, "server");
  ServerOptions options = LoopbackOptions();
  options.tls = TlsOptions{{certificate.certificate, certificate.key, authority.certificate}, ClientAuth::kOptional};
  StartServer(options);
  RecordingSink& sink = Listen("/in");
  TlsClient named(Port(), {.certificate = Issue(authority, "pump, 7")});
  ASSERT_TRUE(named.Open("/in")) << named.error();
  ASSERT_TRUE(sink.WaitFor("connect"));
  EXPECT_EQ(sink.LastFacts(), "path /in subject CN=pump\\, 7 tls TLSv1.3");
  TlsClient nobody(Port());
  ASSERT_TRUE(nobody.Open("/in")) << nobody.error();
  ASSERT_TRUE(sink.WaitFor("connect"));
  EXPECT_EQ(sink.LastFacts(), "path /in tls TLSv1.3");
}

TEST_F(ConnectionsTest, TheChosenSubprotocolIsTold) {
  StartServer();
  ingest::StreamSpec spec = StreamOn("/in");
  spec.connection.subprotocols = {"mqtt", "json"};
  RecordingSink& sink = Listen(spec);
  RawClient client(Port());
  client.Send(Handshake("/in", "Sec-WebSocket-Protocol: soap, json\r\n"));
  ASSERT_TRUE(client.ReadHttp().starts_with("HTTP/1.1 101 "));
  ASSERT_TRUE(sink.WaitFor("connect"));
  EXPECT_EQ(sink.LastFacts(), "path /in subprotocol json");
}

}  // namespace
}  // namespace inlet::ws
