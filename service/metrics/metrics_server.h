// The HTTP port that Prometheus reads: GET /metrics.
#ifndef INLET_SERVICE_METRICS_METRICS_SERVER_H_
#define INLET_SERVICE_METRICS_METRICS_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "service/metrics/sources.h"

namespace prometheus {
class Collectable;
class Exposer;
}  // namespace prometheus

namespace inlet::metrics {

class MetricsServer {
 public:
  // Opens `address` (name or IPv4 address:port; port 0: any free one), unencrypted, and answers on two threads of its
  // own, which read `sources` for each answer. FailedPrecondition (ADDRESS_UNAVAILABLE): it cannot be opened.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const std::string& address, Sources sources);

  // Waits for the answers that are being written: up to two seconds if a client does not finish its request.
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  // host:port, the port being the one that was opened.
  const std::string& address() const { return address_; }

 private:
  MetricsServer(std::shared_ptr<prometheus::Collectable> collector, std::unique_ptr<prometheus::Exposer> exposer,
                std::string address);

  const std::shared_ptr<prometheus::Collectable> collector_;  // the exposer has a weak_ptr
  std::unique_ptr<prometheus::Exposer> exposer_;
  const std::string address_;
};

}  // namespace inlet::metrics

#endif  // INLET_SERVICE_METRICS_METRICS_SERVER_H_
