// All metrics of the process, read at this moment.
#ifndef INLET_SERVICE_METRICS_ALL_FAMILIES_H_
#define INLET_SERVICE_METRICS_ALL_FAMILIES_H_

#include "service/metrics/metric_family.h"

namespace inlet::metrics {

// Any thread. Its size is bounded by `sources.max_streams`.
Families AllFamilies(const Sources& sources);

}  // namespace inlet::metrics

#endif  // INLET_SERVICE_METRICS_ALL_FAMILIES_H_
