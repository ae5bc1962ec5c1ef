// The metrics of the service: what they are read from, and the port that they are read at.
#include <future>
#include <utility>

#include "ingest/log.h"
#include "service/app.h"

namespace inlet::service {

using metrics::Kind;

metrics::Sources App::MetricsSources() {
  metrics::Sources sources;
  sources.version = INLET_VERSION;
  sources.next_streams = ConfKeyOptions().next_streams;
  sources.max_streams = config_.app.metrics.max_streams;
  sources.server = &network_->server_counters();
  sources.client = &network_->dial_counters();
  if (conf_key_file_) sources.conf_key_file = &conf_key_file_->counters();
  sources.readings = {
      {Kind::kGauge, "inlet_subscriptions", "Subscriptions that are open.",
       [this] { return static_cast<double>(subscribers_.subscribers.load()); }},
      {Kind::kCounter, "inlet_subscriptions_stalled_total",
       "Subscriptions that were ended because their client did not take its data.",
       [this] { return static_cast<double>(subscribers_.stalled.load()); }},
      {Kind::kGauge, "inlet_watches", "WatchStream calls that are open.",
       [this] { return static_cast<double>(watches_.watchers()); }},
      {Kind::kGauge, "inlet_log_memory_bytes", "Memory of the streams' logs, with what writes in flight hold of them.",
       [this] { return static_cast<double>(log_memory_->load()); }},
      {Kind::kGauge, "inlet_view_cache_bytes", "Memory of decoded views.",
       [this] { return static_cast<double>(views_.size()); }},
      {Kind::kGauge, "inlet_control_tasks_waiting", "Calls that wait for the thread that changes streams.",
       [this] { return static_cast<double>(control_->waiting()); }},
      {Kind::kGauge, "inlet_connection_calls_waiting", "Calls about connections that wait for the event loop.",
       [this] { return static_cast<double>(connections_->waiting().calls.load()); }},
      {Kind::kGauge, "inlet_connection_calls_waiting_bytes", "Bytes of the texts of those calls.",
       [this] { return static_cast<double>(connections_->waiting().bytes.load()); }},
  };
  return sources;
}

// On the control thread, as each later try, which is the only reason for it.
void App::StartMetrics() {
  if (config_.app.metrics.address.empty()) return;
  std::promise<std::string> opened;
  const absl::Status posted = control_->PostAlways([&] {
    OpenMetrics();
    opened.set_value(metrics_ ? metrics_->address() : std::string());
  });
  if (posted.ok()) metrics_address_ = opened.get_future().get();
}

// Without metrics the service runs all the same.
void App::OpenMetrics() {
  auto server = metrics::MetricsServer::Start(config_.app.metrics.address, MetricsSources());
  if (server.ok()) {
    metrics_ = *std::move(server);
    if (std::exchange(metrics_missing_, false)) Log(LogLevel::kInfo, "metrics_open", {{"http", metrics_->address()}});
    return;
  }
  if (std::exchange(metrics_missing_, true)) return;
  Log(LogLevel::kWarn, "metrics_unavailable",
      {{"error", std::string(server.status().message())},
       {"hint", "set metrics.address, or INLET__METRICS__ADDRESS=host:port; it is tried again every 5 s"}});
}

}  // namespace inlet::service
