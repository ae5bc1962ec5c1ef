// The HTTP port that Prometheus reads.
#include "service/metrics/metrics_server.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "ingest/error.h"
#include "ingest/text.h"
#include "prometheus/collectable.h"
#include "prometheus/exposer.h"
#include "service/metrics/all_families.h"

namespace inlet::metrics {
namespace {

class Collector final : public prometheus::Collectable {
 public:
  explicit Collector(Sources sources) : sources_(std::move(sources)) {}
  std::vector<prometheus::MetricFamily> Collect() const override { return AllFamilies(sources_); }

 private:
  const Sources sources_;
};

// The library does not tell the system's error.
absl::Status CannotListen(const std::string& address) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   Concat({"cannot listen for HTTP on ", address, ": it is in use, or not an address of this machine"}),
                   {"ADDRESS_UNAVAILABLE", {{"address", address}}, "metrics.address", {}});
}

// A client that does not finish its request has one of the threads for so long.
constexpr const char* kRequestTimeoutMs = "5000";
constexpr const char* kThreads = "2";

std::unique_ptr<prometheus::Exposer> Open(const std::string& address) {
  try {
    return std::make_unique<prometheus::Exposer>(std::vector<std::string>{
        "listening_ports", address, "num_threads", kThreads, "request_timeout_ms", kRequestTimeoutMs});
  } catch (const std::exception&) {
    return nullptr;
  }
}

std::string WithPort(const std::string& address, const std::vector<int>& ports) {
  if (ports.empty()) return address;
  return Concat({address.substr(0, address.rfind(':')), ":", std::to_string(ports.front())});
}

void ConnectOnce(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return;
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  connect(socket, found->ai_addr, found->ai_addrlen);
  close(socket);
  freeaddrinfo(found);
}

// The library's listening thread looks only every two seconds whether it is to end, or when a connection comes.
class WakeUp {
 public:
  explicit WakeUp(const std::string& address)
      : thread_([address](const std::stop_token& stop) { Run(stop, address); }) {}

 private:
  static void Run(const std::stop_token& stop, const std::string& address) {
    constexpr std::chrono::milliseconds kPause{5};
    const size_t colon = address.rfind(':');
    while (!stop.stop_requested()) {
      ConnectOnce(address.substr(0, colon), address.substr(colon + 1));
      std::this_thread::sleep_for(kPause);
    }
  }

  std::jthread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& address, Sources sources) {
  std::unique_ptr<prometheus::Exposer> exposer = Open(address);
  if (!exposer) return CannotListen(address);
  auto collector = std::make_shared<Collector>(std::move(sources));
  exposer->RegisterCollectable(collector);
  std::string opened = WithPort(address, exposer->GetListeningPorts());
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(collector), std::move(exposer), std::move(opened)));
}

MetricsServer::MetricsServer(std::shared_ptr<prometheus::Collectable> collector,
                             std::unique_ptr<prometheus::Exposer> exposer, std::string address)
    : collector_(std::move(collector)), exposer_(std::move(exposer)), address_(std::move(address)) {}

MetricsServer::~MetricsServer() {
  const WakeUp wake_up(address_);
  exposer_.reset();
}

}  // namespace inlet::metrics
