// A listening socket of our own on the loop (libwebsockets 4.1 never closes one of its own).
#ifndef INLET_INGEST_WS_LISTENER_H_
#define INLET_INGEST_WS_LISTENER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "ingest/ws/counters.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/peer_address.h"

namespace inlet::ws {

// Loop thread only.
class Listener {
 public:
  // Takes over the socket, which does not block.
  using OnAccept = std::function<void(int socket, const PeerAddress& peer)>;

  // FailedPrecondition (ADDRESS_UNAVAILABLE): `ip` is no address, or the kernel refuses it.
  static absl::StatusOr<std::unique_ptr<Listener>> Open(EventLoop& loop, const std::string& ip, uint16_t port,
                                                        ServerCounters& counters, OnAccept on_accept);

  // Closes the socket at once. Not inside OnAccept.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  uint16_t port() const { return address_.port(); }
  std::string address() const { return address_.ToString(); }

 private:
  struct Watcher;

  Listener(EventLoop& loop, int socket, ServerCounters& counters, OnAccept on_accept);
  void AcceptSome();
  void Pause(int error);
  void Resume();

  EventLoop& loop_;
  const int socket_;
  ServerCounters& counters_;
  const OnAccept on_accept_;
  PeerAddress address_;
  std::unique_ptr<Watcher> watcher_;
  std::unique_ptr<ingest::Timer> pause_;
  bool pause_logged_ = false;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_LISTENER_H_
