// Turns a stream's definition and its effective settings into the plain values that the data plane runs on.
#ifndef INLET_SERVICE_CONFIG_STREAM_SPEC_BUILDER_H_
#define INLET_SERVICE_CONFIG_STREAM_SPEC_BUILDER_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/stream_spec.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/client_role_builder.h"

namespace inlet::config {

// OK for [A-Za-z][A-Za-z0-9_-]{0,62}; else FIELD_INVALID about `field`.
absl::Status CheckStreamName(std::string_view name, std::string_view field);

// `effective` is what ConfKeys::Effective answered, after AdoptUrl: an empty addr is the server role. `defaults` are
// the limits for what definition.retention leaves unset. Output-only fields are not looked at. An empty datasource
// means "/" and the name (server role) or "/" (client role). Errors: FIELD_INVALID with the field's path, such as
// stream.datasource; those of BuildClientRole; NOT_IMPLEMENTED for fields of a newer contract. Pure, any thread.
absl::StatusOr<ingest::StreamSpec> BuildStreamSpec(const v1::Stream& definition, const v1::SourceSettings& effective,
                                                   const ingest::RetentionLimits& defaults,
                                                   const ClientRules& rules = {});

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_STREAM_SPEC_BUILDER_H_
