// Where the load generator's connections begin or end.
#ifndef INLET_BENCH_LOAD_TARGET_H_
#define INLET_BENCH_LOAD_TARGET_H_

#include <cstdint>
#include <string>

#include "bench/load/tls.h"

namespace inlet::bench {

struct Target {
  bool tls = false;
  std::string host;  // an IPv4 address
  uint16_t port = 0;
  std::string path;
};

// ws://host:port/path, or wss://; false if it is not of this form.
bool ParseTarget(const std::string& url, Target* target);

// How connections are made, whoever dials.
struct LinkOptions {
  // SO_SNDBUF in bytes: bounds what waits in the kernel when the service is slower. 0: the system's choice.
  int send_buffer = 0;
  // For each step of a handshake.
  int timeout_seconds = 60;
  // Null: none.
  SSL_CTX* tls = nullptr;
};

}  // namespace inlet::bench

#endif  // INLET_BENCH_LOAD_TARGET_H_
