// Puts secrets back where a caller sent <redacted> in their place, so that what was read can be sent back.
#ifndef INLET_SERVICE_CONFIG_KEPT_SECRETS_H_
#define INLET_SERVICE_CONFIG_KEPT_SECRETS_H_

#include <string_view>

#include "absl/status/status.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::config {

// Whether the connections that both make go to the same place: scheme, host and port, and proxy (without its user).
bool IsSameDestination(const v1::SourceSettings& a, const v1::SourceSettings& b);

// Replaces each <redacted> in `settings`, where RedactSettings puts it, by what `kept` has in that place; of
// bearerTokens by the one at the same index, if no entry was taken away. What cannot be kept stays <redacted>, which
// CheckValues refuses. FIELD_INVALID about `where` and the field: something would be kept, but not `same_destination`,
// so that whoever cannot read a secret cannot have it sent to himself; or tokens were taken away, so that it is not
// clear which stay. Pure, any thread.
absl::Status KeepSecrets(const v1::SourceSettings& kept, bool same_destination, std::string_view where,
                         v1::SourceSettings& settings);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_KEPT_SECRETS_H_
