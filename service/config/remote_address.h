// Reads where the client role dials: `addr`, and a datasource that is a whole URL. Text only: no name is resolved.
#ifndef INLET_SERVICE_CONFIG_REMOTE_ADDRESS_H_
#define INLET_SERVICE_CONFIG_REMOTE_ADDRESS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace inlet::config {

// The functions that read return what is wrong, as the end of a sentence, or nothing. They do not repeat the text, as
// it may hold a password.

struct RemoteAddress {
  std::string host;   // a name in lower case, or an address (IPv6 without brackets)
  uint16_t port = 0;  // 0: none was given
};

// host, host:port, [IPv6] or [IPv6]:port; a port from 1 to 65535.
std::string ReadRemoteAddress(std::string_view text, RemoteAddress& address);

struct RemoteUrl {
  bool tls = false;
  RemoteAddress address;
  std::string target;  // path and query as they are requested: begins with "/"
};

// Begins with ws:// or wss://, in any case.
bool IsRemoteUrl(std::string_view text);

// Precondition: IsRemoteUrl(text). Without user, password and fragment.
std::string ReadRemoteUrl(std::string_view text, RemoteUrl& url);

// Of path and query: begins with "/", visible ASCII, no fragment, at most 8192 bytes. May hold references.
std::string TargetProblem(std::string_view target);

// http://[user:password@]host:port, without a path. May hold references, in the user part.
std::string ProxyUrlProblem(std::string_view url);

// What stands for no port.
uint16_t DefaultPort(bool tls);

// host:port, with IPv6 in brackets.
std::string AddressText(const RemoteAddress& address);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_REMOTE_ADDRESS_H_
