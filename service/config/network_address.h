// Judges the addresses that the operator writes. Text only: no name is resolved.
#ifndef INLET_SERVICE_CONFIG_NETWORK_ADDRESS_H_
#define INLET_SERVICE_CONFIG_NETWORK_ADDRESS_H_

#include <string_view>

namespace inlet::config {

// An IPv4 or IPv6 address in digits, without brackets.
bool IsIpAddress(std::string_view text);

// A name, an IPv4 address, or an IPv6 address in brackets.
bool IsHost(std::string_view text);

// host:port or [IPv6]:port, with a port from 0 to 65535; the host may be a name.
bool IsHostAndPort(std::string_view text);

// Whether only this machine can reach it. Precondition: IsHostAndPort(text).
bool IsLoopback(std::string_view host_and_port);

// ws://host[:port][/path] or wss://..., without user, query string and fragment.
bool IsPublicUrl(std::string_view text);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_NETWORK_ADDRESS_H_
