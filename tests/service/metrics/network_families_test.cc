// What the network counts is all to be seen.
#include "service/metrics/network_families.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/service/metrics/samples.h"

namespace inlet::metrics {
namespace {

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

// Numbers as in the declarations: those of the server from 1000, those of the client role from 2000.
TEST(NetworkFamilies, EachCounterHasItsNameAndLabels) {
  ws::ServerCounters server;
  ws::DialCounters client;
  NumberAll(server, 1000);
  NumberAll(client, 2000);
  const std::set<std::string> expected = {
      R"(inlet_accept_pauses_total 1005)",
      R"(inlet_accepted_total 1004)",
      R"(inlet_assembly_bytes{role="client"} 2001)",
      R"(inlet_assembly_bytes{role="server"} 1002)",
      R"(inlet_connections_closed_total{role="client"} 2006)",
      R"(inlet_connections_closed_total{role="server"} 1024)",
      R"(inlet_connections_cut_total{role="client",reason="assembly_full"} 2014)",
      R"(inlet_connections_cut_total{role="client",reason="invalid_utf8"} 2012)",
      R"(inlet_connections_cut_total{role="client",reason="message_too_large"} 2011)",
      R"(inlet_connections_cut_total{role="client",reason="no_close_frame"} 2019)",
      R"(inlet_connections_cut_total{role="client",reason="no_pong"} 2018)",
      R"(inlet_connections_cut_total{role="client",reason="protocol_error"} 2013)",
      R"(inlet_connections_cut_total{role="server",reason="assembly_full"} 1032)",
      R"(inlet_connections_cut_total{role="server",reason="invalid_utf8"} 1030)",
      R"(inlet_connections_cut_total{role="server",reason="message_too_large"} 1029)",
      R"(inlet_connections_cut_total{role="server",reason="no_close_frame"} 1037)",
      R"(inlet_connections_cut_total{role="server",reason="no_pong"} 1036)",
      R"(inlet_connections_cut_total{role="server",reason="protocol_error"} 1031)",
      R"(inlet_connections_opened_total{role="client"} 2005)",
      R"(inlet_connections_opened_total{role="server"} 1023)",
      R"(inlet_connections{role="client"} 2000)",
      R"(inlet_connections{role="server"} 1001)",
      R"(inlet_dial_failures_total 2004)",
      R"(inlet_dials_total 2003)",
      R"(inlet_handshakes_failed_total{reason="dropped"} 1010)",
      R"(inlet_handshakes_failed_total{reason="not_adopted"} 1006)",
      R"(inlet_handshakes_failed_total{reason="proxy_header"} 1008)",
      R"(inlet_handshakes_failed_total{reason="tls"} 1009)",
      R"(inlet_handshakes_failed_total{reason="too_many_pending"} 1007)",
      R"(inlet_handshakes_pending 1000)",
      R"(inlet_handshakes_refused_total{reason="credentials"} 1020)",
      R"(inlet_handshakes_refused_total{reason="malformed"} 1015)",
      R"(inlet_handshakes_refused_total{reason="method"} 1013)",
      R"(inlet_handshakes_refused_total{reason="not_websocket"} 1012)",
      R"(inlet_handshakes_refused_total{reason="origin"} 1018)",
      R"(inlet_handshakes_refused_total{reason="path_too_long"} 1014)",
      R"(inlet_handshakes_refused_total{reason="subprotocol"} 1017)",
      R"(inlet_handshakes_refused_total{reason="timeout"} 1022)",
      R"(inlet_handshakes_refused_total{reason="too_many_connections"} 1021)",
      R"(inlet_handshakes_refused_total{reason="unauthorized"} 1019)",
      R"(inlet_handshakes_refused_total{reason="unknown_path"} 1011)",
      R"(inlet_handshakes_refused_total{reason="version"} 1016)",
      R"(inlet_message_bytes_total{role="client"} 2009)",
      R"(inlet_message_bytes_total{role="server"} 1027)",
      R"(inlet_messages_total{role="client",type="binary"} 2008)",
      R"(inlet_messages_total{role="client",type="text"} 2007)",
      R"(inlet_messages_total{role="server",type="binary"} 1026)",
      R"(inlet_messages_total{role="server",type="text"} 1025)",
      R"(inlet_messages_unfinished_total{role="client"} 2010)",
      R"(inlet_messages_unfinished_total{role="server"} 1028)",
      R"(inlet_pings_sent_total{role="client"} 2017)",
      R"(inlet_pings_sent_total{role="server"} 1035)",
      R"(inlet_send_queue_bytes{role="client"} 2002)",
      R"(inlet_send_queue_bytes{role="server"} 1003)",
      R"(inlet_texts_refused_total{role="client"} 2016)",
      R"(inlet_texts_refused_total{role="server"} 1034)",
      R"(inlet_texts_sent_total{role="client"} 2015)",
      R"(inlet_texts_sent_total{role="server"} 1033)",
  };
  EXPECT_EQ(SamplesOf(NetworkFamilies(server, client)), expected);
}

}  // namespace
}  // namespace inlet::metrics
