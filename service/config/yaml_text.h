// Parses YAML into a Value.
#ifndef INLET_SERVICE_CONFIG_YAML_TEXT_H_
#define INLET_SERVICE_CONFIG_YAML_TEXT_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "service/config/value.h"

namespace inlet::config {

// An empty text is a null. FIELD_INVALID with `source` and the line for all that is no plain configuration: syntax
// errors, duplicate keys (which the library would drop silently), anchors, aliases and tags (they can make a small file
// huge), a second document, text that is not UTF-8, and texts beyond the bounds, these or
// those in value.h.
absl::StatusOr<Value> ParseYaml(std::string_view source, std::string_view text, const TextBounds& bounds = {});

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_YAML_TEXT_H_
