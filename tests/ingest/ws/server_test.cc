// The server over real sockets: its socket's life, its streams, its end.
#include "ingest/ws/server.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ingest/error.h"
#include "ingest/ws/page_blocks.h"
#include "tests/ingest/ws/server_fixture.h"

namespace inlet::ws {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// --- the listening socket

TEST_F(ServerTest, ListensFromTheFirstStreamToTheLast) {
  StartServer();
  EXPECT_TRUE(status_.ok());
  EXPECT_EQ(Port(), 0);
  RecordingSink& sink = Listen("/a");
  EXPECT_TRUE(sink.WaitFor("listening"));
  Listen("/b");
  const uint16_t port = Port();
  EXPECT_NE(port, 0);
  EXPECT_EQ(source(0).endpoint(), "ws://127.0.0.1:" + std::to_string(port) + "/a");
  StopListening(0);
  EXPECT_TRUE(RawClient(port).connected());
  StopListening(1);
  EXPECT_FALSE(RawClient(port).connected());  // at once
  EXPECT_EQ(Port(), 0);
}

TEST_F(ServerTest, OpensAndClosesAgainAndAgain) {
  StartServer();
  for (size_t i = 0; i < 20; ++i) {
    RecordingSink& sink = Listen("/in");
    ASSERT_TRUE(status_.ok()) << status_;
    RawClient client = RawClient::Open(Port(), "/in");
    client.Send(Text("x"));
    EXPECT_TRUE(sink.WaitFor("message x"));
    StopListening(i);
    EXPECT_EQ(client.ReadCloseCode(), 1001);
  }
}

TEST_F(ServerTest, AlwaysListensIfToldSo) {
  ServerOptions options = LoopbackOptions();
  options.listen = ServerOptions::Listen::kAlways;
  StartServer(options);
  ASSERT_TRUE(status_.ok()) << status_;
  const uint16_t port = Port();
  RawClient client(port);
  client.Send(Handshake("/in"));
  EXPECT_TRUE(client.ReadHttp().starts_with("HTTP/1.1 404 "));
  Listen("/in");
  EXPECT_TRUE(RawClient::Open(port, "/in").connected());
  StopListening(0);
  EXPECT_TRUE(RawClient(port).connected());
}

TEST_F(ServerTest, ATakenPortIsTheCreatorsErrorAtOnce) {
  StartServer();
  Listen("/in");
  ServerOptions options = LoopbackOptions();
  options.port = Port();
  Server second(*loop_, options);
  RecordingSink sink;
  ingest::StreamSpec spec;
  spec.role = ingest::ServerRole{"/in"};
  const auto source = second.CreateSource(std::make_shared<const ingest::StreamSpec>(spec), sink);
  const absl::Status status = loop_->Call([&] { return source->Start(); });
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(
      status.message().find("cannot listen on 127.0.0.1:" + std::to_string(options.port) + ": Address already in use"),
      std::string::npos)
      << status;
  const ErrorDetail detail = GetErrorDetail(status);
  EXPECT_EQ(detail.reason, "ADDRESS_UNAVAILABLE");
  const std::vector<std::pair<std::string, std::string>> metadata{
      {"address", "127.0.0.1:" + std::to_string(options.port)}, {"errno", "EADDRINUSE"}};
  EXPECT_EQ(detail.metadata, metadata);
  EXPECT_EQ(sink.Lines(), std::vector<std::string>{});
  // The first goes on; with it gone, the second can start.
  EXPECT_TRUE(RawClient::Open(options.port, "/in").connected());
  StopListening(0);
  EXPECT_TRUE(loop_->Call([&] { return source->Start(); }).ok());
  OnLoop([&] { source->Stop(); });
  StopLoop();
}

TEST_F(ServerTest, AnAddressThatIsNoneIsTheCreatorsError) {
  ServerOptions options = LoopbackOptions();
  options.ip = "somewhere";
  options.port = 1;
  StartServer(options);
  Listen("/in");
  EXPECT_EQ(GetErrorDetail(status_).reason, "ADDRESS_UNAVAILABLE");
  EXPECT_NE(status_.message().find("somewhere:1"), std::string::npos) << status_;
}

TEST_F(ServerTest, ListensOnIpv6) {
  ServerOptions options = LoopbackOptions();
  options.ip = "::1";
  StartServer(options);
  RecordingSink& sink = Listen("/in");
  ASSERT_TRUE(status_.ok()) << status_;
  EXPECT_TRUE(source(0).endpoint().starts_with("ws://[::1]:")) << source(0).endpoint();
  RawClient client(Port(), "::1");
  client.Send(Handshake("/in"));
  EXPECT_TRUE(sink.WaitFor("connect"));
  EXPECT_TRUE(sink.LastPeer().starts_with("[::1]:"));
}

TEST_F(ServerTest, ShowsThePublicUrl) {
  ServerOptions options = LoopbackOptions();
  options.public_url = "wss://feed.example.com/x/";
  StartServer(options);
  Listen("/in");
  EXPECT_EQ(source(0).endpoint(), "wss://feed.example.com/x/in");
}

TEST_F(ServerTest, AnEndpointIsToldUnlessStartedToo) {
  ServerOptions options = LoopbackOptions();
  options.public_url = "wss://feed.example.com/x/";
  StartServer(options);
  Listen("/a");
  StopListening(0);
  const auto changed = std::make_shared<const ingest::StreamSpec>(StreamOn("/b", "demo"));
  OnLoop([&] { source(0).Change(changed, "changed"); });
  EXPECT_EQ(source(0).endpoint(), "wss://feed.example.com/x/b");
}

TEST_F(ServerTest, WithoutDescriptorsItRestsASecondAndLosesNobody) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  RawClient client(Port());  // before the limit, since it needs one itself
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  ASSERT_TRUE(Eventually([&] { return counters().accepted.value() == 1; }));
  std::vector<RawClient> waiting;
  OnLoop([&] {
    for (int i = 0; i < 3; ++i) waiting.emplace_back(server_->bound_port());
    const rlimit none{3, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
  });
  EXPECT_TRUE(Eventually([&] { return counters().accept_pauses.value() == 1; }));
  client.Send(Handshake("/in") + Text("meanwhile"));
  EXPECT_TRUE(sink.WaitFor("message meanwhile"));
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_TRUE(Eventually([&] { return counters().accepted.value() == 4; }));
  EXPECT_LE(counters().accept_pauses.value(), 3U);
}

// --- streams

TEST_F(ServerTest, SeveralConnectionsFeedOnePathWithIdsOfTheirOwn) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  std::vector<RawClient> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(RawClient::Open(Port(), "/in"));
    clients.back().Send(Text(std::to_string(i)));
  }
  ASSERT_TRUE(sink.WaitForMessages(10));
  const std::vector<uint64_t> ids = sink.Connections();
  for (size_t i = 1; i < ids.size(); ++i) EXPECT_LT(ids[i - 1], ids[i]);
  EXPECT_EQ(counters().open_connections.value(), 10U);
  clients.clear();
  EXPECT_TRUE(Eventually([&] { return counters().open_connections.value() == 0; }));
  EXPECT_EQ(counters().closed.value(), 10U);
}

