// Which peers are believed, and what X-Forwarded-For says then.
#include "ingest/ws/trusted_networks.h"

#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::ws {
namespace {

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

std::string_view TakeLast(std::string_view& list) {
  const size_t comma = list.rfind(',');
  const std::string_view last = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
  return Trim(last);
}

// "1.2.3.4", "1.2.3.4:80", "::1", "[::1]", "[::1]:80".
std::optional<PeerAddress> ParseEntry(std::string_view text) {
  std::string_view ip = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return std::nullopt;
    ip = text.substr(1, bracket - 1);
    port = text.substr(bracket + 1);
  } else if (std::ranges::count(text, ':') == 1) {
    ip = text.substr(0, text.find(':'));
    port = text.substr(ip.size());
  }
  uint16_t number = 0;
  if (!port.empty()) {
    const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
    if (port.front() != ':' || error != std::errc() || end != port.data() + port.size()) return std::nullopt;
  }
  const std::optional<PeerAddress> address = PeerAddress::Parse(std::string(ip), number);
  if (!address) return std::nullopt;
  sockaddr_storage storage{};
  address->Store(storage);
  return PeerAddress(storage);  // IPv4 inside IPv6 becomes plain
}

}  // namespace

absl::StatusOr<TrustedNetworks> TrustedNetworks::Parse(const std::vector<std::string>& texts) {
  TrustedNetworks networks;
  for (const std::string& text : texts) {
    std::optional<IpRange> range = ParseIpRange(text);
    if (!range) {
      return FieldInvalid("source.trustedProxies",
                          Concat({"source.trustedProxies: \"", text,
                                  "\" is neither an address (10.1.2.3) nor a range (10.0.0.0/8, fd00::/8)"}));
    }
    networks.ranges_.push_back(*std::move(range));
  }
  return networks;
}

bool TrustedNetworks::Contains(const PeerAddress& address) const {
  if (ranges_.empty() || address.family() == AF_UNSPEC) return false;
  const Ip ip = IpOf(address);
  return std::ranges::any_of(ranges_, [&](const IpRange& one) { return one.Contains(ip); });
}

PeerAddress TrustedNetworks::ForwardedPeer(std::string_view forwarded_for, const PeerAddress& peer) const {
  PeerAddress believed = peer;
  while (!forwarded_for.empty() && Contains(believed)) {
    const std::optional<PeerAddress> entry = ParseEntry(TakeLast(forwarded_for));
    if (!entry) break;
    believed = *entry;
  }
  return believed;
}

}  // namespace inlet::ws
