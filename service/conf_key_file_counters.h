// What became of the reads of sources/websocket.yaml: written by the control thread, read by anybody.
#ifndef INLET_SERVICE_CONF_KEY_FILE_COUNTERS_H_
#define INLET_SERVICE_CONF_KEY_FILE_COUNTERS_H_

#include "ingest/counter.h"

namespace inlet::service {

struct ConfKeyFileCounters {
  // Since the start, which does not count. One for each line of the log: reads that find what the last one found are
  // none, unless somebody asked for them.
  ingest::Counter applied;
  ingest::Counter refused;
  // Now.
  ingest::Counter is_refused;    // 1: what the file says is not in use, but what it said before
  ingest::Counter applied_time;  // of the read that brought what is in use: seconds since 1970
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_CONF_KEY_FILE_COUNTERS_H_
