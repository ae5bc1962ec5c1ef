// Clients of the server role whose connections are cut: what arrived is taken, and neighbours feel nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "ingest/text.h"
#include "tests/ingest/ws/fault_proxy.h"
#include "tests/ingest/ws/server_fixture.h"

namespace inlet::ws {
namespace {

constexpr int kNeighbours = 3;
constexpr int kCuts = 200;
constexpr int kMessagesOfACut = 60;

// "WHO NUMBER filling": the number of each sender begins with 1.
std::string TextOf(const std::string& who, int number) {
  return Concat({who, " ", std::to_string(number), " ", std::string(static_cast<size_t>(number * 31 % 97), 'x')});
}

// How many of a sender's messages are whole in the first `bytes`, which begin with its handshake.
int WholeIn(const std::string& who, uint64_t bytes) {
  uint64_t used = Handshake("/in").size();
  int whole = 0;
  while (used + Text(TextOf(who, whole + 1)).size() <= bytes) used += Text(TextOf(who, ++whole)).size();
  return whole;
}

// Sends until told to stop; returns how many.
int SendAllTheTime(uint16_t port, const std::string& who, const std::atomic<bool>& stopping) {
  RawClient client = RawClient::Open(port, "/in");
  int sent = 0;
  while (!stopping) {
    if (!client.Send(Text(TextOf(who, sent + 1)))) return -1;
    ++sent;
    std::this_thread::sleep_for(std::chrono::microseconds(200));  // a load, not a flood
  }
  client.Send(Frame(kClose, ClosePayload(1000)));
  client.ReadCloseCode();
  return sent;
}

class FaultServer : public ServerTest {
 protected:
  // The numbers of each sender, in the order of their coming; the texts must be whole.
  static std::map<std::string, int> CountBySender(const RecordingSink& sink) {
    std::map<std::string, int> counts;
    for (const std::string& text : sink.Messages()) {
      const std::string who = text.substr(0, text.find(' '));
      EXPECT_EQ(text, TextOf(who, ++counts[who]));
    }
    return counts;
  }
};

TEST_F(FaultServer, CutsOfSomeLeaveTheOthersWhole) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  std::atomic<bool> stopping = false;
  std::vector<int> sent(kNeighbours);
  std::vector<std::thread> neighbours;
  neighbours.reserve(kNeighbours);
  for (int i = 0; i < kNeighbours; ++i) {
    neighbours.emplace_back([&, i] { sent[i] = SendAllTheTime(Port(), "neighbour" + std::to_string(i), stopping); });
  }
  std::mt19937 random(4711);
  FaultProxy proxy(Port(), [&](size_t connection) {
    return FaultPlan{.end = connection % 2 == 0 ? FaultPlan::End::kClose : FaultPlan::End::kReset,
                     .to_server = random() % 3000,
                     .piece = connection % 5 == 0 ? size_t{50} : size_t{0}};
  });
  for (int i = 0; i < kCuts; ++i) {
    RawClient client = RawClient::Open(proxy.port(), "/in");
    const std::string who = "cut" + std::to_string(i);
    for (int number = 1; number <= kMessagesOfACut && client.Send(Text(TextOf(who, number))); ++number) continue;
    if (client.connected()) client.ReadCloseCode();  // the cut
  }
  EXPECT_TRUE(
      Eventually([&] { return std::ranges::all_of(proxy.Flows(), [](const FaultFlow& flow) { return flow.ended; }); }));
  stopping = true;
  for (std::thread& one : neighbours) one.join();
  EXPECT_TRUE(Eventually([&] { return sink.CountLines("disconnect") == sink.CountLines("connect"); }));
  std::map<std::string, int> counts = CountBySender(sink);
  for (int i = 0; i < kNeighbours; ++i) EXPECT_EQ(counts["neighbour" + std::to_string(i)], sent[i]);
  const std::vector<FaultFlow> flows = proxy.Flows();
  ASSERT_EQ(flows.size(), static_cast<size_t>(kCuts));
  for (int i = 0; i < kCuts; ++i) {
    const std::string who = "cut" + std::to_string(i);
    EXPECT_GE(counts[who], WholeIn(who, flows[i].arrived_at_server)) << who;
    EXPECT_LE(counts[who], WholeIn(who, flows[i].to_server)) << who;
  }
}

}  // namespace
}  // namespace inlet::ws
