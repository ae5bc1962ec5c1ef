// Opens many WebSocket connections.
#ifndef INLET_BENCH_LOAD_DIALER_H_
#define INLET_BENCH_LOAD_DIALER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "bench/load/connection.h"
#include "bench/load/target.h"

namespace inlet::bench {

struct DialOptions {
  LinkOptions link;
  // Upgrades under way at once.
  size_t window = 64;
  // 0: all connections to the target's path; else the paths get the endings -0, -1 and so on, so many of them, in turn.
  size_t paths = 0;
};

// Appends `count` connections. False, with the reason in `error`, if one of them cannot be opened.
bool Dial(const Target& target, size_t count, const DialOptions& options,
          std::vector<std::unique_ptr<Connection>>* connections, std::string* error);

}  // namespace inlet::bench

#endif  // INLET_BENCH_LOAD_DIALER_H_
