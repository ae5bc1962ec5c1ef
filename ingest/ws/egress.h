// Where a dial may go: rules of the operator about names and addresses. Pure.
#ifndef INLET_INGEST_WS_EGRESS_H_
#define INLET_INGEST_WS_EGRESS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/ws/ip_range.h"
#include "ingest/ws/peer_address.h"

namespace inlet::ws {

// Each rule is an address ("10.1.2.3"), a range ("10.0.0.0/8", "fd00::/8"), a name ("feed.example.com"), all names
// below one ("*.example.com"), or "*".
struct EgressOptions {
  std::vector<std::string> allow;  // not empty: nothing else is
  std::vector<std::string> deny;   // beats `allow`
  bool proxy = false;              // whether a dial may go through an HTTP proxy, which resolves for itself
};

// Link-local addresses (where clouds keep their credentials) and "any address" are refused whatever the rules say, in
// each form that leads there: IPv4, IPv6, mapped, translated (NAT64), tunnelled (6to4). Immutable.
class EgressRules {
 public:
  // InvalidArgument: a rule is none of these; the message names it.
  static absl::StatusOr<EgressRules> Parse(const EgressOptions& options);

  // Before a name is resolved. PermissionDenied: no address of it would do; the message names the rule.
  absl::Status CheckHost(std::string_view host) const;
  // For each address that is dialled. `host`: the name that it was found by, or the address itself. PermissionDenied:
  // the message names address and rule.
  absl::Status CheckAddress(std::string_view host, const PeerAddress& address) const;

  bool proxy() const { return proxy_; }

 private:
  struct Rules {
    std::vector<IpRange> ranges;
    std::vector<std::string> names;  // in lower case
    bool empty() const { return ranges.empty() && names.empty(); }
  };

  static absl::StatusOr<Rules> ParseRules(const std::vector<std::string>& texts, std::string_view field);
  static const std::string* FindName(const Rules& rules, std::string_view host);
  static const std::string* FindRange(const Rules& rules, const Ip& ip);

  Rules allow_;
  Rules deny_;
  bool proxy_ = false;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_EGRESS_H_
