// Tells how busy the calling thread is: a measuring program must say when it is itself the bottleneck.
#ifndef INLET_BENCH_COMMON_CPU_METER_H_
#define INLET_BENCH_COMMON_CPU_METER_H_

#include <cstdint>

namespace inlet::bench {

// What one thread has used since its start, in nanoseconds.
struct CpuSample {
  uint64_t wall = 0;
  uint64_t on_cpu = 0;
  // Ready to run, but another thread had the core. 0 where the kernel does not count it.
  uint64_t waiting_for_cpu = 0;
};

// A sample of the calling thread.
CpuSample SampleThisThread();

// Two samples of the same thread, the later one second.
struct CpuUse {
  // Share of a core that the thread used, 0 to 1.
  double cpu_share = 0;
  // Share of the time in which it had work to do, whether or not it got a core.
  double busy_share = 0;
  // It practically never waited for anybody else: what was measured is this thread.
  bool bound = false;
};
CpuUse UseBetween(const CpuSample& begin, const CpuSample& end);

}  // namespace inlet::bench

#endif  // INLET_BENCH_COMMON_CPU_METER_H_
