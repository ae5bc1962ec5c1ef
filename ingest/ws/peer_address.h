// The address of a socket: an IPv4 or IPv6 address and a port.
#ifndef INLET_INGEST_WS_PEER_ADDRESS_H_
#define INLET_INGEST_WS_PEER_ADDRESS_H_

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace inlet::ws {

// Small, since every connection keeps one.
class PeerAddress {
 public:
  PeerAddress() = default;
  // Another family than IPv4 and IPv6 makes an empty address. IPv4 inside IPv6 becomes plain IPv4.
  explicit PeerAddress(const sockaddr_storage& address);

  // `ip`: a literal. Empty: it is none.
  static std::optional<PeerAddress> Parse(const std::string& ip, uint16_t port);

  // For bind. The length is that of the family.
  socklen_t Store(sockaddr_storage& address) const;

  int family() const { return family_; }
  uint16_t port() const { return port_; }
  // "127.0.0.1:80", "[::1]:80"; "unknown" if empty.
  std::string ToString() const;
  // "127.0.0.1", "::1"; "unknown" if empty.
  std::string IpText() const;

 private:
  sa_family_t family_ = AF_UNSPEC;
  uint16_t port_ = 0;
  std::array<uint8_t, 16> ip_{};  // IPv4: the first four
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_PEER_ADDRESS_H_
