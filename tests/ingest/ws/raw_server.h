// A WebSocket server that may break every rule: a blocking socket on loopback.
#ifndef INLET_TESTS_INGEST_WS_RAW_SERVER_H_
#define INLET_TESTS_INGEST_WS_RAW_SERVER_H_

#include <cstdint>

#include "tests/ingest/ws/raw_peer.h"

namespace inlet::ws {

class RawServer {
 public:
  RawServer();
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  uint16_t port() const { return port_; }
  // Waits up to 20 s. Not connected: nobody came.
  RawPeer Accept() const;
  // Accept, called now or later, returns at once. Any thread.
  void Stop() const;

 private:
  int listener_ = -1;
  uint16_t port_ = 0;
};

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_RAW_SERVER_H_
