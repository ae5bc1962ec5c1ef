// A WebSocket server that may break every rule.
#include "tests/ingest/ws/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace inlet::ws {

RawServer::RawServer() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const timeval patience{20, 0};
  setsockopt(listener_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 64) != 0) return;
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
}

RawServer::~RawServer() { close(listener_); }

void RawServer::Stop() const { shutdown(listener_, SHUT_RDWR); }

RawPeer RawServer::Accept() const { return RawPeer(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)); }

}  // namespace inlet::ws
