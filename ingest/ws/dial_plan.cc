// What a dial needs to know: replacing references, and checking that the result can be sent.
#include "ingest/ws/dial_plan.h"

#include <string.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "ingest/error.h"
#include "ingest/text.h"
#include "ingest/ws/control_characters.h"
#include "ingest/ws/url_text.h"

namespace inlet::ws {
namespace {

bool SameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// What the protocol itself sends.
bool IsReserved(std::string_view name) {
  constexpr std::array<std::string_view, 5> kReserved{"Connection", "Upgrade", "Sec-WebSocket-Key",
                                                      "Sec-WebSocket-Version", "Sec-WebSocket-Extensions"};
  return std::ranges::any_of(kReserved, [&](std::string_view one) { return SameName(one, name); });
}

bool HasControl(std::string_view text) { return std::ranges::any_of(text, IsControl); }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

absl::StatusOr<std::string> Expand(std::string_view text, std::string_view setting,
                                   const ingest::Credentials& credentials) {
  absl::StatusOr<std::string> expanded = credentials.Expand(text);
  if (!expanded.ok()) return AddContext(expanded.status(), setting);
  if (HasControl(*expanded)) {
    return absl::InvalidArgumentError(
        Concat({setting, ": with its references replaced it holds a line break or another control character"}));
  }
  return expanded;
}

std::string HostHeader(const ingest::ClientRole& role) {
  std::string host = role.host.find(':') == std::string::npos ? role.host : Concat({"[", role.host, "]"});
  if (role.port != (role.tls ? 443 : 80)) host += ":" + std::to_string(role.port);
  return host;
}

void AddSubprotocols(std::string_view list, std::vector<std::string>& subprotocols) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    const std::string_view one = Trim(list.substr(0, comma));
    if (!one.empty() && std::ranges::find(subprotocols, one) == subprotocols.end()) subprotocols.emplace_back(one);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

absl::Status AddHeaders(const ingest::ClientRole& role, const ingest::Credentials& credentials, DialPlan& plan) {
  for (const ingest::HttpHeader& header : role.headers) {
    const std::string setting = Concat({"requestHeader ", header.name});
    if (IsReserved(header.name)) {
      return absl::InvalidArgumentError(Concat({setting, ": this header is the protocol's own, leave it out"}));
    }
    absl::StatusOr<std::string> value = Expand(header.value, setting, credentials);
    if (!value.ok()) return value.status();
    if (SameName(header.name, "Host")) {
      plan.host_header = *std::move(value);
    } else if (SameName(header.name, "Sec-WebSocket-Protocol")) {
      AddSubprotocols(*value, plan.subprotocols);
    } else {
      plan.headers.push_back({header.name, *std::move(value)});
    }
  }
  return absl::OkStatus();
}

absl::Status NoProxyUrl() {
  return absl::InvalidArgumentError("proxyUrl: it must look like http://user:password@host:port");
}

// http://[user[:password]@]host[:port][/]
absl::StatusOr<ProxyPlan> ParseProxy(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!SameName(url.substr(0, kScheme.size()), kScheme)) return NoProxyUrl();
  url.remove_prefix(kScheme.size());
  url = url.substr(0, url.find_first_of("/?#"));
  ProxyPlan proxy;
  if (const size_t at = url.rfind('@'); at != std::string_view::npos) {
    const std::string user = PercentDecode(url.substr(0, at));
    proxy.authorization = "Basic " + Base64(user.find(':') == std::string::npos ? user + ":" : user);
    url.remove_prefix(at + 1);
  }
  std::string_view port = "80";
  const size_t bracket = url.starts_with('[') ? url.find(']') : size_t{0};
  if (bracket == std::string_view::npos) return NoProxyUrl();
  if (const size_t colon = url.find(':', bracket); colon != std::string_view::npos) {
    port = url.substr(colon + 1);
    url = url.substr(0, colon);
  }
  proxy.host = bracket > 0 ? url.substr(1, bracket - 1) : url;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), proxy.port);
  if (error != std::errc() || end != port.data() + port.size() || proxy.port == 0 || proxy.host.empty()) {
    return NoProxyUrl();
  }
  return proxy;
}

absl::Status AddProxy(const ingest::ClientRole& role, const ingest::Credentials& credentials, DialPlan& plan) {
  if (role.proxy_url.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> url = Expand(role.proxy_url, "proxyUrl", credentials);
  if (!url.ok()) return url.status();
  absl::StatusOr<ProxyPlan> proxy = ParseProxy(*url);
  if (!proxy.ok()) return proxy.status();
  plan.proxy = *std::move(proxy);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DialPlan> MakeDialPlan(const DialRequest& request, const ingest::Credentials& credentials) {
  const ingest::ClientRole& role = request.role;
  DialPlan plan;
  plan.host = role.host;
  plan.port = role.port;
  plan.host_header = HostHeader(role);
  plan.subprotocols = request.connection.subprotocols;
  plan.handshake_timeout = role.handshake_timeout;
  plan.ping_interval = request.connection.ping_interval;
  plan.idle_timeout = request.connection.idle_timeout;
  plan.max_message_bytes = request.max_message_bytes;
  absl::StatusOr<std::string> target = Expand(role.target, "the path", credentials);
  if (!target.ok()) return target.status();
  plan.target = target->empty() ? "/" : *std::move(target);
  if (plan.target.find(' ') != std::string::npos) {
    return absl::InvalidArgumentError("the path: with its references replaced it holds a space, write %20");
  }
  if (absl::Status added = AddHeaders(role, credentials, plan); !added.ok()) return added;
  if (absl::Status added = AddProxy(role, credentials, plan); !added.ok()) return added;
  if (role.tls) {
    absl::StatusOr<std::unique_ptr<ClientTlsMaterial>> tls =
        ClientTlsMaterial::Load(role.tls_settings, role.host, credentials);
    if (!tls.ok()) return tls.status();
    plan.tls = *std::move(tls);
  }
  return plan;
}

DialProblem ProblemOf(const absl::Status& error) {
  switch (error.code()) {
    case absl::StatusCode::kInternal:  // ours
      return DialProblem::kUnreachable;
    case absl::StatusCode::kInvalidArgument:
      return DialProblem::kSetting;
    case absl::StatusCode::kUnavailable:
      return DialProblem::kAuthorities;
    default:
      return DialProblem::kCredentials;
  }
}

}  // namespace inlet::ws
