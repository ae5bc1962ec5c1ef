// A TCP proxy on loopback that spoils the connections that go through it, as planned.
#include "tests/ingest/ws/fault_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

namespace inlet::ws {
namespace {

using Clock = std::chrono::steady_clock;

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Negative: nobody listens.
int Connect(uint16_t port) {
  const sockaddr_in address = Loopback(port);
  const int out = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(out, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return out;
  close(out);
  return -1;
}

// Of what was sent to the socket, the bytes that its peer has not acknowledged.
uint64_t Unacknowledged(int socket) {
  int bytes = 0;
  return ioctl(socket, TIOCOUTQ, &bytes) == 0 && bytes > 0 ? static_cast<uint64_t>(bytes) : 0;
}

// Bytes on their way from one socket to another.
struct Pipe {
  int from = -1;
  int to = -1;
  uint64_t limit = FaultPlan::kNever;
  uint64_t passed = 0;
  std::string waiting = {};
  Clock::time_point due{};  // of the next piece
  bool at_end = false;      // nothing more comes
  bool end_told = false;
};

}  // namespace

class FaultProxy::Connection {
 public:
  Connection(const FaultPlan& plan, int client, int server)
      : plan_(plan),
        down_{.from = server, .to = client, .limit = plan.to_client},
        up_{.from = client, .to = server, .limit = plan.to_server} {
    const int on = 1;
    for (const int socket : {client, server}) setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Connection() { End(FaultPlan::End::kReset); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool ended() const { return flow_.ended; }
  const FaultFlow& flow() const { return flow_; }

  // Moves what can be moved. The next look is due at the result, or when one of `watched` is ready.
  Clock::time_point Turn(std::vector<pollfd>& watched) {
    if (black_hole_ || flow_.ended) return Clock::time_point::max();
    const bool reset = !Move(down_) || !Move(up_);
    flow_.to_client = down_.passed;
    flow_.to_server = up_.passed;
    if (reset || IsOver()) {
      End(reset ? FaultPlan::End::kReset : FaultPlan::End::kClose);
    } else if (down_.passed >= down_.limit || up_.passed >= up_.limit) {
      End(plan_.end);
    } else {
      return std::min(Watch(down_, watched), Watch(up_, watched));
    }
    return Clock::time_point::max();
  }

 private:
  bool IsOver() const { return down_.end_told && up_.end_told; }

  // False: one side has reset the connection.
  bool Move(Pipe& pipe) {
    if (pipe.waiting.empty() && !pipe.at_end && !Read(pipe)) return false;
    while (!pipe.waiting.empty() && Clock::now() >= pipe.due && pipe.passed < pipe.limit) {
      uint64_t size = std::min<uint64_t>(pipe.waiting.size(), pipe.limit - pipe.passed);
      if (plan_.piece > 0) size = std::min<uint64_t>(size, plan_.piece);
      const ssize_t sent = send(pipe.to, pipe.waiting.data(), size, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0) return errno == EAGAIN;
      pipe.passed += static_cast<uint64_t>(sent);
      pipe.waiting.erase(0, static_cast<size_t>(sent));
      pipe.due = Clock::now() + plan_.delay;
    }
    if (pipe.waiting.empty() && pipe.at_end && !std::exchange(pipe.end_told, true)) shutdown(pipe.to, SHUT_WR);
    return true;
  }

  bool Read(Pipe& pipe) const {
    std::array<char, 16384> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by recv
    const ssize_t size = recv(pipe.from, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (size < 0) return errno == EAGAIN;
    if (size == 0) pipe.at_end = true;
    pipe.waiting.assign(bytes.data(), static_cast<size_t>(size));
    if (size > 0) pipe.due = Clock::now() + plan_.delay;
    return true;
  }

  static Clock::time_point Watch(const Pipe& pipe, std::vector<pollfd>& watched) {
    if (pipe.waiting.empty()) {
      if (!pipe.at_end) watched.push_back({pipe.from, POLLIN, 0});
      return Clock::time_point::max();
    }
    if (pipe.due > Clock::now()) return pipe.due;
    watched.push_back({pipe.to, POLLOUT, 0});
    return Clock::time_point::max();
  }

  void End(FaultPlan::End end) {
    if (flow_.ended) return;
    if (end == FaultPlan::End::kBlackHole) {
      black_hole_ = true;
      return;
    }
    const bool reset = end == FaultPlan::End::kReset;
    flow_.arrived_at_client = down_.passed - (reset ? Unacknowledged(down_.to) : 0);
    flow_.arrived_at_server = up_.passed - (reset ? Unacknowledged(up_.to) : 0);
    flow_.ended = true;
    const linger at_once{reset ? 1 : 0, 0};
    for (const int socket : {down_.to, up_.to}) {
      setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      close(socket);
    }
  }

  const FaultPlan plan_;
  Pipe down_;  // to the client
  Pipe up_;    // to the server
  FaultFlow flow_;
  bool black_hole_ = false;
};

FaultProxy::FaultProxy(uint16_t server_port, Planner planner)
    : server_port_(server_port), planner_(std::move(planner)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  stop_ = eventfd(0, EFD_CLOEXEC);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0) listen(listener_, 128);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

FaultProxy::~FaultProxy() {
  eventfd_write(stop_, 1);
  thread_.join();
  connections_.clear();
  close(listener_);
  close(stop_);
}

std::vector<FaultFlow> FaultProxy::Flows() const {
  const std::lock_guard lock(mutex_);
  return flows_;
}

void FaultProxy::Run() {
  while (true) {
    std::vector<pollfd> watched{{stop_, POLLIN, 0}, {listener_, POLLIN, 0}};
    Clock::time_point next = Clock::time_point::max();
    for (size_t i = 0; i < connections_.size(); ++i) {
      if (!connections_[i]) continue;
      next = std::min(next, connections_[i]->Turn(watched));
      const std::lock_guard lock(mutex_);
      flows_[i] = connections_[i]->flow();
      if (flows_[i].ended) connections_[i].reset();
    }
    int wait = -1;
    if (next != Clock::time_point::max()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
      wait = static_cast<int>(std::max<int64_t>(left.count(), 0));
    }
    poll(watched.data(), watched.size(), wait);
    if (watched[0].revents != 0) return;
    if (watched[1].revents != 0) Accept();
  }
}

void FaultProxy::Accept() {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = Connect(server_port_);
  if (server < 0) {
    close(client);
    return;
  }
  const std::lock_guard lock(mutex_);
  connections_.push_back(std::make_unique<Connection>(planner_(connections_.size()), client, server));
  flows_.emplace_back();
}

}  // namespace inlet::ws
