// The composition root: makes the parts of the service in the order in which they need each other, and stops them.
#include "service/app.h"

#include <malloc.h>

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

#include "ingest/log.h"
#include "ingest/text.h"
#include "service/app_port.h"
#include "service/file_streams.h"
#include "service/stream_secrets.h"

namespace inlet::service {
namespace {

using std::chrono::milliseconds;

// A gap for the time that the service did not run is so exact, and a file that waits for streams to go so late.
constexpr std::chrono::seconds kTouchPeriod{5};

// Calls that nobody ends by himself (a watch of the health service, reflection) get so long once ours have ended.
constexpr milliseconds kForeignCalls{1000};

ingest::WallTime Now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

PlanRules RulesOf(const config::AppConfig& app) {
  return {app.streams.retention, app.redact.show_query, app.egress.proxy};
}

absl::StatusOr<std::vector<StoredStream>> PlanFiles(const config::Loaded& config, const config::ConfKeys& conf_keys) {
  const auto plan = [&](const v1::CreateStreamRequest& request) {
    return PlanStream(request, conf_keys, RulesOf(config.app));
  };
  return PlanFileStreams(config.streams, plan, Now());
}

}  // namespace

absl::Status CheckDefinitions(const config::Loaded& config) { return PlanFiles(config, config.conf_keys).status(); }

absl::StatusOr<std::unique_ptr<App>> App::Start(config::Loaded config) {
  std::unique_ptr<App> app(new App(std::move(config)));
  absl::Status status = app->OpenCatalog();
  if (!status.ok()) return status;
  auto definitions = app->LoadDefinitions();
  if (!definitions.ok()) return definitions.status();
  status = app->StartDataPlane();
  if (status.ok()) app->RestoreStreams(*std::move(definitions));
  if (status.ok()) app->StartControl();
  if (status.ok()) app->WatchConfKeys();
  if (status.ok()) status = app->StartGrpc();
  if (!status.ok()) return status;
  app->StartMetrics();
  app->websocket_open_ = app->network_->IsServerOpen();
  const std::string_view scheme = app->config().server.tls.enabled() ? "wss://" : "ws://";
  Log(LogLevel::kInfo, "service_started",
      {{"grpc", app->grpc_address()}, {"websocket", Concat({scheme, app->websocket_address()})}});
  return app;
}

App::App(config::Loaded config)
    : config_(std::move(config)),
      delivery_(views_),
      watches_(WatchOptions()),
      secrets_({config_.app.secrets.env, config_.app.secrets.dir, config_.app.certificates.dir}) {}

App::~App() { Stop(); }

// First of all: a folder that another service has ends the start before anything is opened.
absl::Status App::OpenCatalog() {
  if (config_.app.data_dir.empty()) return absl::OkStatus();
  auto catalog = catalog::Catalog::Open(config_.app.data_dir);
  if (!catalog.ok()) return catalog.status();
  catalog_ = *std::move(catalog);
  return absl::OkStatus();
}

// What was kept, and what files define with the conf keys that hold.
absl::StatusOr<StoredDefinitions> App::LoadDefinitions() {
  StoredDefinitions definitions;
  if (catalog_) {
    auto loaded = catalog_->Load();
    if (!loaded.ok()) return loaded.status();
    definitions = *std::move(loaded);
  }
  conf_keys_ = std::make_unique<ConfKeyRegistry>(config_.conf_keys, ConfKeyOptions());
  conf_keys_->Restore(definitions.conf_keys);
  auto of_files = PlanFiles(config_, conf_keys_->snapshot()->settings);
  if (!of_files.ok()) return of_files.status();
  AddFileStreams(*std::move(of_files), definitions.streams);
  return definitions;
}

void App::RestoreStreams(StoredDefinitions definitions) {
  registry_->Restore(definitions);
  definitions = {};
  malloc_trim(0);  // what was loaded is a quarter of what the streams take, and the allocator would keep it
}

absl::Status App::StartDataPlane() {
  delivery_.Start();
  auto loop = ws::EventLoop::Create({[this] { publisher_.Publish(); }});
  if (!loop.ok()) return loop.status();
  loop_ = *std::move(loop);
  auto network = Network::Create(*loop_, config_.app, secrets_);
  if (!network.ok()) return network.status();
  network_ = *std::move(network);
  loop_->Start();
  CheckWebSocketPort();
  if (absl::Status opened = network_->Open(); !opened.ok()) return opened;

  StreamRegistry::Options options;
  options.loop = loop_.get();
  options.publisher = &publisher_;
  options.sources = &network_->sources();
  options.secrets = &secrets_;
  options.observer = &watches_;
  options.waker = &delivery_;
  options.gauge = log_memory_;
  options.max_streams = config_.app.streams.max_streams;
  options.store = catalog_.get();
  options.plan = [this](const v1::Stream& definition) {
    return PlanKept(definition, conf_keys_->snapshot()->settings, Rules());
  };
  registry_ = std::make_unique<StreamRegistry>(std::move(options));
  return absl::OkStatus();
}

void App::StartControl() {
  if (config_.sources_file) conf_key_file_ = std::make_unique<ConfKeyFile>(config_, *conf_keys_);
  ControlThread::Options control;
  control.tick = [this] { Tick(); };
  control_ = std::make_unique<ControlThread>(std::move(control));
}

void App::Tick() {
  registry_->Sweep(Now());
  registry_->RetryFailed(Now());
  secrets_.Refresh();
  network_->LookAtFiles();
  const auto now = std::chrono::steady_clock::now();
  if (now < next_touch_) return;
  next_touch_ = now + kTouchPeriod;
  if (catalog_) catalog_->Touch(Now());
  if (conf_key_file_) conf_key_file_->RetryInUse();
  if (metrics_missing_) OpenMetrics();
}

// With on_demand the port is opened by the first stream, which may be long after whoever started the service has left.
void App::CheckWebSocketPort() {
  const config::WebSocketServerConfig& server = config_.app.server;
  const bool on_demand = server.listen == config::WebSocketServerConfig::Listen::kOnDemand;
  websocket_port_taken_ = on_demand && IsPortTaken(server.http_server_ip, server.http_server_port);
  if (!websocket_port_taken_) return;
  Log(LogLevel::kWarn, "websocket_port_taken",
      {{"websocket", websocket_address()}, {"hint", "stop the program that has it, or set source.httpServerPort"}});
}

absl::Status App::StartGrpc() {
  subscribers_.delivery = &delivery_;
  subscribers_.views = &views_;
  subscribers_.max_subscribers = config_.app.grpc.max_subscribers;
  subscribers_.find = [this](const std::string& name, rpc::Channel channel) { return FindTarget(name, channel); };
  service_ = std::make_unique<rpc::StreamService>(ServiceOptions());
  connections_ = std::make_unique<rpc::ConnectionService>(ConnectionOptions());
  conf_key_service_ = std::make_unique<rpc::ConfKeyService>(
      rpc::ConfKeyService::Options{conf_keys_.get(), control_.get(), ConfKeyOptions().next_streams});
  auto grpc =
      rpc::GrpcServer::Start(config_.app.grpc.address, *service_, {connections_.get(), conf_key_service_.get()});
  if (!grpc.ok()) return grpc.status();
  grpc_ = *std::move(grpc);
  return absl::OkStatus();
}

absl::StatusOr<StreamPlan> App::Plan(const v1::CreateStreamRequest& request) const {
  return PlanStream(request, conf_keys_->snapshot()->settings, Rules());
}

PlanRules App::Rules() const { return RulesOf(config_.app); }

rpc::StreamService::Options App::ServiceOptions() {
  rpc::StreamService::Options options;
  options.registry = registry_.get();
  options.control = control_.get();
  options.plan = [this](const auto& request) { return Plan(request); };
  options.shown_query = config_.app.redact.show_query;
  options.subscribe = [this](auto* context, const auto* request) {
    return rpc::StartSubscriber(context, request, subscribers_);
  };
  options.watch = [this](auto* context, const auto& request) { return watches_.Start(context, request); };
  return options;
}

rpc::ConnectionService::Options App::ConnectionOptions() {
  rpc::ConnectionService::Options options;
  options.loop = loop_.get();
  options.checker = &network_->checker();
  options.control = control_.get();
  options.sources.find = [this](const std::string& name) { return registry_->Get(name); };
  options.sources.plan = [this](const v1::CreateStreamRequest& request) { return Plan(request); };
  options.hold = [this](const ingest::StreamSpec& spec) -> absl::StatusOr<rpc::ConnectionService::Lease> {
    absl::StatusOr<SecretLease> lease = service::HoldSecrets(spec, secrets_);
    if (!lease.ok()) return lease.status();
    return rpc::ConnectionService::Lease(*std::move(lease));
  };
  return options;
}

rpc::WatchHub::Options App::WatchOptions() {
  rpc::WatchHub::Options options;
  options.delivery = &delivery_;
  options.find = [this](const std::string& name) { return registry_->Find(name); };
  options.unknown = [this](const std::string& name) { return registry_->Unknown(name); };
  options.next = [this](const std::string& name) {
    const std::vector<StreamEntryPtr> next = registry_->ListAfter(name, 1);
    return next.empty() ? nullptr : next.front();
  };
  return options;
}

absl::StatusOr<rpc::SubscribeTarget> App::FindTarget(const std::string& name, rpc::Channel channel) const {
  const absl::StatusOr<StreamEntryPtr> entry = registry_->Get(name);
  if (!entry.ok()) return entry.status();
  ingest::Stream& stream = *(*entry)->stream;
  auto log = channel == rpc::Channel::kRejects ? stream.reject_log() : stream.log();
  return rpc::SubscribeTarget{name, std::move(log), (*entry)->create_time};
}

void App::Stop() {
  if (std::exchange(stopped_, true)) return;
  file_watch_.reset();
  if (grpc_) {
    Log(LogLevel::kInfo, "service_stopping", {{"subscribers", std::to_string(subscribers_.subscribers.load())}});
    grpc_->SetNotServing();
    std::this_thread::sleep_for(config_.app.shutdown.delay);
    network_->CloseServer();
    CloseLogs();
    network_->AwaitClients();
    watches_.Close();
    AwaitSubscribers();
    grpc_->Shutdown(kForeignCalls);
  }
  EndThreads();
  if (grpc_) Log(LogLevel::kInfo, "service_stopped");
}

void App::CloseLogs() {
  std::promise<void> closed;
  const absl::Status posted = control_->PostAlways([&] {
    registry_->StopAll();
    closed.set_value();
  });
  if (posted.ok()) closed.get_future().wait();
}

void App::AwaitSubscribers() const {
  const auto deadline = std::chrono::steady_clock::now() + config_.app.shutdown.drain_timeout;
  while (subscribers_.subscribers.load() > 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(5));
  }
}

// The process may be ended without destructors.
void App::CloseCatalog() {
  if (!catalog_) return;
  if (control_) catalog_->Touch(Now());
  catalog_.reset();
}

void App::EndThreads() {
  delivery_.Stop();
  if (control_) control_->Stop();
  metrics_.reset();  // it reads all the others
  CloseCatalog();
  registry_.reset();  // streams are destroyed on the loop
  if (network_) network_->Free();
  if (loop_) loop_->Stop();
}

}  // namespace inlet::service
