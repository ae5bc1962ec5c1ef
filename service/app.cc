// The composition root: makes the parts of the service in the order in which they need each other, and stops them.
#include "service/app.h"

#include <algorithm>
#include <future>
#include <string_view>
#include <thread>
#include <utility>

#include "ingest/log.h"
#include "ingest/text.h"
#include "service/stream_secrets.h"

namespace inlet::service {
namespace {

using std::chrono::milliseconds;

// Calls that nobody ends by himself (a watch of the health service, reflection) get so long once ours have ended.
constexpr milliseconds kForeignCalls{1000};
// Peers that all come back at one instant are a storm: a millisecond for each, up to this.
constexpr milliseconds kLongestSpread{2000};

ingest::WallTime Now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

ws::ServerOptions WebSocketOptions(const config::WebSocketServerConfig& config) {
  ws::ServerOptions options;
  options.ip = config.http_server_ip;
  options.port = config.http_server_port;
  options.listen = config.listen == config::WebSocketServerConfig::Listen::kAlways
                       ? ws::ServerOptions::Listen::kAlways
                       : ws::ServerOptions::Listen::kOnDemand;
  options.public_url = config.public_url;
  options.max_connections = config.max_connections;
  return options;
}

std::string WebSocketAddress(const config::WebSocketServerConfig& config) {
  const bool ipv6 = config.http_server_ip.find(':') != std::string::npos;
  return Concat(
      {ipv6 ? "[" : "", config.http_server_ip, ipv6 ? "]" : "", ":", std::to_string(config.http_server_port)});
}

}  // namespace

absl::StatusOr<std::unique_ptr<App>> App::Start(config::Loaded config) {
  std::unique_ptr<App> app(new App(std::move(config)));
  absl::Status status = app->StartDataPlane();
  if (status.ok()) status = app->StartGrpc();
  if (!status.ok()) return status;
  Log(LogLevel::kInfo, "service_started",
      {{"grpc", app->grpc_address()}, {"websocket", WebSocketAddress(app->config().server)}});
  return app;
}

App::App(config::Loaded config)
    : config_(std::move(config)),
      delivery_(views_),
      watches_(WatchOptions()),
      secrets_({config_.app.secrets.env, config_.app.secrets.dir, config_.app.certificates.dir}) {}

App::~App() { Stop(); }

absl::Status App::StartDataPlane() {
  delivery_.Start();
  auto loop = ws::EventLoop::Create({[this] { publisher_.Publish(); }});
  if (!loop.ok()) return loop.status();
  loop_ = *std::move(loop);
  websocket_ = std::make_unique<ws::Server>(*loop_, WebSocketOptions(config_.app.server));
  loop_->Start();
  if (absl::Status opened = loop_->Call([this] { return websocket_->Open(); }); !opened.ok()) return opened;

  if (absl::Status dialer = StartDialer(); !dialer.ok()) return dialer;
  // The client role's factory comes here; it dials with `dialer_`.
  sources_ = std::make_unique<SourceRouter>(*websocket_, nullptr);

  StreamRegistry::Options options;
  options.loop = loop_.get();
  options.publisher = &publisher_;
  options.sources = sources_.get();
  options.secrets = &secrets_;
  options.observer = &watches_;
  options.waker = &delivery_;
  options.gauge = std::make_shared<ingest::MemoryGauge>();
  options.max_streams = config_.app.streams.max_streams;
  registry_ = std::make_unique<StreamRegistry>(std::move(options));
  ControlThread::Options control;
  control.tick = [this] {
    registry_->Sweep(Now());
    secrets_.Refresh();
  };
  control_ = std::make_unique<ControlThread>(std::move(control));
  return absl::OkStatus();
}

absl::Status App::StartDialer() {
  const config::EgressConfig& egress = config_.app.egress;
  absl::StatusOr<ws::EgressRules> rules = ws::EgressRules::Parse({egress.allow, egress.deny, egress.proxy});
  if (!rules.ok()) return rules.status();
  egress_ = *std::move(rules);
  dialer_ = std::make_unique<ws::LwsDialer>(*loop_, secrets_, egress_);
  checker_ = std::make_unique<ws::Checker>(*loop_, *dialer_, secrets_,
                                           [this](const ingest::StreamSpec& spec) { return websocket_->Check(spec); });
  return absl::OkStatus();
}

absl::Status App::StartGrpc() {
  subscribers_.delivery = &delivery_;
  subscribers_.views = &views_;
  subscribers_.max_subscribers = config_.app.grpc.max_subscribers;
  subscribers_.find = [this](const std::string& name) { return FindTarget(name); };
  service_ = std::make_unique<rpc::StreamService>(ServiceOptions());
  connections_ = std::make_unique<rpc::ConnectionService>(ConnectionOptions());
  auto grpc = rpc::GrpcServer::Start(config_.app.grpc.address, *service_, {connections_.get()});
  if (!grpc.ok()) return grpc.status();
  grpc_ = *std::move(grpc);
  return absl::OkStatus();
}

absl::StatusOr<StreamPlan> App::Plan(const v1::CreateStreamRequest& request) const {
  const config::AppConfig& app = config_.app;
  return PlanStream(request, config_.conf_keys, {app.streams.retention, app.redact.show_query, app.egress.proxy});
}

rpc::StreamService::Options App::ServiceOptions() {
  rpc::StreamService::Options options;
  options.registry = registry_.get();
  options.control = control_.get();
  options.plan = [this](const auto& request) { return Plan(request); };
  options.subscribe = [this](auto* context, const auto* request) {
    return rpc::StartSubscriber(context, request, subscribers_);
  };
  options.watch = [this](auto* context, const auto& request) { return watches_.Start(context, request); };
  return options;
}

rpc::ConnectionService::Options App::ConnectionOptions() {
  rpc::ConnectionService::Options options;
  options.loop = loop_.get();
  options.checker = checker_.get();
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

absl::StatusOr<rpc::SubscribeTarget> App::FindTarget(const std::string& name) const {
  const absl::StatusOr<StreamEntryPtr> entry = registry_->Get(name);
  if (!entry.ok()) return entry.status();
  return rpc::SubscribeTarget{name, (*entry)->stream->log(), (*entry)->create_time};
}

void App::Stop() {
  if (std::exchange(stopped_, true)) return;
  if (grpc_) {
    Log(LogLevel::kInfo, "service_stopping", {{"subscribers", std::to_string(subscribers_.subscribers.load())}});
    grpc_->SetNotServing();
    std::this_thread::sleep_for(config_.app.shutdown.delay);
    CloseConnections();
    CloseLogs();
    watches_.Close();
    AwaitSubscribers();
    grpc_->Shutdown(kForeignCalls);
  }
  EndThreads();
  if (grpc_) Log(LogLevel::kInfo, "service_stopped");
}

void App::CloseConnections() {
  const auto open = static_cast<int64_t>(websocket_->counters().open_connections.value());
  const milliseconds spread = open <= 10 ? milliseconds(0) : std::min(kLongestSpread, milliseconds(open));
  std::promise<void> closed;
  const absl::Status asked = loop_->Call([&] {
    websocket_->CloseAll(spread, [&closed] { closed.set_value(); });
    return absl::OkStatus();
  });
  if (asked.ok()) closed.get_future().wait();
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

void App::EndThreads() {
  delivery_.Stop();
  if (control_) control_->Stop();
  registry_.reset();  // streams are destroyed on the loop
  if (checker_) {
    static_cast<void>(loop_->Call([this] {
      checker_->Stop();
      return absl::OkStatus();
    }));
  }
  if (loop_) loop_->Stop();
}

std::string StartBanner(const App& app, std::string_view version) {
  const config::WebSocketServerConfig& server = app.config().server;
  const bool on_demand = server.listen == config::WebSocketServerConfig::Listen::kOnDemand;
  const std::string& grpc = app.grpc_address();
  return Concat(
      {"inletd ", version, "\n  gRPC       ", grpc, "\n  WebSocket  ", WebSocketAddress(server),
       on_demand ? " (opens with the first stream)" : "", "\n\nCreate a stream, and read what it gets:\n",
       R"(  grpcurl -plaintext -d '{"stream": {"name": "demo"}}' )", grpc, " inlet.v1.StreamService/CreateStream\n",
       R"(  grpcurl -plaintext -d '{"stream": "demo"}' )", grpc, " inlet.v1.StreamService/Subscribe\n",
       "or\n  inletctl create 'CREATE STREAM demo () WITH (DATASOURCE=\"/demo\")'\n  inletctl subscribe demo\n"});
}

}  // namespace inlet::service
