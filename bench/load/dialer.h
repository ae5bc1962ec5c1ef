// Opens many WebSocket connections.
#ifndef INLET_BENCH_LOAD_DIALER_H_
#define INLET_BENCH_LOAD_DIALER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/load/connection.h"

namespace inlet::bench {

struct Target {
  std::string host;  // an IPv4 address
  uint16_t port = 0;
  std::string path;
};

// ws://host:port/path; false if it is not of this form.
bool ParseTarget(const std::string& url, Target* target);

struct DialOptions {
  // SO_SNDBUF in bytes: bounds what waits in the kernel when the service is slower. 0: the system's choice.
  int send_buffer = 0;
  // Handshakes under way at once.
  size_t window = 64;
  // For each answer.
  int timeout_seconds = 60;
};

// Appends `count` connections. False, with the reason in `error`, if one of them cannot be opened.
bool Dial(const Target& target, size_t count, const DialOptions& options,
          std::vector<std::unique_ptr<Connection>>* connections, std::string* error);

}  // namespace inlet::bench

#endif  // INLET_BENCH_LOAD_DIALER_H_
