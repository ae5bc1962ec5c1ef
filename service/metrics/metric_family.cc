// Families of samples in the form of the metrics library.
#include "service/metrics/metric_family.h"

#include <string>
#include <utility>

namespace inlet::metrics {

prometheus::MetricFamily MakeFamily(Kind kind, std::string_view name, std::string_view help) {
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = kind == Kind::kCounter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
  return family;
}

void AddSample(prometheus::MetricFamily& family, double value, std::initializer_list<Label> labels) {
  prometheus::ClientMetric& sample = family.metric.emplace_back();
  for (const Label& label : labels) sample.label.push_back({std::string(label.name), std::string(label.value)});
  if (family.type == prometheus::MetricType::Counter) {
    sample.counter.value = value;
  } else {
    sample.gauge.value = value;
  }
}

}  // namespace inlet::metrics
