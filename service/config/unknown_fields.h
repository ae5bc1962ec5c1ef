// Refuses what a newer contract has and this version cannot read.
#ifndef INLET_SERVICE_CONFIG_UNKNOWN_FIELDS_H_
#define INLET_SERVICE_CONFIG_UNKNOWN_FIELDS_H_

#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace inlet::config {

// NOT_IMPLEMENTED about `path` if the message itself (not those inside of it) has fields that this version does not
// know: they must not be dropped silently. Pure, any thread.
absl::Status RefuseUnknownFields(const google::protobuf::Message& message, std::string_view path);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_UNKNOWN_FIELDS_H_
