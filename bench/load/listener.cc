// A listening socket and the server's half of the handshakes.
#include "bench/load/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "bench/load/upgrade.h"

namespace inlet::bench {
namespace {

constexpr int kBacklog = 1024;

int OpenSocket(const Target& target) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(target.port);
  inet_pton(AF_INET, target.host.c_str(), &address.sin_addr);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && listen(fd, kBacklog) == 0)
    return fd;
  close(fd);
  return -1;
}

// Null, with the reason in `error`.
std::unique_ptr<Connection> Upgrade(int fd, const LinkOptions& options, std::string* error) {
  auto link = std::make_unique<Link>(fd);
  const int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (options.send_buffer > 0) setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &options.send_buffer, sizeof options.send_buffer);
  std::string rest;
  if (options.tls != nullptr && !link->StartTls(options.tls, "", options.timeout_seconds, error)) return nullptr;
  if (!AnswerRequest(link.get(), options.timeout_seconds, &rest, error)) return nullptr;
  return std::make_unique<Connection>(std::move(link), Masking::kPlain, rest);
}

}  // namespace

Listener::~Listener() {
  if (fd_ >= 0) close(fd_);
}

bool Listener::Open(const Target& target, std::string* error) {
  fd_ = OpenSocket(target);
  if (fd_ < 0) *error = "listen: " + std::string(std::strerror(errno));
  return fd_ >= 0;
}

bool Listener::Accept(size_t count, const LinkOptions& options, std::vector<std::unique_ptr<Connection>>* connections,
                      std::string* error) const {
  std::string last_failure = "nobody dials";
  while (count > 0) {
    pollfd coming{fd_, POLLIN, 0};
    if (poll(&coming, 1, options.timeout_seconds * 1000) <= 0) {
      *error = std::to_string(count) + " connections have not come: " + last_failure;
      return false;
    }
    const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    auto connection = Upgrade(fd, options, &last_failure);
    if (connection == nullptr) continue;
    connections->push_back(std::move(connection));
    --count;
  }
  return true;
}

}  // namespace inlet::bench
