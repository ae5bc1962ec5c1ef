// The calls beside Subscribe that the benchmark needs.
#ifndef INLET_BENCH_READ_ADMIN_H_
#define INLET_BENCH_READ_ADMIN_H_

#include <cstddef>
#include <string>

namespace inlet::bench {

struct CreateOptions {
  std::string address;
  std::string name;
  std::string datasource;
  size_t count = 0;       // 0: one stream; else so many, name and datasource with the endings -0, -1 and so on
  std::string authority;  // a PEM file: whom client-role streams trust; empty: whom the system trusts
};

// Waits until the service answers, then creates the streams. An empty string, or what went wrong.
std::string CreateStreams(const CreateOptions& options);

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
