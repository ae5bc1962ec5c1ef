// What a CheckConnection call is about: the stream that it names, or one that could be made.
#ifndef INLET_SERVICE_CHECK_TARGET_H_
#define INLET_SERVICE_CHECK_TARGET_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "ingest/stream_spec.h"
#include "inlet/v1/inlet.pb.h"
#include "service/stream_plan.h"
#include "service/stream_registry.h"

namespace inlet::service {

struct CheckTarget {
  ingest::StreamSpec spec;
  // Keeps the secrets of an existing stream readable. Null: the spec was made for the check, or they are not read yet.
  StreamEntryPtr existing;
};

struct CheckTargetSources {
  // As StreamRegistry::Get.
  std::function<absl::StatusOr<StreamEntryPtr>(const std::string& name)> find;
  // As PlanStream.
  std::function<absl::StatusOr<StreamPlan>(const v1::CreateStreamRequest&)> plan;
};

// FIELD_INVALID if the request names nothing, or more than one thing. Else the errors of `find` and `plan`, told about
// the request's own fields. Any thread, if those of `sources` are.
absl::StatusOr<CheckTarget> ReadCheckTarget(const v1::CheckConnectionRequest& request,
                                            const CheckTargetSources& sources);

}  // namespace inlet::service

#endif  // INLET_SERVICE_CHECK_TARGET_H_
