// What the metrics are read from, each time that somebody asks for them.
#ifndef INLET_SERVICE_METRICS_SOURCES_H_
#define INLET_SERVICE_METRICS_SOURCES_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/ws/counters.h"
#include "ingest/ws/dial_counters.h"
#include "service/conf_key_file_counters.h"
#include "service/stream_walk.h"

namespace inlet::metrics {

enum class Kind {
  kCounter,  // only grows, until the process ends
  kGauge,    // as it is now
};

// One number of the process.
struct Reading {
  Kind kind = Kind::kGauge;
  std::string_view name;
  std::string_view help;         // one line
  std::function<double()> read;  // any thread; does not block
};

struct Sources {
  std::string version;
  service::NextStreams next_streams;  // any thread; does not block
  size_t max_streams = 1000;          // that have samples of their own
  // They outlive the metrics. Null: there is no such part.
  const ws::ServerCounters* server = nullptr;
  const ws::DialCounters* client = nullptr;
  const service::ConfKeyFileCounters* conf_key_file = nullptr;
  std::vector<Reading> readings;
};

}  // namespace inlet::metrics

#endif  // INLET_SERVICE_METRICS_SOURCES_H_
