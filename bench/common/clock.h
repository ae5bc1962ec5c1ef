// The one clock that sender and receiver share: both run on the same machine.
#ifndef INLET_BENCH_COMMON_CLOCK_H_
#define INLET_BENCH_COMMON_CLOCK_H_

#include <time.h>

#include <cstdint>

namespace inlet::bench {

constexpr uint64_t kNanosPerSecond = 1'000'000'000;

// CLOCK_MONOTONIC in nanoseconds: never steps, and is the same in every process.
inline uint64_t MonotonicNanos() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * kNanosPerSecond + static_cast<uint64_t>(now.tv_nsec);
}

inline double Seconds(uint64_t nanos) { return static_cast<double>(nanos) / static_cast<double>(kNanosPerSecond); }

}  // namespace inlet::bench

#endif  // INLET_BENCH_COMMON_CLOCK_H_
