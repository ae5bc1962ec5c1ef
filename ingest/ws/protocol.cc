// The one libwebsockets protocol of the server: which callback is which call.
#include "ingest/ws/protocol.h"

#include <array>
#include <string_view>

#include "ingest/ws/session.h"

namespace inlet::ws {
namespace {

int OnCallback(lws* wsi, lws_callback_reasons reason, void* /*user*/, void* in, size_t length) {
  // Calls about the context have no connection.
  auto* const session = wsi != nullptr ? static_cast<Session*>(lws_get_opaque_user_data(wsi)) : nullptr;
  if (session == nullptr) return 0;
  const auto bytes = [&] { return std::string_view(static_cast<const char*>(in), length); };
  switch (reason) {
    case LWS_CALLBACK_RECEIVE:
      return session->OnReceive(bytes());
    case LWS_CALLBACK_RECEIVE_PONG:
      return session->OnPong();
    case LWS_CALLBACK_SERVER_WRITEABLE:
      return session->OnWritable();
    case LWS_CALLBACK_HTTP:
      return session->OnRequest(wsi, false);
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
      return session->OnRequest(wsi, true);  // `in` may be freed memory
    case LWS_CALLBACK_ESTABLISHED:
      return session->OnEstablished(wsi);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      return session->OnPeerClose(bytes());
    case LWS_CALLBACK_CLOSED:
      session->OnClosed();
      return 0;
    case LWS_CALLBACK_WSI_DESTROY:
      lws_set_opaque_user_data(wsi, nullptr);
      session->OnDestroy();
      return 0;
    default:
      return 0;
  }
}

}  // namespace

const lws_protocols* ServerProtocols() {
  static const std::array<lws_protocols, 2> protocols{{{"inlet", &OnCallback, 0, 0, 0, nullptr, 0}, {}}};
  return protocols.data();
}

}  // namespace inlet::ws