TEST_F(ServerTest, TwoStreamsOnAPathBothGetEveryMessage) {
  StartServer();
  RecordingSink& one = Listen("/in", 1000, "one");
  RawClient early = RawClient::Open(Port(), "/in");
  ASSERT_TRUE(one.WaitFor("connect"));
  RecordingSink& two = Listen("/in", 1000, "two");
  ASSERT_TRUE(status_.ok()) << status_;
  EXPECT_TRUE(two.WaitFor("connect"));  // it learns of the connection that is there
  early.Send(Text("both"));
  EXPECT_TRUE(one.WaitFor("message both"));
  EXPECT_TRUE(two.WaitFor("message both"));
  // The end of one does not touch the other, nor the connection.
  StopListening(0);
  EXPECT_EQ(one.Lines().back(), "disconnect 1001 the stream was stopped");
  early.Send(Text("one is gone"));
  EXPECT_TRUE(two.WaitFor("message one is gone"));
  EXPECT_EQ(one.Lines().back(), "disconnect 1001 the stream was stopped");
  StopListening(1);
  EXPECT_EQ(early.ReadCloseCode(), 1001);
}

TEST_F(ServerTest, StreamsThatDisagreeCannotShareAPath) {
  StartServer();
  Listen("/in", 1000, "one");
  RecordingSink& two = Listen("/in", 2000, "two");
  EXPECT_EQ(GetErrorDetail(status_).reason, "ENDPOINT_CONFLICT");
  EXPECT_EQ(two.Lines(), std::vector<std::string>{});
  RawClient client = RawClient::Open(Port(), "/in");
  client.Send(Text(std::string(1001, 'x')));
  EXPECT_EQ(client.ReadCloseCode(), 1009);  // the first one's setting
}

