// A listening socket of our own: bind, listen, accept.
#include "ingest/ws/listener.h"

#include <ev.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "ingest/error.h"
#include "ingest/log.h"
#include "ingest/text.h"

namespace inlet::ws {
namespace {

constexpr int kBacklog = 4096;  // the kernel cuts it to net.core.somaxconn
// More wait for the next turn: a storm of connections does not keep the others from being read.
constexpr int kAcceptsPerTurn = 64;

absl::Status Unavailable(const std::string& address, int error) {
  const char* name = strerrorname_np(error);
  const char* hint =
      error == EADDRINUSE ? " (another program has the port: stop it, or set source.httpServerPort)" : "";
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   Concat({"cannot listen on ", address, ": ", std::strerror(error), hint}),
                   {"ADDRESS_UNAVAILABLE", {{"address", address}, {"errno", name != nullptr ? name : "?"}}, "", {}});
}

// 0, or errno.
int Listen(int socket, const PeerAddress& address) {
  const int on = 1;
  // Not SO_REUSEPORT: a second service on the port must fail.
  if (setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) return errno;
  // Inherited by the accepted ones: a peer that vanished is noticed even without pings.
  if (setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) != 0) return errno;
  sockaddr_storage storage{};
  const socklen_t size = address.Store(storage);
  if (bind(socket, reinterpret_cast<const sockaddr*>(&storage), size) != 0) return errno;
  return listen(socket, kBacklog) != 0 ? errno : 0;
}

PeerAddress BoundAddress(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size);
  return PeerAddress(storage);
}

bool NoResources(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }

}  // namespace

struct Listener::Watcher {
  ev_io io{};
};

absl::StatusOr<std::unique_ptr<Listener>> Listener::Open(EventLoop& loop, const std::string& ip, uint16_t port,
                                                         ServerCounters& counters, OnAccept on_accept) {
  const std::optional<PeerAddress> address = PeerAddress::Parse(ip, port);
  if (!address) return Unavailable(Concat({ip, ":", std::to_string(port)}), EINVAL);
  const int socket = ::socket(address->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return Unavailable(address->ToString(), errno);
  if (const int error = Listen(socket, *address); error != 0) {
    close(socket);
    return Unavailable(address->ToString(), error);
  }
  return std::unique_ptr<Listener>(new Listener(loop, socket, counters, std::move(on_accept)));
}

Listener::Listener(EventLoop& loop, int socket, ServerCounters& counters, OnAccept on_accept)
    : loop_(loop),
      socket_(socket),
      counters_(counters),
      on_accept_(std::move(on_accept)),
      address_(BoundAddress(socket)),
      watcher_(std::make_unique<Watcher>()) {
  ev_io_init(
      &watcher_->io, [](struct ev_loop*, ev_io* io, int) { static_cast<Listener*>(io->data)->AcceptSome(); }, socket_,
      EV_READ);
  watcher_->io.data = this;
  ev_io_start(loop_.handle(), &watcher_->io);
}

Listener::~Listener() {
  ev_io_stop(loop_.handle(), &watcher_->io);  // before the close: the number may be used again at once
  close(socket_);
}

void Listener::AcceptSome() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    const int accepted = accept4(socket_, reinterpret_cast<sockaddr*>(&storage), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted >= 0) {
      pause_logged_ = false;
      counters_.accepted.Add();
      on_accept_(accepted, PeerAddress(storage));
    } else if (NoResources(errno)) {
      return Pause(errno);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    }  // else the peer has gone already: the next one
  }
}

// The connection stays in the kernel's queue and keeps the socket readable, so that the loop would spin.
void Listener::Pause(int error) {
  counters_.accept_pauses.Add();
  if (!std::exchange(pause_logged_, true)) {
    Log(LogLevel::kError, "accept_paused",
        {{"address", address()}, {"error", std::strerror(error)}, {"hint", "raise the limit of open files"}});
  }
  ev_io_stop(loop_.handle(), &watcher_->io);
  pause_ = loop_.RunAfter(std::chrono::seconds(1), [this] { Resume(); });
}

void Listener::Resume() {
  pause_.reset();
  ev_io_start(loop_.handle(), &watcher_->io);
}

}  // namespace inlet::ws
