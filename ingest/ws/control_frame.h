// Control frames that both roles write with libwebsockets.
#ifndef INLET_INGEST_WS_CONTROL_FRAME_H_
#define INLET_INGEST_WS_CONTROL_FRAME_H_

#include <cstdint>
#include <string_view>

struct lws;

namespace inlet::ws {

// The close frame that libwebsockets sends when its callback returns -1. A reason is cut at 123 bytes.
void SetCloseFrame(lws* wsi, uint16_t code, std::string_view reason);

// Inside a writable callback; what it is to return.
int WritePing(lws* wsi);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CONTROL_FRAME_H_
