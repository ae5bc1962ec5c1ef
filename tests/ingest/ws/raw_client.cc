// A WebSocket client that may break every rule.
#include "tests/ingest/ws/raw_client.h"

#include <sys/socket.h>
#include <unistd.h>

#include <optional>

#include "ingest/text.h"
#include "ingest/ws/peer_address.h"

namespace inlet::ws {
namespace {

// Negative: it cannot be reached.
int Connect(uint16_t port, const std::string& ip) {
  const std::optional<PeerAddress> address = PeerAddress::Parse(ip, port);
  sockaddr_storage storage{};
  const socklen_t size = address->Store(storage);
  const int connected = socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(connected, reinterpret_cast<const sockaddr*>(&storage), size) == 0) return connected;
  close(connected);
  return -1;
}

}  // namespace

std::string Handshake(std::string_view path, std::string_view more) {
  constexpr std::string_view kHeaders =
      "Host: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
  return Concat({"GET ", path, " HTTP/1.1\r\n", kHeaders, more, "\r\n"});
}

std::string HandshakeOfSize(std::string_view path, size_t size) {
  constexpr std::string_view kEmpty = "Cookie: \r\n";
  const std::string padding(size - Handshake(path, kEmpty).size(), 'c');
  return Handshake(path, Concat({"Cookie: ", padding, "\r\n"}));
}

RawClient::RawClient(uint16_t port, const std::string& ip) : RawPeer(Connect(port, ip)) {}

RawClient RawClient::Open(uint16_t port, std::string_view path) {
  RawClient client(port);
  client.Send(Handshake(path));
  if (!client.ReadHttp().starts_with("HTTP/1.1 101 ")) client.CloseSocket();
  return client;
}

}  // namespace inlet::ws
