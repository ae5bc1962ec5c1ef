// What the WebSocket server and the client role count, as metrics: one table a kind of label.
#include "service/metrics/network_families.h"

#include <array>
#include <span>
#include <utility>

namespace inlet::metrics {
namespace {

using ws::Counter;
using ws::DialCounters;
using ws::ServerCounters;

// Counted by both roles.
struct SharedRow {
  Kind kind;
  std::string_view name;
  std::string_view help;
  Counter ServerCounters::*server;
  Counter DialCounters::*client;
};

constexpr std::array kShared = {
    SharedRow{Kind::kGauge, "inlet_connections", "WebSocket connections that are open.",
              &ServerCounters::open_connections, &DialCounters::open_connections},
    SharedRow{Kind::kCounter, "inlet_connections_opened_total", "WebSocket connections that were opened.",
              &ServerCounters::opened, &DialCounters::opened},
    SharedRow{Kind::kCounter, "inlet_connections_closed_total", "WebSocket connections that have ended.",
              &ServerCounters::closed, &DialCounters::closed},
    SharedRow{Kind::kCounter, "inlet_message_bytes_total", "Bytes of the whole messages received.",
              &ServerCounters::message_bytes, &DialCounters::message_bytes},
    SharedRow{Kind::kCounter, "inlet_messages_unfinished_total",
              "Messages that had begun when their connection ended, and are no reject.",
              &ServerCounters::unfinished_messages, &DialCounters::unfinished_messages},
    SharedRow{Kind::kGauge, "inlet_assembly_bytes", "Bytes of messages that have begun and not ended.",
              &ServerCounters::assembly_bytes, &DialCounters::assembly_bytes},
    SharedRow{Kind::kGauge, "inlet_send_queue_bytes", "Bytes that texts take which wait for their sockets.",
              &ServerCounters::send_queue_bytes, &DialCounters::send_queue_bytes},
    SharedRow{Kind::kCounter, "inlet_texts_sent_total", "Texts of Send calls that were written to sockets.",
              &ServerCounters::texts_sent, &DialCounters::texts_sent},
    SharedRow{Kind::kCounter, "inlet_texts_refused_total", "Texts of Send calls for which a queue had no room.",
              &ServerCounters::send_refusals, &DialCounters::send_refusals},
    SharedRow{Kind::kCounter, "inlet_pings_sent_total", "Pings sent.", &ServerCounters::pings_sent,
              &DialCounters::pings_sent},
};

// Samples of one family, counted by both roles, with a label more.
struct LabelledRow {
  std::string_view label;
  Counter ServerCounters::*server;
  Counter DialCounters::*client;
};

constexpr std::array kMessageTypes = {
    LabelledRow{"text", &ServerCounters::text_messages, &DialCounters::text_messages},
    LabelledRow{"binary", &ServerCounters::binary_messages, &DialCounters::binary_messages},
};

constexpr std::array kCutReasons = {
    LabelledRow{"message_too_large", &ServerCounters::too_large_messages, &DialCounters::too_large_messages},
    LabelledRow{"invalid_utf8", &ServerCounters::invalid_utf8_messages, &DialCounters::invalid_utf8_messages},
    LabelledRow{"protocol_error", &ServerCounters::protocol_errors, &DialCounters::protocol_errors},
    LabelledRow{"assembly_full", &ServerCounters::assembly_refusals, &DialCounters::assembly_refusals},
    LabelledRow{"no_pong", &ServerCounters::idle_closes, &DialCounters::idle_closes},
    LabelledRow{"no_close_frame", &ServerCounters::kills, &DialCounters::kills},
};

// Counted by one role alone.
template <typename Counters>
struct OwnRow {
  Kind kind = Kind::kGauge;
  std::string_view name;
  std::string_view help;
  Counter Counters::*counter;
};

constexpr std::array kServerRows = {
    OwnRow<ServerCounters>{Kind::kGauge, "inlet_handshakes_pending", "Accepted connections that are not open yet.",
                           &ServerCounters::handshakes_pending},
    OwnRow<ServerCounters>{Kind::kCounter, "inlet_accepted_total", "TCP connections that the server accepted.",
                           &ServerCounters::accepted},
    OwnRow<ServerCounters>{Kind::kCounter, "inlet_accept_pauses_total",
                           "Times that the process had no descriptor left for a connection.",
                           &ServerCounters::accept_pauses},
};

constexpr std::array kClientRows = {
    OwnRow<DialCounters>{Kind::kCounter, "inlet_dials_total", "Dials that were begun, also for checks.",
                         &DialCounters::dials},
    OwnRow<DialCounters>{Kind::kCounter, "inlet_dial_failures_total", "Dials that ended with an error.",
                         &DialCounters::failures},
};

// Handshakes that got no HTTP answer.
constexpr std::array<std::pair<std::string_view, Counter ServerCounters::*>, 5> kHandshakeFailures = {{
    {"too_many_pending", &ServerCounters::handshakes_rejected},
    {"tls", &ServerCounters::tls_failures},
    {"proxy_header", &ServerCounters::proxy_header_failures},
    {"dropped", &ServerCounters::handshakes_dropped},
    {"not_adopted", &ServerCounters::adopt_failures},
}};

double ValueOf(const Counter& counter) { return static_cast<double>(counter.value()); }

class Writer {
 public:
  Writer(const ServerCounters& server, const DialCounters& client) : server_(server), client_(client) {}

