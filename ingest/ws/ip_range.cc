// Ranges of addresses: read, and compared bit by bit.
#include "ingest/ws/ip_range.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace inlet::ws {
namespace {

constexpr std::array<uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

Ip MapV4(const uint8_t* v4) {
  Ip ip{};
  std::ranges::copy(kMapped, ip.begin());
  std::copy_n(v4, 4, ip.begin() + 12);
  return ip;
}

Ip IpOf(const PeerAddress& address) {
  sockaddr_storage storage{};
  address.Store(storage);
  if (address.family() == AF_INET) {
    in_addr v4{};
    std::memcpy(&v4, reinterpret_cast<const char*>(&storage) + offsetof(sockaddr_in, sin_addr), sizeof v4);
    return MapV4(reinterpret_cast<const uint8_t*>(&v4));
  }
  Ip ip{};
  std::memcpy(ip.data(), reinterpret_cast<const char*>(&storage) + offsetof(sockaddr_in6, sin6_addr), ip.size());
  return ip;
}

bool IpRange::Contains(const Ip& other) const {
  const auto bytes = static_cast<size_t>(bits / 8);
  if (!std::equal(other.begin(), other.begin() + static_cast<ptrdiff_t>(bytes), ip.begin())) return false;
  const int rest = bits % 8;
  return rest == 0 || ((other[bytes] ^ ip[bytes]) >> (8U - static_cast<unsigned>(rest))) == 0;
}

std::optional<IpRange> ParseIpRange(const std::string& text) {
  const size_t slash = text.find('/');
  const std::optional<PeerAddress> address = PeerAddress::Parse(text.substr(0, slash), 0);
  if (!address) return std::nullopt;
  const int width = address->family() == AF_INET ? 32 : 128;
  int bits = width;
  if (slash != std::string::npos) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, bits);
    if (error != std::errc() || stop != end || bits < 0 || bits > width) return std::nullopt;
  }
  return IpRange{IpOf(*address), bits + 128 - width, text};
}

}  // namespace inlet::ws
