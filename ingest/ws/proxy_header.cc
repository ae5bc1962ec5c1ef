// The PROXY protocol, versions 1 and 2: a line of text, or a head of 16 bytes and the addresses behind it.
#include "ingest/ws/proxy_header.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>

namespace inlet::ws {
namespace {

constexpr std::string_view kLineBegin = "PROXY ";
constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr size_t kHeadBytes = 16;

ProxyHeader Malformed(std::string_view problem) { return {ProxyHeader::State::kMalformed, 0, std::nullopt, problem}; }

ProxyHeader Complete(size_t size, const std::optional<PeerAddress>& peer) {
  return {ProxyHeader::State::kComplete, size, peer, {}};
}

// Whether one begins as the other, as far as both go.
bool BeginAlike(std::string_view a, std::string_view b) {
  const size_t size = std::min(a.size(), b.size());
  return a.substr(0, size) == b.substr(0, size);
}

// --- version 1

std::string_view TakeWord(std::string_view& line) {
  const size_t space = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, space);
  line.remove_prefix(std::min(space + 1, line.size()));
  return word;
}

std::optional<uint16_t> ParsePort(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  const bool leading_zero = text.size() > 1 && text.front() == '0';
  return whole && !leading_zero ? std::optional(port) : std::nullopt;
}

std::optional<PeerAddress> ParseAddress(sa_family_t family, std::string_view ip, std::string_view port) {
  const std::optional<uint16_t> number = ParsePort(port);
  if (!number) return std::nullopt;
  const std::optional<PeerAddress> address = PeerAddress::Parse(std::string(ip), *number);
  if (!address || address->family() != family) return std::nullopt;
  sockaddr_storage storage{};
  address->Store(storage);
  return PeerAddress(storage);  // IPv4 inside IPv6 becomes plain
}

ProxyHeader ParseLine(std::string_view line, size_t size) {
  line.remove_prefix(kLineBegin.size());
  const std::string_view protocol = TakeWord(line);
  if (protocol == "UNKNOWN") return Complete(size, std::nullopt);
  if (protocol != "TCP4" && protocol != "TCP6") return Malformed("neither TCP4, TCP6 nor UNKNOWN");
  const sa_family_t family = protocol == "TCP4" ? AF_INET : AF_INET6;
  const std::string_view source = TakeWord(line);
  const std::string_view destination = TakeWord(line);
  const std::string_view source_port = TakeWord(line);
  const auto peer = ParseAddress(family, source, source_port);
  if (!peer) return Malformed("a wrong source address");
  // The last word: nothing may follow it.
  if (!ParseAddress(family, destination, line)) return Malformed("a wrong destination address");
  return Complete(size, peer);
}

ProxyHeader ParseVersion1(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, kMostProxyLineBytes);
  const size_t end = line.find("\r\n");
  if (end != std::string_view::npos) return ParseLine(line.substr(0, end), end + 2);
  if (line.size() == kMostProxyLineBytes) return Malformed("a line without an end");
  return {};
}

// --- version 2

uint16_t ReadNumber(std::string_view bytes) {
  return static_cast<uint16_t>(static_cast<uint8_t>(bytes[0]) << 8U | static_cast<uint8_t>(bytes[1]));
}

// `addresses`: source, destination, their ports, and what follows.
PeerAddress ReadAddress(sa_family_t family, std::string_view addresses) {
  sockaddr_storage storage{};
  if (family == AF_INET) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, addresses.data(), 4);
    std::memcpy(&v4.sin_port, addresses.data() + 8, 2);
    std::memcpy(&storage, &v4, sizeof v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, addresses.data(), 16);
    std::memcpy(&v6.sin6_port, addresses.data() + 32, 2);
    std::memcpy(&storage, &v6, sizeof v6);
  }
  return PeerAddress(storage);
}

ProxyHeader ParseBody(uint8_t command, uint8_t protocol, std::string_view body) {
  constexpr uint8_t kLocal = 0x20;
  constexpr uint8_t kProxy = 0x21;
  constexpr uint8_t kUnspecified = 0x00;
  constexpr uint8_t kTcp4 = 0x11;
  constexpr uint8_t kTcp6 = 0x21;
  constexpr size_t kTcp4Bytes = 12;
  constexpr size_t kTcp6Bytes = 36;
  const size_t size = kHeadBytes + body.size();
  if (command == kLocal) return Complete(size, std::nullopt);
  if (command != kProxy) return Malformed("an unknown command");
  if (protocol == kUnspecified) return Complete(size, std::nullopt);
  if (protocol != kTcp4 && protocol != kTcp6) return Malformed("another protocol than TCP");
  if (body.size() < (protocol == kTcp4 ? kTcp4Bytes : kTcp6Bytes)) return Malformed("addresses that are cut off");
  return Complete(size, ReadAddress(protocol == kTcp4 ? AF_INET : AF_INET6, body));
}

ProxyHeader ParseVersion2(std::string_view bytes) {
  if (bytes.size() > kSignature.size() && static_cast<uint8_t>(bytes[kSignature.size()]) >> 4U != 2) {
    return Malformed("an unknown version");
  }
  if (bytes.size() < kHeadBytes) return {};
  const size_t length = ReadNumber(bytes.substr(kHeadBytes - 2));
  if (kHeadBytes + length > kMostProxyHeaderBytes) return Malformed("too long");
  if (bytes.size() < kHeadBytes + length) return {};
  const auto command = static_cast<uint8_t>(bytes[kSignature.size()]);
  const auto protocol = static_cast<uint8_t>(bytes[kSignature.size() + 1]);
  return ParseBody(command, protocol, bytes.substr(kHeadBytes, length));
}

}  // namespace

ProxyHeader ParseProxyHeader(std::string_view bytes) {
  if (BeginAlike(bytes, kLineBegin)) return ParseVersion1(bytes);
  if (BeginAlike(bytes, kSignature)) return ParseVersion2(bytes);
  return Malformed("no header of the PROXY protocol");
}

}  // namespace inlet::ws
