// Turns settings into the client role: where it dials and how, judged together.
#ifndef INLET_SERVICE_CONFIG_CLIENT_ROLE_BUILDER_H_
#define INLET_SERVICE_CONFIG_CLIENT_ROLE_BUILDER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/stream_spec.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/redact.h"

namespace inlet::config {

// What the operator decides about the client role, and how errors name the settings.
struct ClientRules {
  QueryNames shown_query = {};
  bool allow_proxy = false;                       // egress.proxy
  std::string settings_path = "stream.settings";  // or "EXTRA"
};

// If the datasource is a whole URL, sets `addr` and `scheme` of the effective settings from it. FIELD_INVALID if they
// say something else already, or the URL is wrong. Else OK, and nothing is changed.
absl::Status AdoptUrl(const v1::Stream& definition, v1::SourceSettings& effective);

// TARGET_FORBIDDEN about `path`, a proxyUrl: for who may not use a proxy.
absl::Status ProxyForbidden(std::string_view path);

// `effective` after AdoptUrl, with an addr. Header `Sec-WebSocket-Protocol` becomes connection.subprotocols, unless it
// holds references. FIELD_INVALID about the setting at fault; TLS_MATERIAL_INVALID for text that is no PEM;
// TARGET_FORBIDDEN for a proxy where there must be none.
absl::StatusOr<ingest::ClientRole> BuildClientRole(const v1::Stream& definition, const v1::SourceSettings& effective,
                                                   const ClientRules& rules, ingest::ConnectionSettings& connection);

// FIELD_INVALID if a stream that dials without TLS has a setting of its own for TLS: it would believe itself safe.
absl::Status CheckTlsIsMeant(const v1::SourceSettings& own, const v1::SourceSettings& effective,
                             std::string_view settings_path);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_CLIENT_ROLE_BUILDER_H_
