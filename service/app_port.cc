// Whether a port could be opened: binds a socket to it and lets go.
#include "service/app_port.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "ingest/ws/peer_address.h"

namespace inlet::service {

bool IsPortTaken(const std::string& ip, uint16_t port) {
  const std::optional<ws::PeerAddress> address = ws::PeerAddress::Parse(ip, port);
  if (!address || port == 0) return false;
  const int socket = ::socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  const int on = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);  // as the listener does
  sockaddr_storage storage{};
  const socklen_t size = address->Store(storage);
  const bool taken = bind(socket, reinterpret_cast<const sockaddr*>(&storage), size) != 0 && errno == EADDRINUSE;
  close(socket);
  return taken;
}

}  // namespace inlet::service
