// What a caller asked for, checked and completed: all that a registry needs to make the stream.
#ifndef INLET_SERVICE_STREAM_PLAN_H_
#define INLET_SERVICE_STREAM_PLAN_H_

#include "absl/status/statusor.h"
#include "ingest/stream_spec.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/conf_keys.h"

namespace inlet::service {

struct StreamPlan {
  // The caller's fields as they were given, secrets included; `sql`, `role`, `effective_settings` and `warnings` as
  // they are shown.
  v1::Stream definition;
  ingest::StreamSpec spec;
};

// Compiles the statement, or takes the fields (what is output only among them is not looked at), lays the settings over
// those of the conf key, and checks all. `retention`: for what the definition leaves open. Errors: those of
// CompileStatement, ConfKeys::Effective and BuildStreamSpec; FIELD_INVALID if the request has neither statement nor
// fields. Pure, any thread.
absl::StatusOr<StreamPlan> PlanStream(const v1::CreateStreamRequest& request, const config::ConfKeys& conf_keys,
                                      const ingest::RetentionLimits& retention);

}  // namespace inlet::service

#endif  // INLET_SERVICE_STREAM_PLAN_H_
