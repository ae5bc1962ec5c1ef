// Reads a thread's use of the processor from the kernel.
#include "bench/common/cpu_meter.h"

#include <time.h>

#include <fstream>

#include "bench/common/clock.h"

namespace inlet::bench {
namespace {

constexpr double kBoundFrom = 0.95;

uint64_t ThreadCpuNanos() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<uint64_t>(used.tv_sec) * kNanosPerSecond + static_cast<uint64_t>(used.tv_nsec);
}

}  // namespace

CpuSample SampleThisThread() {
  CpuSample sample;
  // The file's first number lags behind by up to a tick; the clock does not.
  std::ifstream file("/proc/thread-self/schedstat");
  uint64_t on_cpu = 0;
  if (!(file >> on_cpu >> sample.waiting_for_cpu)) sample.waiting_for_cpu = 0;
  sample.on_cpu = ThreadCpuNanos();
  sample.wall = MonotonicNanos();
  return sample;
}

CpuUse UseBetween(const CpuSample& begin, const CpuSample& end) {
  CpuUse use;
  if (end.wall <= begin.wall) return use;
  const auto wall = static_cast<double>(end.wall - begin.wall);
  const auto on_cpu = static_cast<double>(end.on_cpu - begin.on_cpu);
  const auto waiting = static_cast<double>(end.waiting_for_cpu - begin.waiting_for_cpu);
  use.cpu_share = on_cpu / wall;
  use.busy_share = (on_cpu + waiting) / wall;
  use.bound = use.busy_share > kBoundFrom;
  return use;
}

}  // namespace inlet::bench
