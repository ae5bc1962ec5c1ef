// Control frames that both roles write with libwebsockets.
#include "ingest/ws/control_frame.h"

#include <libwebsockets.h>

#include <algorithm>
#include <array>
#include <string>

namespace inlet::ws {
namespace {

// A control frame has 125 bytes, two are the code.
constexpr size_t kMostReason = 123;

}  // namespace

void SetCloseFrame(lws* wsi, uint16_t code, std::string_view reason) {
  std::string text(reason.substr(0, kMostReason));
  lws_close_reason(wsi, static_cast<lws_close_status>(code), reinterpret_cast<unsigned char*>(text.data()),
                   text.size());
}

int WritePing(lws* wsi) {
  constexpr std::string_view kPayload = "inlet";  // libwebsockets does not tell of an empty pong
  std::array<unsigned char, LWS_PRE + kPayload.size()> frame{};
  std::ranges::copy(kPayload, frame.begin() + LWS_PRE);
  return lws_write(wsi, frame.data() + LWS_PRE, kPayload.size(), LWS_WRITE_PING) < 0 ? -1 : 0;
}

}  // namespace inlet::ws
