// Hides secrets in what is about to be shown. Pure functions, any thread.
//
// What is only references (${env:NAME}, ${file:NAME}), with a scheme such as Bearer in front of it, is no secret and is
// shown; everything literal in a secret's place is hidden.
#ifndef INLET_SERVICE_CONFIG_REDACT_H_
#define INLET_SERVICE_CONFIG_REDACT_H_

#include <string>
#include <string_view>
#include <vector>

#include "inlet/v1/inlet.pb.h"

namespace inlet::config {

// Stands for a secret in all that is shown.
inline constexpr std::string_view kRedacted = "<redacted>";

// Names of a query string whose values are shown: redact.showQuery.
using QueryNames = std::vector<std::string>;

// A copy with each value of requestHeader, each of bearerTokens, privateKeyRaw, and the user part of proxyUrl as
// <redacted>; certificates too unless they are plain PEM without a key. Open and heartbeat messages are shown.
v1::SourceSettings RedactSettings(const v1::SourceSettings& settings);

// The same for the JSON text of EXTRA (the text itself, without the quotes and escapes that a statement puts around
// it). Comes back unchanged if it holds no secret. Text that is not a JSON object comes back as <redacted> alone.
std::string RedactExtra(std::string_view json);

// A URL, or path and query: hides the user part, and in the query each value whose name is not among `shown`.
std::string RedactUrl(std::string_view url, const QueryNames& shown);

// A copy whose datasource and settings can be shown; the rest as it is.
v1::Stream RedactDefinition(const v1::Stream& definition, const QueryNames& shown);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_REDACT_H_
