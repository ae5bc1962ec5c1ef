// The PROXY protocol, versions 1 and 2: what a proxy says of its client before the client's first byte. Pure.
#ifndef INLET_INGEST_WS_PROXY_HEADER_H_
#define INLET_INGEST_WS_PROXY_HEADER_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "ingest/ws/peer_address.h"

namespace inlet::ws {

// Of version 1, with its end of line; the protocol's own bound.
inline constexpr size_t kMostProxyLineBytes = 107;
// Of version 2: the addresses, and further facts of the proxy, which are skipped. The protocol allows 64 KiB.
inline constexpr size_t kMostProxyHeaderBytes = 2048;

struct ProxyHeader {
  enum class State {
    kIncomplete,  // all bytes belong to a header, and more must come
    kComplete,
    kMalformed,  // no header, or a wrong one
  };
  State state = State::kIncomplete;
  size_t size = 0;                  // kComplete: of the header
  std::optional<PeerAddress> peer;  // kComplete; none: the connection is the proxy's own (LOCAL, UNKNOWN)
  std::string_view problem = {};    // kMalformed: in words
};

// `bytes`: the beginning of a connection. Never kIncomplete for kMostProxyHeaderBytes and more.
ProxyHeader ParseProxyHeader(std::string_view bytes);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_PROXY_HEADER_H_
