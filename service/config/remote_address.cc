// Reads where the client role dials: `addr`, and a datasource that is a whole URL.
#include "service/config/remote_address.h"

#include <algorithm>
#include <charconv>

#include "ingest/text.h"
#include "service/config/names.h"
#include "service/config/network_address.h"
#include "service/config/secret_references.h"

namespace inlet::config {
namespace {

constexpr std::string_view kSchemeEnd = "://";

bool ReadPort(std::string_view text, uint16_t& port) {
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, port);
  return !text.empty() && result.ec == std::errc() && result.ptr == end && port != 0;
}

// Splits host from ":port" (then `port` keeps its colon); IPv6 stays in its brackets.
void SplitPort(std::string_view text, std::string_view& host, std::string_view& port) {
  const size_t bracket = text.rfind(']');
  const size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  host = text.substr(0, colon);
  port = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
}

// What people write instead of host:port; empty if it is none of these.
std::string FamiliarMistake(std::string_view text) {
  if (text.find(kSchemeEnd) != std::string_view::npos) {
    return "is host:port without a scheme: put ws or wss into scheme, or give the whole URL as datasource";
  }
  if (text.find('@') != std::string_view::npos) {
    return "must not hold a user: set requestHeader.Authorization";
  }
  if (text.find_first_of("/?#") != std::string_view::npos) {
    return "is host:port without a path: put path and query into datasource";
  }
  const bool is_bare_ipv6 = !text.starts_with('[') && std::count(text.begin(), text.end(), ':') > 1;
  return is_bare_ipv6 ? "is an IPv6 address without brackets: write [::1]:8080" : "";
}

std::string ReadTarget(std::string_view rest, std::string& target) {
  target = rest.starts_with('/') ? std::string(rest) : Concat({"/", rest});
  return TargetProblem(target);
}

}  // namespace

std::string ReadRemoteAddress(std::string_view text, RemoteAddress& address) {
  if (std::string mistake = FamiliarMistake(text); !mistake.empty()) return mistake;
  std::string_view host;
  std::string_view port;
  SplitPort(text, host, port);
  if (!port.empty() && !ReadPort(port.substr(1), address.port)) return "must have a port from 1 to 65535 behind the :";
  if (!IsHost(host)) {
    return "must be host:port, such as feed.example.com:443 or [::1]:8080; a name with other letters is written in its "
           "xn-- form";
  }
  const bool is_bracketed = host.starts_with('[');
  address.host = Lower(is_bracketed ? host.substr(1, host.size() - 2) : host);
  return {};
}

bool IsRemoteUrl(std::string_view text) {
  const size_t end = text.find(kSchemeEnd);
  const std::string scheme = end == std::string_view::npos ? std::string() : Lower(text.substr(0, end));
  return scheme == "ws" || scheme == "wss";
}

std::string ReadRemoteUrl(std::string_view text, RemoteUrl& url) {
  const size_t scheme_end = text.find(kSchemeEnd);
  url.tls = Lower(text.substr(0, scheme_end)) == "wss";
  const std::string_view rest = text.substr(scheme_end + kSchemeEnd.size());
  const size_t authority_end = std::min(rest.find_first_of("/?#"), rest.size());
  std::string problem = ReadRemoteAddress(rest.substr(0, authority_end), url.address);
  if (!problem.empty()) return Concat({"has a host that ", problem});
  return ReadTarget(rest.substr(authority_end), url.target);
}

std::string TargetProblem(std::string_view target) {
  constexpr size_t kLongestTarget = 8192;
  if (!target.starts_with('/'))
    return R"(must begin with "/", such as /ws?channel=trades, or be a ws:// or wss:// URL)";
  if (target.size() > kLongestTarget) return "is longer than 8192 bytes";
  if (std::string problem = ReferenceProblem(target); !problem.empty()) return problem;
  const std::string literal = WithoutReferences(target, "x");
  if (literal.find('#') != std::string::npos)
    return "has a fragment, which no server sees: leave out all from the # on";
  const bool is_visible = std::all_of(literal.begin(), literal.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  return is_visible ? "" : "may hold visible ASCII characters only: write others as %XX";
}

std::string ProxyUrlProblem(std::string_view url) {
  constexpr std::string_view kForm = "must be http://host:port or http://user:password@host:port";
  if (std::string problem = ReferenceProblem(url); !problem.empty()) return problem;
  if (!url.starts_with("http://")) return Concat({kForm, "; Inlet speaks no other protocol to a proxy"});
  std::string_view rest = url.substr(7);
  const size_t at = rest.rfind('@');
  const std::string_view user = at == std::string_view::npos ? std::string_view() : rest.substr(0, at);
  if (at != std::string_view::npos) rest.remove_prefix(at + 1);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  RemoteAddress address;
  const bool is_address = ReadRemoteAddress(rest, address).empty() && address.port != 0;
  const auto is_odd = [](char c) { return (c >= 0 && c <= ' ') || c == '\x7f'; };
  return is_address && std::none_of(user.begin(), user.end(), is_odd) ? std::string() : std::string(kForm);
}

uint16_t DefaultPort(bool tls) { return tls ? 443 : 80; }

std::string AddressText(const RemoteAddress& address) {
  const bool is_ipv6 = address.host.find(':') != std::string::npos;
  return Concat({is_ipv6 ? "[" : "", address.host, is_ipv6 ? "]:" : ":", std::to_string(address.port)});
}

}  // namespace inlet::config
