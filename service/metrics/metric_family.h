// Families of samples in the form of the metrics library, with less to write.
#ifndef INLET_SERVICE_METRICS_METRIC_FAMILY_H_
#define INLET_SERVICE_METRICS_METRIC_FAMILY_H_

#include <initializer_list>
#include <string_view>
#include <vector>

#include "prometheus/metric_family.h"
#include "service/metrics/sources.h"

namespace inlet::metrics {

using Families = std::vector<prometheus::MetricFamily>;

struct Label {
  std::string_view name;
  std::string_view value;
};

// One without samples. `name` ends in _total if it is a counter; `help` is one line.
prometheus::MetricFamily MakeFamily(Kind kind, std::string_view name, std::string_view help);

// A sample of it. Values above 2^53 lose their last digits: that is the format's limit.
void AddSample(prometheus::MetricFamily& family, double value, std::initializer_list<Label> labels = {});

}  // namespace inlet::metrics

#endif  // INLET_SERVICE_METRICS_METRIC_FAMILY_H_
