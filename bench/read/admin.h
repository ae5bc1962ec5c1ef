// The calls beside Subscribe that the benchmark needs.
#ifndef INLET_BENCH_READ_ADMIN_H_
#define INLET_BENCH_READ_ADMIN_H_

#include <cstddef>
#include <string>

namespace inlet::bench {

// Waits until the service answers, then creates the stream. An empty string, or what went wrong.
std::string CreateStream(const std::string& address, const std::string& name, const std::string& path);

struct ChurnOptions {
  std::string address;
  size_t streams = 1000;
  // Between creating and deleting: print "ready" and wait for a line on standard input.
  bool hold = false;
};

// Creates so many streams one call after the other, lists them all, deletes them, and returns a line of JSON with the
// rates. Throws nothing; the first error is in the report.
std::string Churn(const ChurnOptions& options);

}  // namespace inlet::bench

#endif  // INLET_BENCH_READ_ADMIN_H_
