// Between accept and the connection: the PROXY protocol's header is read to its last byte, and no further.
#include "ingest/ws/proxy_gate.h"

#include <ev.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "ingest/log.h"
#include "ingest/ws/fd_watcher.h"
#include "ingest/ws/proxy_header.h"

namespace inlet::ws {

struct ProxyGate::Waiting {
  Waiting(EventLoop& loop, const PeerAddress& proxy_address, std::function<void(int)> on_readable)
      : proxy(proxy_address), watcher(loop, std::move(on_readable)) {}

  const PeerAddress proxy;
  std::string head;  // what was read of the header
  FdWatcher watcher;
  std::unique_ptr<ingest::Timer> deadline;
};

ProxyGate::ProxyGate(EventLoop& loop, const ServerOptions& options, ServerCounters& counters, OnPeer on_peer)
    : loop_(loop), options_(options), counters_(counters), on_peer_(std::move(on_peer)) {}

ProxyGate::~ProxyGate() { CloseAll(); }

void ProxyGate::Accept(int socket, const PeerAddress& peer) {
  if (!options_.proxy_protocol || !options_.trusted_proxies.Contains(peer)) return on_peer_(socket, peer);
  if (counters_.handshakes_pending.value() >= options_.max_pending_handshakes) {
    counters_.handshakes_rejected.Add();
    close(socket);
    return;
  }
  counters_.handshakes_pending.Add();
  auto waiting = std::make_unique<Waiting>(loop_, peer, [this, socket](int /*events*/) { OnReadable(socket); });
  waiting->watcher.Watch(socket, EV_READ);
  waiting->deadline = loop_.RunAfter(options_.handshake_timeout, [this, socket] { Refuse(socket, "it did not come"); });
  waiting_[socket] = std::move(waiting);
}

// What is only looked at keeps the socket readable: a part of a header is taken, so that the loop does not spin.
void ProxyGate::OnReadable(int socket) {
  Waiting& waiting = *waiting_.at(socket);
  std::array<char, kMostProxyHeaderBytes> bytes{};
  const size_t room = bytes.size() - waiting.head.size();
  const ssize_t size = recv(socket, bytes.data(), room, MSG_PEEK | MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0) return Refuse(socket, "the peer has gone");
  const size_t before = waiting.head.size();
  waiting.head.append(bytes.data(), static_cast<size_t>(size));
  const ProxyHeader header = ParseProxyHeader(waiting.head);
  if (header.state == ProxyHeader::State::kMalformed) return Refuse(socket, header.problem);
  const bool complete = header.state == ProxyHeader::State::kComplete;
  const size_t taken = complete ? header.size - before : static_cast<size_t>(size);
  if (recv(socket, bytes.data(), taken, MSG_DONTWAIT) != static_cast<ssize_t>(taken)) {
    return Refuse(socket, "the peer has gone");
  }
  if (!complete) return;
  const PeerAddress peer = header.peer.value_or(waiting.proxy);
  Forget(socket);
  on_peer_(socket, peer);
}

void ProxyGate::Refuse(int socket, std::string_view problem) {
  const std::string proxy = waiting_.at(socket)->proxy.ToString();
  counters_.proxy_header_failures.Add();
  Forget(socket);
  close(socket);
  const std::optional<uint64_t> left_out = refusal_log_.Admit(loop_.TurnSteadyTime());
  if (!left_out) return;
  Log(LogLevel::kWarn, "proxy_header_refused",
      {{"peer", proxy},
       {"problem", problem},
       {"hint", "with source.proxyProtocol on, each connection from source.trustedProxies begins with such a header"},
       {"left_out", std::to_string(*left_out)}});
}

void ProxyGate::Forget(int socket) {
  waiting_.erase(socket);  // which stops the watcher: the number may be used again at once
  counters_.handshakes_pending.Subtract();
}

void ProxyGate::CloseAll() {
  while (!waiting_.empty()) {
    const int socket = waiting_.begin()->first;
    Forget(socket);
    close(socket);
  }
}

}  // namespace inlet::ws
