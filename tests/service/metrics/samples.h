// What families say, as the lines that Prometheus would read.
#ifndef INLET_TESTS_SERVICE_METRICS_SAMPLES_H_
#define INLET_TESTS_SERVICE_METRICS_SAMPLES_H_

#include <set>
#include <sstream>
#include <string>

#include "prometheus/text_serializer.h"
#include "service/metrics/metric_family.h"

namespace inlet::metrics {

// Lines such as `inlet_streams{state="FAILED"} 2`.
inline std::set<std::string> SamplesOf(const Families& families) {
  std::istringstream text(prometheus::TextSerializer().Serialize(families));
  std::set<std::string> samples;
  for (std::string line; std::getline(text, line);) {
    if (!line.starts_with('#')) samples.insert(line);
  }
  return samples;
}

}  // namespace inlet::metrics

#endif  // INLET_TESTS_SERVICE_METRICS_SAMPLES_H_
