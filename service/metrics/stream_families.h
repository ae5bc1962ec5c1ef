// What streams count, as metrics.
#ifndef INLET_SERVICE_METRICS_STREAM_FAMILIES_H_
#define INLET_SERVICE_METRICS_STREAM_FAMILIES_H_

#include <cstddef>

#include "service/metrics/metric_family.h"
#include "service/stream_walk.h"

namespace inlet::metrics {

// How many streams are in each state, by the contract's names of states; and for the first `max_streams` of them, in
// byte order of their names, the figures of each, with the label `stream`. The rest is counted as left out.
Families StreamFamilies(const service::NextStreams& next, size_t max_streams);

}  // namespace inlet::metrics

#endif  // INLET_SERVICE_METRICS_STREAM_FAMILIES_H_
