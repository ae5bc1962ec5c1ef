// Between accept and the connection: who really sends, if a trusted proxy is to say so by the PROXY protocol.
#ifndef INLET_INGEST_WS_PROXY_GATE_H_
#define INLET_INGEST_WS_PROXY_GATE_H_

#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "ingest/ws/counters.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/log_limiter.h"
#include "ingest/ws/peer_address.h"
#include "ingest/ws/server_options.h"

namespace inlet::ws {

// Loop thread only.
class ProxyGate {
 public:
  // Takes over the socket, whose next byte is the client's own.
  using OnPeer = std::function<void(int socket, const PeerAddress& peer)>;

  // All outlive it.
  ProxyGate(EventLoop& loop, const ServerOptions& options, ServerCounters& counters, OnPeer on_peer);
  // As CloseAll.
  ~ProxyGate();
  ProxyGate(const ProxyGate&) = delete;
  ProxyGate& operator=(const ProxyGate&) = delete;

  // Takes over an accepted socket. Without ServerOptions::proxy_protocol, and from peers that are not trusted, it is
  // passed on at once; else when its header has been read. A wrong header, or none in handshake_timeout, closes it.
  void Accept(int socket, const PeerAddress& peer);

  // Closes those that wait for their header.
  void CloseAll();

 private:
  struct Waiting;

  void OnReadable(int socket);
  void Refuse(int socket, std::string_view problem);
  // Nothing of it remains here but the open socket.
  void Forget(int socket);

  EventLoop& loop_;
  const ServerOptions& options_;
  ServerCounters& counters_;
  const OnPeer on_peer_;
  LogLimiter refusal_log_{20, std::chrono::seconds(10)};
  std::unordered_map<int, std::unique_ptr<Waiting>> waiting_;  // by their socket
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_PROXY_GATE_H_
