// What settings may say, whichever way they came, one by one; client_role_builder.h judges them together.
#ifndef INLET_SERVICE_CONFIG_SETTINGS_CHECK_H_
#define INLET_SERVICE_CONFIG_SETTINGS_CHECK_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::config {

// Whether a field that is set says <redacted>, which stands for a secret that was hidden.
bool HasPlaceholder(const v1::SourceSettings& settings, const google::protobuf::FieldDescriptor& field);

// What is wrong with the value of one field that is set, for CheckValues and for readers that know its line; empty if
// nothing is.
std::string FieldProblem(const v1::SourceSettings& settings, const google::protobuf::FieldDescriptor& field);

// FIELD_INVALID if a value can never be right: out of range, not in its form, the placeholder <redacted> (there is
// nothing to keep). `where` is the path of `settings` in the request, such as "stream.settings", or a place in a file.
absl::Status CheckValues(const v1::SourceSettings& settings, std::string_view where);

// UNIMPLEMENTED (NOT_IMPLEMENTED) for fields of a newer contract.
absl::Status CheckSupported(const v1::SourceSettings& settings, std::string_view where);

// Which role a stream has, for UnusedSettings.
enum class SourceRole { kServer, kClient };

// A sentence for each setting of `own`, the stream's own settings, that has no effect in this role.
std::vector<std::string> UnusedSettings(const v1::SourceSettings& own, SourceRole role);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_SETTINGS_CHECK_H_
