// The composition root: makes the parts of the service in the order in which they need each other, and stops them.
#ifndef INLET_SERVICE_APP_H_
#define INLET_SERVICE_APP_H_

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/publisher.h"
#include "ingest/view_cache.h"
#include "ingest/ws/event_loop.h"
#include "service/app_network.h"
#include "service/catalog/catalog.h"
#include "service/conf_key_file.h"
#include "service/conf_key_registry.h"
#include "service/config/load.h"
#include "service/control_thread.h"
#include "service/file_watch.h"
#include "service/metrics/metrics_server.h"
#include "service/rpc/conf_key_service.h"
#include "service/rpc/connection_service.h"
#include "service/rpc/delivery.h"
#include "service/rpc/grpc_server.h"
#include "service/rpc/stream_service.h"
#include "service/rpc/subscriber.h"
#include "service/rpc/watch_hub.h"
#include "service/secret_store.h"
#include "service/stream_registry.h"

namespace inlet::service {

// The first mistake in what files define as streams, with its place. It knows the conf keys of the configuration alone:
// one that was put, and is kept in the data folder, it calls unknown.
absl::Status CheckDefinitions(const config::Loaded& config);

// Started, stopped and destroyed by one thread, which must have blocked the signals that it waits for.
class App {
 public:
  // The service, ready for calls, with the streams that were kept and those of files. FailedPrecondition
  // (ADDRESS_UNAVAILABLE): an address cannot be opened. Errors of CheckNetwork, of CheckDefinitions and of
  // Catalog::Open.
  static absl::StatusOr<std::unique_ptr<App>> Start(config::Loaded config);

  // As Stop.
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // In this order: health says NOT_SERVING, and shutdown.delay passes; peers get 1001; logs close; subscribers take
  // what is left, for at most shutdown.drainTimeout; gRPC ends; threads end. Blocks. Idempotent.
  void Stop();

  // Reads sources/websocket.yaml again, as if it had changed; logs that there is none if the service was started
  // without a file. Returns at once; any thread, before Stop.
  void Reload();

  // host:port as it was opened.
  const std::string& grpc_address() const { return grpc_->address(); }
  // host:port of the metrics as it was opened at the start; empty: it was not, or none is wanted.
  const std::string& metrics_address() const { return metrics_address_; }
  // ip:port as it is set.
  std::string websocket_address() const { return network_->server_address(); }
  // The file that definitions are kept in; empty: they are not.
  std::string catalog_path() const { return catalog_ ? catalog_->path() : std::string(); }
  // At the start, another program had the port that the first stream will open.
  bool websocket_port_taken() const { return websocket_port_taken_; }
  // At the end of the start: the server listens, for a stream that came back or because it always does.
  bool websocket_open() const { return websocket_open_; }
  const config::AppConfig& config() const { return config_.app; }

 private:
  explicit App(config::Loaded config);

  absl::Status OpenCatalog();
  absl::Status StartDataPlane();
  void CheckWebSocketPort();
  void StartControl();
  absl::StatusOr<StoredDefinitions> LoadDefinitions();
  void RestoreStreams(StoredDefinitions definitions);
  void Tick();
  void WatchConfKeys();
  void PostReload(bool asked);
  absl::Status StartGrpc();
  void StartMetrics();
  void OpenMetrics();
  metrics::Sources MetricsSources();
  absl::StatusOr<StreamPlan> Plan(const v1::CreateStreamRequest& request) const;
  PlanRules Rules() const;
  ConfKeyRegistry::Options ConfKeyOptions();
  rpc::StreamService::Options ServiceOptions();
  rpc::ConnectionService::Options ConnectionOptions();
  rpc::WatchHub::Options WatchOptions();
  absl::StatusOr<rpc::SubscribeTarget> FindTarget(const std::string& name, rpc::Channel channel) const;

  void CloseLogs();
  void AwaitSubscribers() const;
  void EndThreads();
  void CloseCatalog();

  // In the order of their start.
  const config::Loaded config_;
  std::unique_ptr<catalog::Catalog> catalog_;  // control thread; null: nothing is kept
  std::unique_ptr<ConfKeyRegistry> conf_keys_;
  std::chrono::steady_clock::time_point next_touch_;  // control thread
  ingest::ViewCache views_;
  rpc::Delivery delivery_;
  rpc::WatchHub watches_;
  ingest::Publisher publisher_;  // of the loop
  std::unique_ptr<ws::EventLoop> loop_;
  SecretStore secrets_;
  std::unique_ptr<Network> network_;
  const std::shared_ptr<ingest::MemoryGauge> log_memory_ = std::make_shared<ingest::MemoryGauge>();
  std::unique_ptr<StreamRegistry> registry_;
  std::unique_ptr<ConfKeyFile> conf_key_file_;  // null: there is no file
  std::unique_ptr<ControlThread> control_;
  std::unique_ptr<FileWatch> file_watch_;
  rpc::SubscriberEnvironment subscribers_;
  std::unique_ptr<rpc::StreamService> service_;
  std::unique_ptr<rpc::ConnectionService> connections_;
  std::unique_ptr<rpc::ConfKeyService> conf_key_service_;
  std::unique_ptr<rpc::GrpcServer> grpc_;
  std::unique_ptr<metrics::MetricsServer> metrics_;  // control thread
  bool metrics_missing_ = false;                     // control thread: they are wanted, and could not be opened
  std::string metrics_address_;
  bool websocket_port_taken_ = false;
  bool websocket_open_ = false;
  bool stopped_ = false;
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_APP_H_
