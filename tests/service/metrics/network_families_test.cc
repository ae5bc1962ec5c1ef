// What the network counts is all to be seen.
#include "service/metrics/network_families.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/service/metrics/samples.h"

namespace inlet::metrics {
namespace {

using testing::Contains;
using testing::IsEmpty;
using ws::Counter;

// Counters are made of counters alone, so a look at each of them is one at an array.
template <typename Counters>
std::set<uint64_t> NumberAll(Counters& counters, uint64_t first) {
  static_assert(sizeof(Counters) % sizeof(Counter) == 0);
  auto* const all = reinterpret_cast<Counter*>(&counters);
  std::set<uint64_t> numbers;
  for (size_t i = 0; i < sizeof(Counters) / sizeof(Counter); ++i) {
    all[i].Set(first + i);
    numbers.insert(first + i);
  }
  return numbers;
}

// The numbers that no sample shows.
std::set<uint64_t> Missing(std::set<uint64_t> numbers, const std::set<std::string>& samples) {
  for (const std::string& sample : samples) numbers.erase(std::stoull(sample.substr(sample.rfind(' ') + 1)));
  return numbers;
}

TEST(NetworkFamilies, EveryCounterOfBothRolesIsASample) {
  ws::ServerCounters server;
  ws::DialCounters client;
  std::set<uint64_t> numbers = NumberAll(server, 1000);
  numbers.merge(NumberAll(client, 2000));
  numbers.erase(client.trust_parses.value());  // for tests: how often authorities were parsed
  EXPECT_THAT(Missing(numbers, SamplesOf(NetworkFamilies(server, client))), IsEmpty());
}

TEST(NetworkFamilies, RolesAndReasonsAreLabels) {
  ws::ServerCounters server;
  ws::DialCounters client;
  server.text_messages.Set(7);
  client.open_connections.Set(2);
  client.idle_closes.Set(3);
  server.refused[static_cast<size_t>(ws::RefusalKind::kOrigin)].Set(4);
  server.tls_failures.Set(5);
  client.dials.Set(6);
  const std::set<std::string> samples = SamplesOf(NetworkFamilies(server, client));
  EXPECT_THAT(samples, Contains(R"(inlet_messages_total{role="server",type="text"} 7)"));
  EXPECT_THAT(samples, Contains(R"(inlet_connections{role="client"} 2)"));
  EXPECT_THAT(samples, Contains(R"(inlet_connections_cut_total{role="client",reason="no_pong"} 3)"));
  EXPECT_THAT(samples, Contains(R"(inlet_handshakes_refused_total{reason="origin"} 4)"));
  EXPECT_THAT(samples, Contains(R"(inlet_handshakes_failed_total{reason="tls"} 5)"));
  EXPECT_THAT(samples, Contains("inlet_dials_total 6"));
}

}  // namespace
}  // namespace inlet::metrics
