// Which peers are believed when they say whom they speak for.
#ifndef INLET_INGEST_WS_TRUSTED_NETWORKS_H_
#define INLET_INGEST_WS_TRUSTED_NETWORKS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/ws/ip_range.h"
#include "ingest/ws/peer_address.h"

namespace inlet::ws {

// Immutable.
class TrustedNetworks {
 public:
  // None.
  TrustedNetworks() = default;
  // InvalidArgument: a text is neither an address (10.1.2.3) nor a range (10.0.0.0/8); the message names it.
  static absl::StatusOr<TrustedNetworks> Parse(const std::vector<std::string>& texts);

  bool Contains(const PeerAddress& address) const;

  // Who has sent a request that came from `peer` with this header X-Forwarded-For: read from the right, each entry is
  // believed if who wrote it is trusted. An entry that is no address ends the chain. The port is 0 if none is told.
  PeerAddress ForwardedPeer(std::string_view forwarded_for, const PeerAddress& peer) const;

 private:
  std::vector<IpRange> ranges_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_TRUSTED_NETWORKS_H_
