// A WebSocket client that may break every rule.
#ifndef INLET_TESTS_INGEST_WS_RAW_CLIENT_H_
#define INLET_TESTS_INGEST_WS_RAW_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/ingest/ws/raw_peer.h"

namespace inlet::ws {

// A complete handshake; `more`: further header lines, each with its CRLF.
std::string Handshake(std::string_view path, std::string_view more = "");
// One of so many bytes, at least 250.
std::string HandshakeOfSize(std::string_view path, size_t size);

class RawClient : public RawPeer {
 public:
  explicit RawClient(uint16_t port, const std::string& ip = "127.0.0.1");

  // A client that has been let in.
  static RawClient Open(uint16_t port, std::string_view path);
};

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_RAW_CLIENT_H_
