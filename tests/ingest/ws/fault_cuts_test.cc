// A thousand cuts under load: nothing that arrived is lost, nothing comes twice, and each hole is a gap record.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/ingest/ws/counting_server.h"
#include "tests/ingest/ws/fault_fixture.h"
#include "tests/ingest/ws/fault_proxy.h"

namespace inlet::ws {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr size_t kCuts = 200;
#else
constexpr size_t kCuts = 1000;
#endif
constexpr size_t kStreams = 4;
constexpr size_t kCutsOfOne = kCuts / kStreams;

// INLET_TEST_SEED repeats a run.
uint64_t Seed() {
  const char* const given = std::getenv("INLET_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

// Cuts of all orders of magnitude: inside the request, the answer, a header, a message, or after thousands of them.
FaultPlan RandomPlan(std::mt19937_64& random) {
  const auto below = [&](uint64_t end) { return random() % end; };
  FaultPlan plan;
  plan.end = below(2) == 0 ? FaultPlan::End::kClose : FaultPlan::End::kReset;
  if (below(10) == 0) {
    plan.to_server = below(190);
  } else {
    plan.to_client = static_cast<uint64_t>(std::exp2(std::uniform_real_distribution<double>(0, 17.5)(random)));
  }
  if (below(8) == 0) {
    plan.piece = 1 + below(7);
    plan.to_client = std::min<uint64_t>(plan.to_client, 2000);
  }
  return plan;
}

// One stream, its server, and the proxy between them.
struct Line {
  explicit Line(uint64_t seed)
      : random(seed), proxy(server.port(), [this](size_t connection) {
          return connection < kCutsOfOne ? RandomPlan(random) : FaultPlan();
        }) {}

  // Whether all cuts are done, and the last connection, which has none, has brought something. Ends the load.
  bool IsDone() {
    if (last > 0) return true;
    const std::vector<FaultFlow> flows = proxy.Flows();
    if (flows.size() <= kCutsOfOne || flows.back().to_client <= 1000) return false;
    last = server.Pause();
    return true;
  }

  CountingServer server;
  uint64_t last = 0;       // number sent; 0: the load goes on
  std::mt19937_64 random;  // the proxy's thread
  FaultProxy proxy;
};

// Numbers rise; where one is missing there is a gap record; and a gap record means another connection.
std::vector<uint64_t> NumbersOf(const std::vector<v1::Record>& records) {
  std::vector<uint64_t> numbers;
  bool gap = true;
  uint64_t connection = 0;
  for (const v1::Record& record : records) {
    if (record.has_gap()) {
      EXPECT_EQ(record.gap().cause(), v1::Gap::SOURCE_DOWN);
      EXPECT_FALSE(record.gap().detail().empty());
      gap = true;
      continue;
    }
    const uint64_t number = CountingServer::NumberOf(record.json());
    const uint64_t last = numbers.empty() ? 0 : numbers.back();
    EXPECT_GT(number, last) << record.json().substr(0, 100);
    EXPECT_TRUE(gap || number == last + 1) << number << " after " << last;
    EXPECT_EQ(gap, record.connection() != connection) << number;
    connection = record.connection();
    gap = false;
    numbers.push_back(number);
  }
  return numbers;
}

// What had arrived when the connection was cut is there, and what had not passed is not.
void ExpectWhatArrived(const Line& line, const std::vector<uint64_t>& numbers) {
  const std::vector<FaultFlow> flows = line.proxy.Flows();
  for (size_t i = 0; i < kCutsOfOne; ++i) {
    ASSERT_TRUE(flows[i].ended) << i;
    const uint64_t first = line.server.First(i);
    const auto begin = std::ranges::lower_bound(numbers, first);
    const auto end = std::ranges::lower_bound(numbers, line.server.First(i + 1));
    const auto count = static_cast<uint64_t>(end - begin);
    EXPECT_GE(count, line.server.WholeIn(i, flows[i].arrived_at_client)) << "connection " << i;
    EXPECT_LE(count, line.server.WholeIn(i, flows[i].to_client)) << "connection " << i;
    EXPECT_TRUE(count == 0 || *begin == first) << "connection " << i;
  }
}

class FaultCuts : public FaultTest {};

TEST_F(FaultCuts, LoseNothingThatArrivedRepeatNothingAndLeaveGapRecords) {
  const uint64_t seed = Seed();
  std::cout << "INLET_TEST_SEED=" << seed << '\n';
  const testing::ScopedTrace trace(__FILE__, __LINE__, "INLET_TEST_SEED=" + std::to_string(seed));
  std::vector<std::unique_ptr<Line>> lines;
  std::vector<ingest::Stream*> streams;
  for (size_t i = 0; i < kStreams; ++i) {
    lines.push_back(std::make_unique<Line>(seed + i));
    streams.push_back(&Start(RoleTo(lines.back()->proxy.port())));
  }
  EXPECT_TRUE(Eventually([&] { return std::ranges::all_of(lines, [](const auto& line) { return line->IsDone(); }); }));
  for (size_t i = 0; i < kStreams; ++i) {
    const ingest::Stream& stream = *streams[i];
    ASSERT_GT(lines[i]->last, 0U) << lines[i]->proxy.Flows().size() << " connections";
    ASSERT_TRUE(Eventually([&] { return LastLine(stream) == CountingServer::TextOf(lines[i]->last); }));
    ExpectWhatArrived(*lines[i], NumbersOf(Records(stream)));
    EXPECT_EQ(CountGaps(stream), stream.Snapshot().connects - 1);
    EXPECT_GT(stream.Snapshot().connects, kCutsOfOne / 3);
  }
}

}  // namespace
}  // namespace inlet::ws
