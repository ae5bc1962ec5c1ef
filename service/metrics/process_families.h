// What the operating system knows of this process, under the names that all Prometheus clients use.
#ifndef INLET_SERVICE_METRICS_PROCESS_FAMILIES_H_
#define INLET_SERVICE_METRICS_PROCESS_FAMILIES_H_

#include "service/metrics/metric_family.h"

namespace inlet::metrics {

// From /proc/self; what cannot be read there is left out.
Families ProcessFamilies();

}  // namespace inlet::metrics

#endif  // INLET_SERVICE_METRICS_PROCESS_FAMILIES_H_
