// Ranges of addresses. Pure.
#ifndef INLET_INGEST_WS_IP_RANGE_H_
#define INLET_INGEST_WS_IP_RANGE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "ingest/ws/peer_address.h"

namespace inlet::ws {

// IPv4 as ::ffff:a.b.c.d.
using Ip = std::array<uint8_t, 16>;

Ip MapV4(const uint8_t* v4);
Ip IpOf(const PeerAddress& address);

struct IpRange {
  Ip ip{};
  int bits = 0;      // of the 128
  std::string text;  // as it was written

  bool Contains(const Ip& other) const;
};

// "10.1.2.3", "10.0.0.0/8", "fd00::/8". Nothing: it is no range.
std::optional<IpRange> ParseIpRange(const std::string& text);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_IP_RANGE_H_
