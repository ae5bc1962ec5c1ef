// TCP connect, TLS and WebSocket upgrade; a window of upgrades at a time.
#include "bench/load/dialer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "bench/load/upgrade.h"

namespace inlet::bench {
namespace {

std::string SystemError(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

int OpenSocket(const Target& target, const LinkOptions& options, std::string* error) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    *error = SystemError("socket");
    return -1;
  }
  const int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (options.send_buffer > 0) setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &options.send_buffer, sizeof options.send_buffer);
  const timeval timeout{options.timeout_seconds, 0};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);  // of connect
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(target.port);
  if (inet_pton(AF_INET, target.host.c_str(), &address.sin_addr) != 1) {
    *error = "not an IPv4 address: " + target.host;
  } else if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    *error = SystemError("connect");
  } else {
    return fd;
  }
  close(fd);
  return -1;
}

// Null, with the reason in `error`.
std::unique_ptr<Link> OpenLink(const Target& target, const LinkOptions& options, std::string* error) {
  const int fd = OpenSocket(target, options, error);
  if (fd < 0) return nullptr;
  auto link = std::make_unique<Link>(fd);
  if (options.tls != nullptr && !link->StartTls(options.tls, target.host, options.timeout_seconds, error))
    return nullptr;
  return link;
}

std::string PathOf(const Target& target, size_t number, size_t paths) {
  return paths == 0 ? target.path : target.path + "-" + std::to_string(number % paths);
}

}  // namespace

bool Dial(const Target& target, size_t count, const DialOptions& options,
          std::vector<std::unique_ptr<Connection>>* connections, std::string* error) {
  const std::string host = target.host + ":" + std::to_string(target.port);
  for (size_t done = 0; done < count;) {
    std::vector<std::unique_ptr<Link>> links;
    for (; links.size() < std::min(options.window, count - done);) {
      links.push_back(OpenLink(target, options.link, error));
      if (links.back() == nullptr) return false;
      const std::string path = PathOf(target, done + links.size() - 1, options.paths);
      if (!SendRequest(links.back().get(), host, path, error)) return false;
    }
    done += links.size();
    for (auto& link : links) {
      std::string rest;
      if (!ReadAnswer(link.get(), options.link.timeout_seconds, &rest, error)) return false;
      connections->push_back(std::make_unique<Connection>(std::move(link), Masking::kMasked, rest));
    }
  }
  return true;
}

}  // namespace inlet::bench
