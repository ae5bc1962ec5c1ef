// The address of a socket: between the kernel's form and text.
#include "ingest/ws/peer_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "ingest/text.h"

namespace inlet::ws {

PeerAddress::PeerAddress(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    family_ = AF_INET;
    port_ = ntohs(v4.sin_port);
    std::memcpy(ip_.data(), &v4.sin_addr, 4);
  } else if (address.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    port_ = ntohs(v6.sin6_port);
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr);
    family_ = mapped ? AF_INET : AF_INET6;
    std::memcpy(ip_.data(), v6.sin6_addr.s6_addr + (mapped ? 12 : 0), mapped ? 4 : 16);
  }
}

std::optional<PeerAddress> PeerAddress::Parse(const std::string& ip, uint16_t port) {
  for (const sa_family_t family : {AF_INET, AF_INET6}) {
    PeerAddress address;
    if (inet_pton(family, ip.c_str(), address.ip_.data()) != 1) continue;
    address.family_ = family;
    address.port_ = port;
    return address;
  }
  return std::nullopt;
}

socklen_t PeerAddress::Store(sockaddr_storage& address) const {
  address = {};
  if (family_ == AF_INET) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port_);
    std::memcpy(&v4.sin_addr, ip_.data(), 4);
    std::memcpy(&address, &v4, sizeof v4);
    return sizeof v4;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port_);
  std::memcpy(&v6.sin6_addr, ip_.data(), 16);
  std::memcpy(&address, &v6, sizeof v6);
  return sizeof v6;
}

std::string PeerAddress::IpText() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family_ == AF_UNSPEC || inet_ntop(family_, ip_.data(), text.data(), text.size()) == nullptr) return "unknown";
  return text.data();
}

std::string PeerAddress::ToString() const {
  if (family_ == AF_UNSPEC) return IpText();
  const bool v6 = family_ == AF_INET6;
  return Concat({v6 ? "[" : "", IpText(), v6 ? "]:" : ":", std::to_string(port_)});
}

}  // namespace inlet::ws
