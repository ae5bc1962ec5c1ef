// TCP connect and WebSocket upgrade, a window of them at a time.
#include "bench/load/dialer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

namespace inlet::bench {
namespace {

constexpr std::string_view kScheme = "ws://";
constexpr size_t kMostHeader = 8192;
constexpr int kMostPeeks = 1000;
constexpr useconds_t kPeekPauseMicros = 1000;

std::string SystemError(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

int OpenSocket(const Target& target, const DialOptions& options, std::string* error) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    *error = SystemError("socket");
    return -1;
  }
  const int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (options.send_buffer > 0) setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &options.send_buffer, sizeof options.send_buffer);
  const timeval timeout{options.timeout_seconds, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
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

bool SendRequest(int fd, const Target& target, std::string* error) {
  const std::string request = "GET " + target.path + " HTTP/1.1\r\nHost: " + target.host + ":" +
                              std::to_string(target.port) +
                              "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Key: aW5sZXQtbG9hZC1rZXktMQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) return true;
  *error = SystemError("send handshake");
  return false;
}

// Peeks until the header is whole, then takes exactly the header: what follows it belongs to the connection.
bool ReadAnswer(int fd, std::string* error) {
  std::string header(kMostHeader, '\0');
  for (int tries = 0; tries < kMostPeeks; ++tries) {
    const ssize_t peeked = recv(fd, header.data(), header.size(), MSG_PEEK);
    if (peeked <= 0) {
      *error = peeked == 0 ? "the server closed without an answer" : SystemError("handshake answer");
      return false;
    }
    const std::string_view answer(header.data(), static_cast<size_t>(peeked));
    const size_t end = answer.find("\r\n\r\n");
    if (end != std::string_view::npos && answer.starts_with("HTTP/1.1 101")) {
      return recv(fd, header.data(), end + 4, 0) == static_cast<ssize_t>(end + 4);
    }
    if (end != std::string_view::npos) {
      *error = "the server answered: " + std::string(answer.substr(0, answer.find("\r\n")));
      return false;
    }
    usleep(kPeekPauseMicros);
  }
  *error = "the server's answer has no end";
  return false;
}

}  // namespace

bool ParseTarget(const std::string& url, Target* target) {
  if (!url.starts_with(kScheme)) return false;
  const size_t slash = std::min(url.find('/', kScheme.size()), url.size());
  const std::string authority = url.substr(kScheme.size(), slash - kScheme.size());
  const size_t colon = authority.find(':');
  if (colon == std::string::npos) return false;
  target->host = authority.substr(0, colon);
  target->path = slash < url.size() ? url.substr(slash) : "/";
  const char* end = authority.data() + authority.size();
  return std::from_chars(authority.data() + colon + 1, end, target->port).ptr == end && target->port != 0;
}

bool Dial(const Target& target, size_t count, const DialOptions& options,
          std::vector<std::unique_ptr<Connection>>* connections, std::string* error) {
  for (size_t done = 0; done < count;) {
    const size_t window = std::min(options.window, count - done);
    const size_t first = connections->size();
    for (size_t i = 0; i < window; ++i) {
      const int fd = OpenSocket(target, options, error);
      if (fd < 0) return false;
      connections->push_back(std::make_unique<Connection>(fd));
      if (!SendRequest(fd, target, error)) return false;
    }
    for (size_t i = first; i < connections->size(); ++i) {
      const int fd = (*connections)[i]->fd();
      if (!ReadAnswer(fd, error)) return false;
      fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    }
    done += window;
  }
  return true;
}

}  // namespace inlet::bench
