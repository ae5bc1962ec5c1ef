// What the WebSocket server and the client role count, as metrics.
#ifndef INLET_SERVICE_METRICS_NETWORK_FAMILIES_H_
#define INLET_SERVICE_METRICS_NETWORK_FAMILIES_H_

#include "ingest/ws/counters.h"
#include "ingest/ws/dial_counters.h"
#include "service/metrics/metric_family.h"

namespace inlet::metrics {

// What both roles count has the label `role`, server or client.
Families NetworkFamilies(const ws::ServerCounters& server, const ws::DialCounters& client);

}  // namespace inlet::metrics

#endif  // INLET_SERVICE_METRICS_NETWORK_FAMILIES_H_
