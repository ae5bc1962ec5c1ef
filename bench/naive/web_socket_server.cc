// One libwebsockets context, one thread, one JSON object after the other.
#include "bench/naive/web_socket_server.h"

#include <libwebsockets.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

namespace inlet::bench {
namespace {

struct Session {
  std::shared_ptr<Stream> stream;
  uint64_t number = 0;
  std::string message;
};

// libwebsockets gives plain memory: it holds a pointer.
struct SessionSlot {
  Session* session;
};

std::shared_ptr<Stream> StreamOf(lws* socket) {
  auto* hub = static_cast<Hub*>(lws_context_user(lws_get_context(socket)));
  std::array<char, 256> path{};
  if (lws_hdr_copy(socket, path.data(), static_cast<int>(path.size()), WSI_TOKEN_GET_URI) <= 0) return nullptr;
  return hub->ByPath(path.data());
}

void Receive(Session* session, lws* socket, const void* bytes, size_t size) {
  session->message.append(static_cast<const char*>(bytes), size);
  if (!lws_is_final_fragment(socket) || lws_remaining_packet_payload(socket) > 0) return;
  const auto json = nlohmann::json::parse(session->message, nullptr, false);
  if (json.is_object()) session->stream->Publish(std::move(session->message), session->number);
  session->message.clear();
}

int Callback(lws* socket, lws_callback_reasons reason, void* user, void* bytes, size_t size) {
  static uint64_t connections = 0;
  auto* slot = static_cast<SessionSlot*>(user);
  switch (reason) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
      return StreamOf(socket) == nullptr ? -1 : 0;
    case LWS_CALLBACK_ESTABLISHED:
      slot->session = new Session{StreamOf(socket), ++connections, {}};
      return 0;
    case LWS_CALLBACK_RECEIVE:
      Receive(slot->session, socket, bytes, size);
      return 0;
    case LWS_CALLBACK_CLOSED:
      delete slot->session;
      slot->session = nullptr;
      return 0;
    default:
      return 0;
  }
}

}  // namespace

bool ServeWebSockets(Hub* hub, uint16_t port, const std::atomic<bool>& stop) {
  std::array<lws_protocols, 2> protocols{};
  protocols[0].name = "naive";
  protocols[0].callback = Callback;
  protocols[0].per_session_data_size = sizeof(SessionSlot);
  lws_context_creation_info info{};
  info.port = port;
  info.iface = "127.0.0.1";
  info.protocols = protocols.data();
  info.user = hub;
  info.gid = static_cast<gid_t>(-1);
  info.uid = static_cast<uid_t>(-1);
  lws_set_log_level(LLL_ERR, nullptr);
  lws_context* context = lws_create_context(&info);
  if (context == nullptr) return false;
  while (!stop) lws_service(context, 0);
  lws_context_destroy(context);
  return true;
}

}  // namespace inlet::bench
