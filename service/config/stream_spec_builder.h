// Turns a stream's definition and its effective settings into the plain values that the data plane runs on.
#ifndef INLET_SERVICE_CONFIG_STREAM_SPEC_BUILDER_H_
#define INLET_SERVICE_CONFIG_STREAM_SPEC_BUILDER_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/stream_spec.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::config {

// OK for [A-Za-z][A-Za-z0-9_-]{0,62}; else FIELD_INVALID about `field`.
absl::Status CheckStreamName(std::string_view name, std::string_view field);

// `effective` is what ConfKeys::Effective answered. `defaults` are the limits for what definition.retention leaves
// unset. Output-only fields are not looked at. An empty datasource means "/" and the name. Errors: FIELD_INVALID with
// the field's path, such as stream.datasource; NOT_IMPLEMENTED for a ws:// or wss:// datasource and for fields of a
// newer contract. Pure, any thread.
absl::StatusOr<ingest::StreamSpec> BuildStreamSpec(const v1::Stream& definition, const v1::SourceSettings& effective,
                                                   const ingest::RetentionLimits& defaults);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_STREAM_SPEC_BUILDER_H_
