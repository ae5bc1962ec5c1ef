// What streams reach the network by: how it is made from the configuration, and how it ends.
#include "service/app_network.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "ingest/log.h"
#include "ingest/text.h"
#include "service/loop_call.h"

namespace inlet::service {
namespace {

using std::chrono::milliseconds;

// Peers that all come back at one instant are a storm: a millisecond for each, up to this.
constexpr milliseconds kLongestSpread{2000};
constexpr milliseconds kClientsLastWord{1000};

ws::ServerOptions WithoutTls(const config::WebSocketServerConfig& config) {
  ws::ServerOptions options;
  options.ip = config.http_server_ip;
  options.port = config.http_server_port;
  options.listen = config.listen == config::WebSocketServerConfig::Listen::kAlways
                       ? ws::ServerOptions::Listen::kAlways
                       : ws::ServerOptions::Listen::kOnDemand;
  options.public_url = config.public_url;
  options.proxy_protocol = config.proxy_protocol;
  options.max_connections = config.max_connections;
  options.max_pending_handshakes = config.max_pending_handshakes;
  options.max_assembly_bytes = config.max_assembly_bytes;
  return options;
}

absl::StatusOr<ws::ServerOptions> MakeServerOptions(const config::WebSocketServerConfig& config) {
  ws::ServerOptions options = WithoutTls(config);
  auto trusted_proxies = ws::TrustedNetworks::Parse(config.trusted_proxies);
  if (!trusted_proxies.ok()) return trusted_proxies.status();
  options.trusted_proxies = *std::move(trusted_proxies);
  if (!config.tls.enabled()) return options;
  auto tls = ReadTlsFiles(config.tls);
  if (!tls.ok()) return tls.status();
  options.tls = *std::move(tls);
  return options;
}

absl::StatusOr<ws::EgressRules> MakeEgressRules(const config::EgressConfig& config) {
  return ws::EgressRules::Parse({config.allow, config.deny, config.proxy});
}

}  // namespace

absl::Status CheckNetwork(const config::AppConfig& config) {
  absl::Status status = MakeServerOptions(config.server).status();
  if (status.ok()) status = MakeEgressRules(config.egress).status();
  return status;
}

absl::StatusOr<std::unique_ptr<Network>> Network::Create(ws::EventLoop& loop, const config::AppConfig& config,
                                                         const ingest::Credentials& credentials) {
  auto options = MakeServerOptions(config.server);
  if (!options.ok()) return options.status();
  auto egress = MakeEgressRules(config.egress);
  if (!egress.ok()) return egress.status();
  return std::unique_ptr<Network>(new Network(loop, config, credentials, *std::move(options), *std::move(egress)));
}

Network::Network(ws::EventLoop& loop, const config::AppConfig& config, const ingest::Credentials& credentials,
                 ws::ServerOptions options, ws::EgressRules egress)
    : loop_(loop),
      config_(config),
      egress_(std::move(egress)),
      server_(loop, options, &credentials),
      dialer_(loop, credentials, egress_),
      client_(dialer_, loop, credentials),
      sources_(server_, client_),
      checker_(loop, dialer_, credentials, [this](const ingest::StreamSpec& spec) { return server_.Check(spec); }) {
  if (!options.tls) return;
  tls_files_ =
      std::make_unique<TlsFiles>(config.server.tls, options.tls->material, [this](const ws::TlsMaterial& material) {
        loop_.Post([this, material] {
          const absl::Status replaced = server_.SetTls(material);
          if (!replaced.ok()) LogTlsRefused(replaced);
        });
      });
}

absl::Status Network::Open() {
  return loop_.Call([this] { return server_.Open(); });
}

void Network::LookAtFiles() {
  if (tls_files_) tls_files_->Look();
}

void Network::CloseServer() {
  const auto open = static_cast<int64_t>(server_.counters().open_connections.value());
  const milliseconds spread = open <= 10 ? milliseconds(0) : std::min(kLongestSpread, milliseconds(open));
  std::promise<void> closed;
  const absl::Status asked = loop_.Call([&] {
    server_.CloseAll(spread, [&closed] { closed.set_value(); });
    return absl::OkStatus();
  });
  if (asked.ok()) closed.get_future().wait();
}

void Network::AwaitClients() {
  std::promise<void> closed;
  const absl::Status asked = loop_.Call([&] {
    client_.AwaitClosed(kClientsLastWord, [&closed] { closed.set_value(); });
    return absl::OkStatus();
  });
  if (asked.ok()) closed.get_future().wait();
}

void Network::Free() {
  const absl::Status freed = loop_.Call([this] {
    checker_.Stop();
    client_.Free();
    return absl::OkStatus();
  });
  if (!freed.ok()) Log(LogLevel::kDebug, "loop_ended_before_its_clients");
}

bool Network::IsServerOpen() {
  return CallOnLoop<bool>(loop_, [this] { return server_.bound_port() != 0; }).value_or(false);
}

std::string Network::server_address() const {
  const config::WebSocketServerConfig& server = config_.server;
  const bool ipv6 = server.http_server_ip.find(':') != std::string::npos;
  return Concat(
      {ipv6 ? "[" : "", server.http_server_ip, ipv6 ? "]" : "", ":", std::to_string(server.http_server_port)});
}

}  // namespace inlet::service
