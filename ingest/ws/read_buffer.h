// What libwebsockets has read behind a handshake, kept while it answers that handshake.
#ifndef INLET_INGEST_WS_READ_BUFFER_H_
#define INLET_INGEST_WS_READ_BUFFER_H_

#include <libwebsockets.h>

#include <array>
#include <cstddef>

#include "absl/status/status.h"

namespace inlet::ws {

// libwebsockets 4.1 reads all connections of a context into one buffer, and builds its answer to an upgrade in the same
// one, before it stores what stood there behind the request: bytes of the answer would be taken for frames of the peer.
// Loop thread only.
class ReadBuffer {
 public:
  // Learns where reads land: of a socket of its own, adopted into `vhost`, a byte is read. Internal: it was not.
  absl::Status Find(lws_vhost* vhost);
  // LWS_CALLBACK_RAW_RX of that socket. Returns what libwebsockets is told: to close it.
  int OnFound(void* bytes);

  // Between a request and its answer.
  void Keep();
  // Behind the answer, before the next read.
  void Restore() const;

 private:
  // The answer ends before: it is built from byte 400 on and has at most 500; what it is made of lies before it.
  static constexpr size_t kKept = 2048;

  std::byte* start_ = nullptr;
  std::array<std::byte, kKept> kept_{};
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_READ_BUFFER_H_
