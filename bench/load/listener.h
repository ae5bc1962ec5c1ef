// Takes WebSocket connections, as a server that a client-role stream dials.
#ifndef INLET_BENCH_LOAD_LISTENER_H_
#define INLET_BENCH_LOAD_LISTENER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "bench/load/connection.h"
#include "bench/load/target.h"

namespace inlet::bench {

class Listener {
 public:
  Listener() = default;
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Opens the target's address. False, with the reason in `error`.
  bool Open(const Target& target, std::string* error);

  // Appends `count` connections, one handshake after the other; blocks until they have come. One whose handshake fails
  // does not count. False, with the reason in `error`, if none has come for options.timeout_seconds.
  bool Accept(size_t count, const LinkOptions& options, std::vector<std::unique_ptr<Connection>>* connections,
              std::string* error) const;

 private:
  int fd_ = -1;
};

}  // namespace inlet::bench

#endif  // INLET_BENCH_LOAD_LISTENER_H_
