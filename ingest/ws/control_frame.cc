// How both roles end a connection with libwebsockets, and the control frames that they write.
#include "ingest/ws/control_frame.h"

#include <libwebsockets.h>

#include <algorithm>
#include <array>
#include <string>

#include "ingest/ws/close_frame.h"

namespace inlet::ws {
namespace {

// A control frame has 125 bytes, two are the code.
constexpr size_t kMostReason = 123;

// The number that lws-write.h leaves free for a close frame, without a name: the same in 4.1 and 4.3.
constexpr auto kWriteClose = static_cast<lws_write_protocol>(4);

}  // namespace

int WriteCloseFrame(lws* wsi, uint16_t code, std::string_view reason) {
  std::array<unsigned char, LWS_PRE + 2 + kMostReason> frame{};
  const std::string_view text = reason.substr(0, kMostReason);
  frame[LWS_PRE] = static_cast<unsigned char>(code >> 8U);
  frame[LWS_PRE + 1] = static_cast<unsigned char>(code & 0xFFU);
  std::ranges::copy(text, frame.begin() + LWS_PRE + 2);
  const size_t size = code == kNoStatus ? 0 : 2 + text.size();
  return lws_write(wsi, frame.data() + LWS_PRE, size, kWriteClose) < 0 ? -1 : 0;
}

void SetCloseFrame(lws* wsi, uint16_t code, std::string_view reason) {
  std::string text(reason.substr(0, kMostReason));
  lws_close_reason(wsi, static_cast<lws_close_status>(code), reinterpret_cast<unsigned char*>(text.data()),
                   text.size());
}

void Cut(lws* wsi) {
  if (lws_partial_buffered(wsi) == 0) {
    lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
    return;
  }
  // The other way waits 5 s for the socket to take it, and meanwhile turns without rest where something can be read.
  lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
  lws_cancel_service(lws_get_context(wsi));
}

int WritePing(lws* wsi) {
  constexpr std::string_view kPayload = "inlet";  // libwebsockets does not tell of an empty pong
  std::array<unsigned char, LWS_PRE + kPayload.size()> frame{};
  std::ranges::copy(kPayload, frame.begin() + LWS_PRE);
  return lws_write(wsi, frame.data() + LWS_PRE, kPayload.size(), LWS_WRITE_PING) < 0 ? -1 : 0;
}

}  // namespace inlet::ws
