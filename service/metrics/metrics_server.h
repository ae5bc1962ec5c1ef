// The HTTP port that Prometheus reads: GET /metrics.
#ifndef INLET_SERVICE_METRICS_METRICS_SERVER_H_
#define INLET_SERVICE_METRICS_METRICS_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "service/metrics/sources.h"

namespace prometheus {
class Exposer;
}  // namespace prometheus

namespace inlet::metrics {

class Collector;

class MetricsServer {
 public:
  // Opens `address` (an IPv4 address or localhost, and a port; 0: any free one), unencrypted, and answers on four
  // threads of its own, which read `sources` for each answer. FailedPrecondition (ADDRESS_UNAVAILABLE): it cannot be
  // opened.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const std::string& address, Sources sources);

  // Nothing reads `sources` afterwards. Waits for answers that are being written, two seconds at most: what a client
  // that does not read has not taken then goes on by itself.
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  // host:port, the port being the one that was opened.
  const std::string& address() const { return address_; }

 private:
  MetricsServer(std::shared_ptr<Collector> collector, std::unique_ptr<prometheus::Exposer> exposer,
                std::string address);

  const std::shared_ptr<Collector> collector_;  // the exposer has a weak_ptr
  std::unique_ptr<prometheus::Exposer> exposer_;
  const std::string address_;
};

}  // namespace inlet::metrics

#endif  // INLET_SERVICE_METRICS_METRICS_SERVER_H_
