// Runs subscriptions and decides when they are finished.
#ifndef INLET_BENCH_READ_READER_H_
#define INLET_BENCH_READ_READER_H_

#include <string>

#include "bench/read/subscription.h"

namespace inlet::bench {

struct RunOptions {
  ReadOptions read;
  size_t subscribers = 1;
  size_t threads = 1;
  double seconds = 60;  // the run ends after it, whatever comes
  // Each subscription ends after so many, those that it missed included; with read.streams, all together. 0: no such
  // limit.
  uint64_t records = 0;
  double drain_seconds = 6;  // the run ends so long after a number has come on standard input
  double quiet_seconds = 2;  // the run ends after it without a record, once records have come or an end is known
};

// Subscribes, prints "ready" when every subscription has had its first response, reads, and returns a line of JSON.
// A line with a number on standard input is the same as --records, given later: the driver knows it only when the
// generator has ended. Throws nothing; errors are in the report.
std::string RunReader(const RunOptions& options);

}  // namespace inlet::bench

#endif  // INLET_BENCH_READ_READER_H_
