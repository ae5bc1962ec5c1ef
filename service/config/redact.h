// Hides secrets in settings that are about to be shown. Pure functions, any thread.
#ifndef INLET_SERVICE_CONFIG_REDACT_H_
#define INLET_SERVICE_CONFIG_REDACT_H_

#include <string>
#include <string_view>

#include "inlet/v1/inlet.pb.h"

namespace inlet::config {

// Stands for a secret in all that is shown.
inline constexpr std::string_view kRedacted = "<redacted>";

// A copy with each value of requestHeader, each of bearerTokens, privateKeyRaw, and the user part of proxyUrl as
// <redacted>.
v1::SourceSettings RedactSettings(const v1::SourceSettings& settings);

// The same for the JSON text of EXTRA (the text itself, without the quotes and escapes that a statement puts around
// it). Comes back unchanged if it holds no secret. Text that is not a JSON object comes back as <redacted> alone.
std::string RedactExtra(std::string_view json);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_REDACT_H_
