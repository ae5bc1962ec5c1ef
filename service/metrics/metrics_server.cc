// The HTTP port that Prometheus reads.
#include "service/metrics/metrics_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "ingest/error.h"
#include "ingest/text.h"
#include "prometheus/collectable.h"
#include "prometheus/exposer.h"
#include "service/metrics/all_families.h"

namespace inlet::metrics {

// One answer at a time, so that the memory of one is the bound of all.
class Collector final : public prometheus::Collectable {
 public:
  explicit Collector(Sources sources) : sources_(std::move(sources)) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    const std::lock_guard lock(mutex_);
    return closed_ ? Families() : AllFamilies(sources_);
  }
  // Waits for an answer that is being made; the sources are not read afterwards.
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }

 private:
  const Sources sources_;
  mutable std::mutex mutex_;
  bool closed_ = false;  // guarded by mutex_
};

namespace {

// The library does not tell the system's error.
absl::Status CannotListen(const std::string& address) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   Concat({"cannot listen for HTTP on ", address, ": it is in use, or not an address of this machine"}),
                   {"ADDRESS_UNAVAILABLE", {{"address", address}}, "metrics.address", {}});
}

// A client that does not finish its request has one of the threads for so long.
constexpr const char* kRequestTimeoutMs = "2000";
constexpr const char* kThreads = "4";

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

sockaddr_in AddressOf(const std::string& host_and_port) {
  const size_t colon = host_and_port.rfind(':');
  const std::string host = host_and_port.substr(0, colon);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(std::stoi(host_and_port.substr(colon + 1))));
  return address;
}

void ConnectOnce(const sockaddr_in& address) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return;
  static_cast<void>(connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)));  // the try will do
  close(socket);
}

// Ends the exposer on a thread of its own, and wakes the listening thread of its library, which looks only every two
// seconds whether it is to end, or when a connection comes.
class Ending {
 public:
  explicit Ending(std::unique_ptr<prometheus::Exposer> exposer) : exposer_(std::move(exposer)) {}
  void Run() {
    exposer_.reset();
    ended_.set_value();
  }
  bool AwaitFor(std::chrono::milliseconds time) { return future_.wait_for(time) == std::future_status::ready; }

 private:
  std::unique_ptr<prometheus::Exposer> exposer_;
  std::promise<void> ended_;
  std::future<void> future_ = ended_.get_future();
};

void End(std::unique_ptr<prometheus::Exposer> exposer, const sockaddr_in& address) {
  constexpr std::chrono::milliseconds kPause{5};
  constexpr std::chrono::seconds kPatience{2};
  const auto ending = std::make_shared<Ending>(std::move(exposer));
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::thread([ending] { ending->Run(); }).detach();
  while (!ending->AwaitFor(kPause) && std::chrono::steady_clock::now() < deadline) ConnectOnce(address);
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(const std::string& address, Sources sources) {
  std::unique_ptr<prometheus::Exposer> exposer = Open(address);
  if (!exposer) return CannotListen(address);
  auto collector = std::make_shared<Collector>(std::move(sources));
  exposer->RegisterCollectable(collector);
  std::string opened = WithPort(address, exposer->GetListeningPorts());
  return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(collector), std::move(exposer), std::move(opened)));
}

MetricsServer::MetricsServer(std::shared_ptr<Collector> collector, std::unique_ptr<prometheus::Exposer> exposer,
                             std::string address)
    : collector_(std::move(collector)), exposer_(std::move(exposer)), address_(std::move(address)) {}

MetricsServer::~MetricsServer() {
  collector_->Close();
  try {
    End(std::move(exposer_), AddressOf(address_));
  } catch (const std::exception&) {
    exposer_.reset();  // there is no thread to be had: it takes the time that it takes
  }
}

}  // namespace inlet::metrics
