// What bounds the server, how silent peers are found, and how connections and the whole server end.
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
#include "ingest/ws/server.h"
#include "tests/ingest/ws/server_fixture.h"

namespace inlet::ws {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// --- bounds and deadlines

TEST_F(ServerTest, LongMessagesOfAllTogetherAreBoundedAndTheOldestGivesWay) {
  ServerOptions options = LoopbackOptions();
  options.max_assembly_bytes = 17'000;
  StartServer(options);
  RecordingSink& sink = Listen("/in");
  RawClient first = RawClient::Open(Port(), "/in");
  RawClient second = RawClient::Open(Port(), "/in");
  first.Send(Frame(kText, std::string(8'000, 'x'), {.fin = false}));
  EXPECT_TRUE(Eventually([&] { return counters().assembly_bytes.value() >= 8'000; }));
  second.Send(Frame(kText, std::string(12'000, 'x'), {.fin = false}));
  EXPECT_EQ(first.ReadCloseCode(), 1013);
  EXPECT_EQ(counters().assembly_refusals.value(), 1U);
  EXPECT_TRUE(sink.WaitFor("no room 8000"));
  second.Send(Frame(kContinuation, "y"));
  EXPECT_TRUE(sink.WaitForMessages(1));
  EXPECT_TRUE(Eventually([&] { return counters().assembly_bytes.value() == 0; }));
  EXPECT_TRUE(Eventually([&] { return counters().closed.value() == 1; }));
  EXPECT_EQ(counters().unfinished_messages.value(), 0U) << "a message that is a reject is counted there";
}

TEST_F(ServerTest, AMessageThatItsSenderDoesNotFinishIsCounted) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  for (const Opcode opcode : {kText, kBinary}) {
    RawClient client = RawClient::Open(Port(), "/in");
    client.Send(Frame(opcode, "some", {.fin = false}));
    client.CloseSocket();
  }
  RawClient whole = RawClient::Open(Port(), "/in");
  whole.Send(Frame(kText, "all", {.fin = false}) + Frame(kContinuation, " of it"));
  EXPECT_TRUE(sink.WaitForMessages(1));
  whole.CloseSocket();
  EXPECT_TRUE(Eventually([&] { return counters().closed.value() == 3; }));
  EXPECT_EQ(counters().unfinished_messages.value(), 2U);
}

TEST_F(ServerTest, AMessageThatAloneExceedsTheBoundOfAllIsRefused) {
  ServerOptions options = LoopbackOptions();
  options.max_assembly_bytes = 17'000;
  StartServer(options);
  Listen("/in");
  RawClient client = RawClient::Open(Port(), "/in");
  client.Send(Frame(kText, std::string(20'000, 'x'), {.fin = false}));
  EXPECT_EQ(client.ReadCloseCode(), 1013);
}

TEST_F(ServerTest, AConnectionGivesItsBufferBack) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  const size_t before = PageBlocks::Instance().count();
  RawClient client = RawClient::Open(Port(), "/in");
  ASSERT_TRUE(sink.WaitFor("connect"));
  EXPECT_EQ(PageBlocks::Instance().count(), before + 1);
  client.CloseSocket();
  EXPECT_TRUE(Eventually([&] { return PageBlocks::Instance().count() == before; }));
}

class SilenceTest : public ServerTest {
 protected:
  RecordingSink& ListenWith(milliseconds ping_interval, milliseconds idle_timeout) {
    ingest::StreamSpec spec = StreamOn("/in");
    spec.connection.ping_interval = ping_interval;
    spec.connection.idle_timeout = idle_timeout;
    return Listen(spec);
  }
};

TEST_F(SilenceTest, ASilentPeerGetsPingsAndStaysIfItAnswers) {
  StartServer();
  RecordingSink& sink = ListenWith(milliseconds(100), milliseconds(1000));
  RawClient client = RawClient::Open(Port(), "/in");
  for (int i = 0; i < 8; ++i) {
    const std::optional<ReceivedFrame> ping = client.ReadFrame();
    ASSERT_TRUE(ping);
    ASSERT_EQ(ping->opcode, kPing);
    ASSERT_TRUE(client.Send(Frame(kPong, ping->payload)));
  }
  EXPECT_EQ(sink.CountLines("disconnect"), 0U);
  EXPECT_GE(counters().pings_sent.value(), 8U);
}

TEST_F(SilenceTest, APeerThatDoesNotAnswerPingsIsClosed) {
  ServerOptions options = LoopbackOptions();
  options.close_timeout = milliseconds(100);
  StartServer(options);
  RecordingSink& sink = ListenWith(milliseconds(100), milliseconds(300));
  RawClient client = RawClient::Open(Port(), "/in");
  EXPECT_EQ(client.ReadFrame()->opcode, kPing);
  EXPECT_EQ(client.ReadCloseCode(), 1011);
  EXPECT_TRUE(client.AtEnd());  // without our answer
  EXPECT_TRUE(sink.WaitFor("disconnect 1011 no answer to pings"));
  EXPECT_EQ(counters().idle_closes.value(), 1U);
  EXPECT_EQ(counters().pings_sent.value(), 1U);
}

TEST_F(SilenceTest, DataAreASignOfLife) {
  StartServer();
  RecordingSink& sink = ListenWith(milliseconds(0), milliseconds(400));
  RawClient client = RawClient::Open(Port(), "/in");
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(client.Send(Text("x")));
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_TRUE(sink.WaitForMessages(40));
  EXPECT_EQ(counters().idle_closes.value(), 0U);
  EXPECT_EQ(client.ReadCloseCode(), 1011);
}

TEST_F(ServerTest, APeerThatDoesNotAnswerACloseIsCut) {
  ServerOptions options = LoopbackOptions();
  options.close_timeout = milliseconds(200);
  StartServer(options);
  RecordingSink& sink = Listen("/in", 10);
  RawClient client = RawClient::Open(Port(), "/in");
  client.Send(Text("more than ten bytes"));
  EXPECT_EQ(client.ReadCloseCode(), 1009);
  EXPECT_TRUE(client.AtEnd());
  EXPECT_TRUE(sink.WaitFor("disconnect 1009"));
  EXPECT_EQ(counters().kills.value(), 1U);
}

TEST_F(ServerTest, APeerThatDoesNotAnswerACloseIsCountedWithTheDefaultTime) {
  StartServer();
  Listen("/in", 10);
  RawClient client = RawClient::Open(Port(), "/in");
  client.Send(Text("more than ten bytes"));
  EXPECT_EQ(client.ReadCloseCode(), 1009);
  EXPECT_TRUE(client.AtEnd());
  EXPECT_TRUE(Eventually([&] { return counters().closed.value() == 1; }));
  EXPECT_EQ(counters().kills.value(), 1U);
}

// --- the end

class CloseAllTest : public ServerTest {
 protected:
  std::future<void> CloseAll(milliseconds spread) {
    auto done = std::make_shared<std::promise<void>>();
    OnLoop([&] { server_->CloseAll(spread, [done] { done->set_value(); }); });
    return done->get_future();
  }
};

TEST_F(CloseAllTest, EveryConnectionGets1001) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  std::vector<RawClient> clients;
  clients.reserve(20);
  for (int i = 0; i < 20; ++i) clients.push_back(RawClient::Open(Port(), "/in"));
  const uint16_t port = Port();
  std::future<void> done = CloseAll(milliseconds(200));
  EXPECT_FALSE(RawClient(port).connected());
  for (RawClient& client : clients) {
    EXPECT_EQ(client.ReadCloseCode(), 1001);
    client.Send(Frame(kClose, ClosePayload(1001)));
    EXPECT_TRUE(client.AtEnd());
  }
  EXPECT_EQ(done.wait_for(seconds(20)), std::future_status::ready);
  EXPECT_EQ(sink.CountLines("disconnect 1001 the service stops"), 20U);
  EXPECT_EQ(counters().open_connections.value(), 0U);
  EXPECT_EQ(counters().kills.value(), 0U);
}

TEST_F(CloseAllTest, WithoutConnectionsItIsDoneAtOnce) {
  StartServer();
  Listen("/in");
  EXPECT_EQ(CloseAll(seconds(1000)).wait_for(seconds(20)), std::future_status::ready);
}

TEST_F(CloseAllTest, MutePeersAndUnfinishedHandshakesDoNotHoldItUp) {
  ServerOptions options = LoopbackOptions();
  options.close_timeout = milliseconds(200);
  StartServer(options);
  RecordingSink& sink = Listen("/in");
  RawClient silent(Port());
  ASSERT_TRUE(Eventually([&] { return counters().handshakes_pending.value() == 1; }));
  RawClient mute = RawClient::Open(Port(), "/in");
  EXPECT_EQ(CloseAll(milliseconds(0)).wait_for(seconds(20)), std::future_status::ready);
  EXPECT_EQ(mute.ReadCloseCode(), 1001);
  EXPECT_TRUE(silent.AtEnd());
  EXPECT_EQ(sink.CountLines("disconnect 1001"), 1U);
}

TEST_F(CloseAllTest, NoStreamStartsAfterIt) {
  StartServer();
  Listen("/in");
  CloseAll(milliseconds(0)).wait();
  Listen("/late");
  EXPECT_EQ(status_.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorDetail(status_).reason, "DRAINING");
}

TEST_F(CloseAllTest, TheLoopMayEndWithConnectionsAlive) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  RawClient silent(Port());
  std::vector<RawClient> clients;
  clients.reserve(5);
  for (int i = 0; i < 5; ++i) clients.push_back(RawClient::Open(Port(), "/in"));
  clients.front().Send(Frame(kText, "unfinished", {.fin = false}));
  EXPECT_TRUE(Eventually([&] { return counters().assembly_bytes.value() > 0; }));
  std::future<void> done = CloseAll(seconds(1000));  // which has hardly begun
  StopLoop();
  EXPECT_EQ(done.wait_for(seconds(0)), std::future_status::ready);
  EXPECT_EQ(sink.CountLines("disconnect"), 5U);
  EXPECT_EQ(counters().open_connections.value(), 0U);
}

}  // namespace
}  // namespace inlet::ws
