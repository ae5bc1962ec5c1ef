// What a caller asked for, checked and completed: all that a registry needs to make the stream.
#ifndef INLET_SERVICE_STREAM_PLAN_H_
#define INLET_SERVICE_STREAM_PLAN_H_

#include "absl/status/statusor.h"
#include "ingest/stream_spec.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/conf_keys.h"
#include "service/config/redact.h"

namespace inlet::service {

struct StreamPlan {
  // The caller's fields as they were given, secrets included: what a later request is compared with. `schema`, `sql`,
  // `role` and `warnings` are already as they are shown.
  v1::Stream definition;
  // The same for everybody's eyes, with `effective_settings`.
  v1::Stream shown;
  ingest::StreamSpec spec;
};

// What the operator decides about streams.
struct PlanRules {
  ingest::RetentionLimits retention = {};  // for what the definition leaves open
  config::QueryNames shown_query = {};     // redact.showQuery
  bool allow_proxy = false;                // egress.proxy
};

// Compiles the statement, or takes the fields (what is output only among them is not looked at), lays the settings over
// those of the conf key, decides the role, and checks all. Errors: those of CompileStatement, ConfKeys::Effective,
// AdoptUrl, BuildStreamSpec and BuildSchema; FIELD_INVALID if the request has neither statement nor fields. Secrets are
// not read yet: see stream_secrets.h. Pure, any thread.
absl::StatusOr<StreamPlan> PlanStream(const v1::CreateStreamRequest& request, const config::ConfKeys& conf_keys,
                                      const PlanRules& rules);

// OK if `kept` is no role, or the plan's. FailedPrecondition, ROLE_CHANGE, which says what to change: a stream stays
// in the role that it was created in, so that one which dials never becomes an open path because its addr has gone.
absl::Status CheckRole(v1::Stream::Role kept, const StreamPlan& plan);

// The plan of a stream that exists, or that was kept: as PlanStream of its fields, and its statement stays as it is.
// Errors also as CheckRole.
absl::StatusOr<StreamPlan> PlanKept(const v1::Stream& definition, const config::ConfKeys& conf_keys,
                                    const PlanRules& rules);

}  // namespace inlet::service

#endif  // INLET_SERVICE_STREAM_PLAN_H_
