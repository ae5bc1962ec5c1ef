// Where a dial may go: reading the rules, and matching names and addresses with them.
#include "ingest/ws/egress.h"

#include <sys/socket.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::ws {
namespace {

constexpr std::array<uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<uint8_t, 12> kNat64{0, 0x64, 0xff, 0x9b};
constexpr std::array<uint8_t, 12> kCompatible{};

bool BeginsWith(const Ip& ip, std::span<const uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), ip.begin());
}

// The IPv4 address that a gateway would deliver to.
std::optional<Ip> EmbeddedV4(const Ip& ip) {
  const bool loopback = BeginsWith(ip, kCompatible) && ip[12] == 0;  // ::1, and what no gateway takes for IPv4
  if (BeginsWith(ip, kNat64) || (BeginsWith(ip, kCompatible) && !loopback)) return MapV4(ip.data() + 12);
  if (ip[0] == 0x20 && ip[1] == 0x02) return MapV4(ip.data() + 2);  // 6to4
  return std::nullopt;
}

bool IsLinkLocal(const Ip& ip) {
  if (BeginsWith(ip, kMapped)) return (ip[12] == 169 && ip[13] == 254) || ip[12] == 0;
  if (ip == Ip{}) return true;
  return ip[0] == 0xfe && (ip[1] & 0xc0U) == 0x80;
}

std::string Normal(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::string name(host);
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name;
}

bool IsNamePattern(std::string_view pattern) {
  if (pattern == "*") return true;
  if (pattern.starts_with("*.")) pattern.remove_prefix(2);
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  };
  return !pattern.empty() && std::ranges::all_of(pattern, fits);
}

bool NameFits(std::string_view pattern, std::string_view host) {
  if (pattern == "*") return true;
  if (!pattern.starts_with("*.")) return pattern == host;
  pattern.remove_prefix(1);
  return host.size() > pattern.size() && host.ends_with(pattern);
}

absl::Status Denied(std::string_view what, std::string_view why) {
  return absl::PermissionDeniedError(Concat({"dialling ", what, " is forbidden: ", why}));
}

}  // namespace

absl::StatusOr<EgressRules::Rules> EgressRules::ParseRules(const std::vector<std::string>& texts,
                                                           std::string_view field) {
  Rules rules;
  for (const std::string& text : texts) {
    const size_t slash = text.find('/');
    const std::optional<PeerAddress> address = PeerAddress::Parse(text.substr(0, slash), 0);
    if (!address) {
      const std::string name = Normal(text);
      if (!IsNamePattern(name)) {
        return FieldInvalid(field, Concat({field, ": \"", text, "\" is no rule: write an address (10.1.2.3), a range ",
                                           "(10.0.0.0/8), a name (feed.example.com) or names (*.example.com)"}));
      }
      rules.names.push_back(name);
      continue;
    }
    std::optional<IpRange> range = ParseIpRange(text);
    if (!range) {
      return FieldInvalid(field,
                          Concat({field, ": \"", text, "\" is no range: after the slash comes a number from 0 to ",
                                  address->family() == AF_INET ? "32" : "128"}));
    }
    rules.ranges.push_back(*std::move(range));
  }
  return rules;
}

absl::StatusOr<EgressRules> EgressRules::Parse(const EgressOptions& options) {
  EgressRules result;
  absl::StatusOr<Rules> allow = ParseRules(options.allow, "egress.allow");
  if (!allow.ok()) return allow.status();
  absl::StatusOr<Rules> deny = ParseRules(options.deny, "egress.deny");
  if (!deny.ok()) return deny.status();
  result.allow_ = *std::move(allow);
  result.deny_ = *std::move(deny);
  result.proxy_ = options.proxy;
  return result;
}

const std::string* EgressRules::FindName(const Rules& rules, std::string_view host) {
  const std::string name = Normal(host);
  const auto found = std::ranges::find_if(rules.names, [&](const std::string& one) { return NameFits(one, name); });
  return found == rules.names.end() ? nullptr : &*found;
}

const std::string* EgressRules::FindRange(const Rules& rules, const Ip& ip) {
  const auto found = std::ranges::find_if(rules.ranges, [&](const IpRange& one) { return one.Contains(ip); });
  return found == rules.ranges.end() ? nullptr : &found->text;
}

absl::Status EgressRules::CheckHost(std::string_view host) const {
  if (const std::string* rule = FindName(deny_, host)) {
    return Denied(host, Concat({"egress.deny has \"", *rule, "\""}));
  }
  if (allow_.empty() || !allow_.ranges.empty() || FindName(allow_, host) != nullptr) return absl::OkStatus();
  return Denied(host, "it is not in egress.allow");
}

absl::Status EgressRules::CheckAddress(std::string_view host, const PeerAddress& address) const {
  if (absl::Status status = CheckHost(host); !status.ok()) return status;
  const Ip ip = IpOf(address);
  const std::optional<Ip> embedded = EmbeddedV4(ip);
  const std::string text = address.ToString();
  if (IsLinkLocal(ip) || (embedded && IsLinkLocal(*embedded))) {
    return Denied(text, "a link-local or unspecified address is never dialled");
  }
  for (const Ip& one : {ip, embedded.value_or(ip)}) {
    if (const std::string* rule = FindRange(deny_, one)) {
      return Denied(text, Concat({"egress.deny has \"", *rule, "\""}));
    }
  }
  if (allow_.empty() || FindName(allow_, host) != nullptr || FindRange(allow_, ip) != nullptr) return absl::OkStatus();
  return Denied(text, "it is not in egress.allow");
}

}  // namespace inlet::ws
