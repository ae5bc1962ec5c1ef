// How both roles end a connection with libwebsockets, and the control frames that they write.
#ifndef INLET_INGEST_WS_CONTROL_FRAME_H_
#define INLET_INGEST_WS_CONTROL_FRAME_H_

#include <cstdint>
#include <string_view>

struct lws;

namespace inlet::ws {

// Sends a close frame. Inside a callback that receives or writes; what it is to return: -1 if the connection is broken.
// A reason is cut at 123 bytes; kNoStatus is a frame without content. Whoever has sent one and has received one ends
// the connection: OnPeerClose returns -1. Leaving the frame to libwebsockets is not the same: it keeps it where it
// keeps the content of a ping or close frame that comes before the socket takes it, and would send that.
int WriteCloseFrame(lws* wsi, uint16_t code, std::string_view reason);

// What libwebsockets, which is about to close, sends first.
void SetCloseFrame(lws* wsi, uint16_t code, std::string_view reason);

// Cuts the connection, at once or, where the socket has not taken all that was written, in the next turn. Not inside a
// callback. What has the connection may be destroyed when it returns.
void Cut(lws* wsi);

// Inside a writable callback; what it is to return.
int WritePing(lws* wsi);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CONTROL_FRAME_H_