TEST_F(ServerTest, APathVariableTakesAnySegment) {
  StartServer();
  RecordingSink& any = Listen("/devices/{id}");
  RecordingSink& one = Listen("/devices/main");
  RawClient seven = RawClient::Open(Port(), "/devices/7");
  RawClient main = RawClient::Open(Port(), "/devices/main");
  seven.Send(Text("seven"));
  main.Send(Text("main"));
  EXPECT_TRUE(any.WaitFor("message seven"));
  EXPECT_TRUE(one.WaitFor("message main"));
  EXPECT_EQ(any.Messages().size(), 1U);
}

TEST_F(ServerTest, AStoppedSourceIsNotCalledAgain) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  Listen("/other");
  RawClient client = RawClient::Open(Port(), "/in");
  std::atomic<bool> stop{false};
  std::thread sender([&] {
    while (!stop && client.Send(Text("x"))) {
    }
  });
  ASSERT_TRUE(sink.WaitForMessages(100));
  size_t lines = 0;
  OnLoop([&] {
    source(0).Stop();
    lines = sink.Lines().size();
  });
  EXPECT_EQ(sink.Lines().back(), "disconnect 1001 the stream was stopped");
  EXPECT_EQ(client.ReadCloseCode(), 1001);
  stop = true;
  sender.join();
  client.CloseSocket();
  EXPECT_TRUE(Eventually([&] { return counters().open_connections.value() == 0; }));
  RawClient late(Port());
  late.Send(Handshake("/in"));
  EXPECT_TRUE(late.ReadHttp().starts_with("HTTP/1.1 404 "));
  EXPECT_EQ(sink.Lines().size(), lines);
}

TEST_F(ServerTest, ASourceMayStartAgain) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  StopListening(0);
  StopListening(0);
  EXPECT_TRUE(loop_->Call([&] { return source(0).Start(); }).ok());
  RawClient client = RawClient::Open(Port(), "/in");
  client.Send(Text("again"));
  EXPECT_TRUE(sink.WaitFor("message again"));
}

// --- what libwebsockets on libev would lose or delay

// On a loop without an idle turn, what came in the segment of the handshake would wait for ever.
TEST_F(ServerTest, MessagesInTheSegmentOfTheHandshakeDoNotWaitForAnIdleTurn) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  std::atomic<bool> stop{false};
  std::function<void()> keep_busy = [&] {
    if (!stop) loop_->Post(keep_busy);
  };
  loop_->Post(keep_busy);
  RawClient client(Port());
  client.Send(Handshake("/in") + Text("early") + Text("bird"));
  EXPECT_TRUE(sink.WaitForMessages(2));
  stop = true;
  // Twice: the first may stand before a call of keep_busy that is posted already.
  OnLoop([] {});
  OnLoop([] {});
}

// libuv would throw them away.
TEST_F(ServerTest, WhatAPeerSentBeforeItsResetIsDelivered) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  RawClient client = RawClient::Open(Port(), "/in");
  ASSERT_TRUE(sink.WaitFor("connect"));
  OnLoop([&] {  // while the loop is busy
    std::string bytes;
    for (int i = 0; i < 101; ++i) bytes += Text(std::to_string(i));
    client.Send(bytes);
    client.Reset();
  });
  EXPECT_TRUE(sink.WaitFor("disconnect 1006"));
  EXPECT_EQ(sink.Messages().size(), 101U);
}

TEST_F(ServerTest, ConnectionsThatAreGoneBeforeTheyAreAcceptedDoNoHarm) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  const uint16_t port = Port();
  OnLoop([&] {
    for (int i = 0; i < 100; ++i) RawClient(port).Reset();
  });
  RawClient client = RawClient::Open(port, "/in");
  client.Send(Text("x"));
  EXPECT_TRUE(sink.WaitFor("message x"));
  EXPECT_TRUE(Eventually([&] { return counters().handshakes_pending.value() == 0; }));
}

}  // namespace
}  // namespace inlet::ws
