// The one libwebsockets protocol of the server: its callbacks become calls of sessions.
#ifndef INLET_INGEST_WS_PROTOCOL_H_
#define INLET_INGEST_WS_PROTOCOL_H_

#include <libwebsockets.h>

namespace inlet::ws {

// For a context whose connections were adopted with a Session as their opaque user data.
const lws_protocols* ServerProtocols();

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_PROTOCOL_H_
