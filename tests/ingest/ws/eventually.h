// Waits in a test for what no event tells of.
#ifndef INLET_TESTS_INGEST_WS_EVENTUALLY_H_
#define INLET_TESTS_INGEST_WS_EVENTUALLY_H_

#include <chrono>
#include <functional>
#include <thread>

namespace inlet::ws {

// Whether `condition` holds within 90 s, which a loaded machine with a sanitizer may need.
inline bool Eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(90);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_EVENTUALLY_H_
