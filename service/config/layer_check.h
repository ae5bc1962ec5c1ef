// Finds what a layer of settings says against itself, whatever lies above and below it.
#ifndef INLET_SERVICE_CONFIG_LAYER_CHECK_H_
#define INLET_SERVICE_CONFIG_LAYER_CHECK_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/value.h"

namespace inlet::config {

struct Contradiction {
  const google::protobuf::FieldDescriptor* field = nullptr;  // one of the settings at fault
  std::string problem;                                       // the end of a sentence about it
  std::string reason = "FIELD_INVALID";
};

// Two settings of `layer` that cannot both be meant, or text that is no PEM; nothing if there are none. A setting that
// needs another one is no contradiction: that one may come from another layer. Pure, any thread.
std::optional<Contradiction> FindContradiction(const v1::SourceSettings& layer);

// FIELD_INVALID, or TLS_MATERIAL_INVALID for what is no PEM, about `where` and the field, such as
// "conf_key.settings.rootCARaw".
absl::Status CheckLayer(const v1::SourceSettings& layer, std::string_view where);

// The same about a section that `layer` was read from: the message begins with file and line.
absl::Status CheckSection(const v1::SourceSettings& layer, std::string_view file, const Member& section);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_LAYER_CHECK_H_
