// The answer to everything that comes too late: the service is shutting down.
#ifndef INLET_SERVICE_DRAINING_H_
#define INLET_SERVICE_DRAINING_H_

#include <chrono>

#include "absl/status/status.h"
#include "ingest/error.h"

namespace inlet::service {

// Unavailable, DRAINING, to be tried again in a second.
inline absl::Status DrainingError() {
  return MakeError(absl::StatusCode::kUnavailable, "the service is shutting down: come back in a second",
                   {"DRAINING", {}, "", std::chrono::seconds(1)});
}

}  // namespace inlet::service

#endif  // INLET_SERVICE_DRAINING_H_
