// Judges the addresses that the operator writes.
#include "service/config/network_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

#include "service/config/names.h"

namespace inlet::config {
namespace {

bool IsIpv6(std::string_view text) {
  in6_addr address{};
  return text.find('\0') == std::string_view::npos && inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

bool IsIpv4(std::string_view text) {
  in_addr address{};
  return text.find('\0') == std::string_view::npos && inet_pton(AF_INET, std::string(text).c_str(), &address) == 1;
}

bool IsHostName(std::string_view text) {
  constexpr size_t kLongestName = 253;
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  };
  const bool is_name =
      !text.empty() && text.size() <= kLongestName && std::all_of(text.begin(), text.end(), is_allowed);
  const bool looks_like_ipv4 = is_name && text.find_first_not_of("0123456789.") == std::string_view::npos;
  return is_name && (!looks_like_ipv4 || IsIpv4(text));
}

bool IsPort(std::string_view text) {
  uint16_t port = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), port);
  return !text.empty() && result.ec == std::errc() && result.ptr == text.data() + text.size();
}

// The host without its brackets.
std::string_view HostOf(std::string_view host_and_port) {
  const std::string_view host = host_and_port.substr(0, host_and_port.rfind(':'));
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

bool IsIpAddress(std::string_view text) { return IsIpv4(text) || IsIpv6(text); }

bool IsHost(std::string_view text) {
  const bool is_bracketed = text.size() > 2 && text.starts_with('[') && text.ends_with(']');
  return is_bracketed ? IsIpv6(text.substr(1, text.size() - 2)) : IsHostName(text);
}

bool IsHostAndPort(std::string_view text) {
  const size_t colon = text.rfind(':');
  return colon != std::string_view::npos && IsHost(text.substr(0, colon)) && IsPort(text.substr(colon + 1));
}

bool IsLoopback(std::string_view host_and_port) {
  const std::string_view host = HostOf(host_and_port);
  in6_addr address{};
  const bool is_ipv6 = inet_pton(AF_INET6, std::string(host).c_str(), &address) == 1;
  if (is_ipv6) return IN6_IS_ADDR_LOOPBACK(&address);
  return EqualIgnoringCase(host, "localhost") || (IsIpv4(host) && host.starts_with("127."));
}

bool IsPublicUrl(std::string_view text) {
  const size_t scheme_end = text.find("://");
  const std::string_view scheme = text.substr(0, std::min(scheme_end, text.size()));
  if (scheme != "ws" && scheme != "wss") return false;
  const std::string_view rest = text.substr(scheme_end + 3);
  const auto is_odd = [](char c) { return c <= ' ' || c >= '\x7f' || c == '?' || c == '#'; };
  if (std::any_of(rest.begin(), rest.end(), is_odd)) return false;
  const std::string_view authority = rest.substr(0, rest.find('/'));
  return IsHost(authority) || IsHostAndPort(authority);
}

}  // namespace inlet::config
