// Judges the path that a stream listens on.
#ifndef INLET_SERVICE_CONFIG_DATASOURCE_PATH_H_
#define INLET_SERVICE_CONFIG_DATASOURCE_PATH_H_

#include <string_view>

#include "absl/status/status.h"

namespace inlet::config {

// OK for "/" and for "/" before each of the segments: visible ASCII without ? # and %, no segment empty, "." or "..",
// at most 1024 bytes; a segment may be a variable {name} with a name of its own [A-Za-z_][A-Za-z0-9_]*. Else
// FIELD_INVALID about `field` that says what to write.
absl::Status CheckDatasource(std::string_view path, std::string_view field);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_DATASOURCE_PATH_H_
