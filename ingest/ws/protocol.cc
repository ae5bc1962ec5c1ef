// The libwebsockets protocol of the server: which callback is which call.
#include "ingest/ws/protocol.h"

#include <algorithm>

#include "ingest/ws/context.h"
#include "ingest/ws/server_tls.h"
#include "ingest/ws/session.h"

namespace inlet::ws {
namespace {

// Never a name that a peer can offer.
constexpr char kNoSubprotocol[] = "no subprotocol";

}  // namespace

ServerProtocol::ServerProtocol()
    : table_{{{kNoSubprotocol, &OnCallback, 0, 0, 0, this, 0}, {name_.data(), &OnCallback, 0, 0, 0, this, 0}, {}}} {}

void ServerProtocol::Copy(std::string_view text, Name& name) {
  const size_t size = std::min(text.size(), name.size() - 1);
  std::copy_n(text.begin(), size, name.begin());
  name[size] = '\0';
}

void ServerProtocol::Choose(lws* wsi, std::string_view first, std::string_view chosen) {
  auto* const self = static_cast<ServerProtocol*>(lws_get_protocol(wsi)->user);
  Copy(first, self->name_);
  Copy(chosen, self->chosen_);
}

int ServerProtocol::OnCallback(lws* wsi, lws_callback_reasons reason, void* user, void* in, size_t length) {
  if (reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS) {
    static_cast<ServerTls*>(lws_get_vhost_user(static_cast<lws_vhost*>(in)))->Install(static_cast<SSL_CTX*>(user));
    return 0;
  }
  // Calls about the context have no connection.
  auto* const session = wsi != nullptr ? static_cast<Session*>(lws_get_opaque_user_data(wsi)) : nullptr;
  if (session == nullptr) return reason == LWS_CALLBACK_RAW_RX ? Context::Of(wsi).read_buffer().OnFound(in) : 0;
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
      Context::Of(wsi).read_buffer().Keep();
      return session->OnRequest(wsi, true);  // `in` may be freed memory
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: {
      auto* const self = static_cast<ServerProtocol*>(lws_get_protocol(wsi)->user);
      self->name_ = self->chosen_;
      return 0;
    }
    case LWS_CALLBACK_ESTABLISHED:
      Context::Of(wsi).read_buffer().Restore();
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

}  // namespace inlet::ws
