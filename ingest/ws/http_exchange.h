// The HTTP part of a connection: reads the request out of libwebsockets, writes an answer.
#ifndef INLET_INGEST_WS_HTTP_EXCHANGE_H_
#define INLET_INGEST_WS_HTTP_EXCHANGE_H_

#include <libwebsockets.h>

#include <string_view>

#include "ingest/ws/handshake.h"

namespace inlet::ws {

// Between the end of the headers and LWS_CALLBACK_ESTABLISHED.
HandshakeRequest ReadRequest(lws* wsi);

// False: libwebsockets calls with headers that it has freed (4.1 does, for an upgrade that it does not know): nothing
// of the request may be touched.
bool HasUpgradeHeader(lws* wsi);

// Whether a line of the PROXY protocol stood before the request, which libwebsockets would skip.
bool HasProxyLine(lws* wsi);

// The connection must be closed afterwards.
void WriteAnswer(lws* wsi, std::string_view answer);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_HTTP_EXCHANGE_H_
