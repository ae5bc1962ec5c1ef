// Names connections, whoever opened them.
#ifndef INLET_INGEST_WS_CONNECTION_ID_H_
#define INLET_INGEST_WS_CONNECTION_ID_H_

#include <atomic>
#include <cstdint>

namespace inlet::ws {

// Never used twice while the process runs, whatever the number of servers and clients. Any thread.
inline uint64_t NextConnectionId() {
  static std::atomic<uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CONNECTION_ID_H_