  void AddShared() {
    for (const SharedRow& row : kShared) {
      prometheus::MetricFamily& family = Start(row.kind, row.name, row.help);
      AddSample(family, ValueOf(server_.*row.server), {{"role", "server"}});
      AddSample(family, ValueOf(client_.*row.client), {{"role", "client"}});
    }
  }

  void AddLabelled(std::string_view name, std::string_view help, std::string_view label,
                   std::span<const LabelledRow> rows) {
    prometheus::MetricFamily& family = Start(Kind::kCounter, name, help);
    for (const LabelledRow& row : rows) {
      AddSample(family, ValueOf(server_.*row.server), {{"role", "server"}, {label, row.label}});
      AddSample(family, ValueOf(client_.*row.client), {{"role", "client"}, {label, row.label}});
    }
  }

  template <typename Counters>
  void AddOwn(const Counters& counters, std::span<const OwnRow<Counters>> rows) {
    for (const auto& row : rows) AddSample(Start(row.kind, row.name, row.help), ValueOf(counters.*row.counter));
  }

  void AddHandshakes() {
    prometheus::MetricFamily& failed = Start(Kind::kCounter, "inlet_handshakes_failed_total",
                                             "Handshakes of peers that ended without an HTTP answer.");
    for (const auto& [reason, counter] : kHandshakeFailures)
      AddSample(failed, ValueOf(server_.*counter), {{"reason", reason}});
    prometheus::MetricFamily& refused =
        Start(Kind::kCounter, "inlet_handshakes_refused_total", "Handshakes of peers that got an HTTP error.");
    for (size_t kind = 0; kind < server_.refused.size(); ++kind)
      AddSample(refused, ValueOf(server_.refused[kind]), {{"reason", RefusalName(ws::RefusalKind(kind))}});
  }

  Families Take() { return std::move(families_); }

 private:
  // Valid until the next one is started.
  prometheus::MetricFamily& Start(Kind kind, std::string_view name, std::string_view help) {
    return families_.emplace_back(MakeFamily(kind, name, help));
  }

  const ServerCounters& server_;
  const DialCounters& client_;
  Families families_;
};

}  // namespace

Families NetworkFamilies(const ServerCounters& server, const DialCounters& client) {
  Writer writer(server, client);
  writer.AddShared();
  writer.AddLabelled("inlet_messages_total", "Whole messages received.", "type", kMessageTypes);
  writer.AddLabelled("inlet_connections_cut_total", "Reasons for which Inlet ended connections: one may have two.",
                     "reason", kCutReasons);
  writer.AddOwn<ServerCounters>(server, kServerRows);
  writer.AddHandshakes();
  writer.AddOwn<DialCounters>(client, kClientRows);
  return writer.Take();
}

}  // namespace inlet::metrics
