// Judges who may open a path: origins, tokens, subprotocols. Pure.
#ifndef INLET_INGEST_WS_SERVER_ACCESS_H_
#define INLET_INGEST_WS_SERVER_ACCESS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/credentials.h"
#include "ingest/ws/endpoint_table.h"
#include "ingest/ws/handshake.h"

namespace inlet::ws {

// Nothing: the handshake may open a connection, as far as the endpoint's settings tell. Else, the first that holds:
// * 403: it has an Origin that is not in allowed_origins. One without Origin passes, since browsers always send one,
// and
//   for other clients it proves nothing.
// * 401: it has none of the bearer tokens. 503: it has none of those that could be read, and some could not.
// * 400: it offers subprotocols, and none of ours.
// `credentials`: what expands tokens; null: they are literal.
std::optional<Refusal> CheckAccess(const HandshakeRequest& request, const EndpointSettings& settings,
                                   const ingest::Credentials* credentials);

// Whether a pattern of allowed_origins fits: "https://app.example.com" is that origin, "*.example.com" every origin
// whose host ends so, "https://*.example.com" those of the scheme and (default) port. In any case.
bool OriginMatches(std::string_view pattern, std::string_view origin);

// The first of ours that is offered; empty: none. `offered`: as in Sec-WebSocket-Protocol.
std::string_view ChooseSubprotocol(const std::vector<std::string>& ours, std::string_view offered);
std::string_view FirstOffer(std::string_view offered);

// Takes as long whatever `expected` is, so that nobody finds it byte by byte.
bool EqualsInConstantTime(std::string_view presented, std::string_view expected);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_SERVER_ACCESS_H_
