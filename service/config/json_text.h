// Parses strict JSON into a Value.
#ifndef INLET_SERVICE_CONFIG_JSON_TEXT_H_
#define INLET_SERVICE_CONFIG_JSON_TEXT_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "service/config/value.h"

namespace inlet::config {

// FIELD_INVALID about `source` for all that is not RFC 8259 with line and column, duplicate keys, and texts beyond the
// bounds in value.h. Errors do not repeat values, which may be secrets. The values have no lines.
absl::StatusOr<Value> ParseJson(std::string_view source, std::string_view text);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_JSON_TEXT_H_
