// UpdateStream: from what a caller sends to what the stream becomes.
#ifndef INLET_SERVICE_STREAM_UPDATE_H_
#define INLET_SERVICE_STREAM_UPDATE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/redact.h"
#include "service/stream_plan.h"
#include "service/stream_registry.h"

namespace inlet::service {

// As PlanStream.
using PlanRequest = std::function<absl::StatusOr<StreamPlan>(const v1::CreateStreamRequest& request)>;

// As the contract says of UpdateStream. A secret that is left out, or sent as <redacted>, is kept, unless the
// destination changes (FIELD_INVALID, naming the field), so that nobody has a secret sent to himself. Other errors:
// MergeUpdate's, the plan's, and those of StreamRegistry::Change and Create. Control thread.
absl::StatusOr<StreamEntryPtr> UpdateStream(StreamRegistry& registry, const PlanRequest& plan,
                                            const config::QueryNames& shown_query,
                                            const v1::UpdateStreamRequest& request);

}  // namespace inlet::service

#endif  // INLET_SERVICE_STREAM_UPDATE_H_
