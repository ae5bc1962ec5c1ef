// What settings may say, whichever way they came: values in range, and nothing that is not built yet.
#ifndef INLET_SERVICE_CONFIG_SETTINGS_CHECK_H_
#define INLET_SERVICE_CONFIG_SETTINGS_CHECK_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::config {

// What is wrong with the value of one field that is set, for CheckValues and for readers that know its line; empty if
// nothing is.
std::string FieldProblem(const v1::SourceSettings& settings, const google::protobuf::FieldDescriptor& field);

// FIELD_INVALID if a value can never be right: out of range, a negative duration, the placeholder <redacted> (there is
// nothing to keep). `where` is the path of `settings` in the request, such as "stream.settings", or a place in a file.
absl::Status CheckValues(const v1::SourceSettings& settings, std::string_view where);

// UNIMPLEMENTED (NOT_IMPLEMENTED) if a setting has a value that this version would have to ignore, and for fields of a
// newer contract. Names the field. Call it with effective settings: an empty addr above a full one is right.
absl::Status CheckSupported(const v1::SourceSettings& settings, std::string_view where);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_SETTINGS_CHECK_H_
