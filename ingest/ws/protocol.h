// The libwebsockets protocol of the server: its callbacks become calls of sessions.
#ifndef INLET_INGEST_WS_PROTOCOL_H_
#define INLET_INGEST_WS_PROTOCOL_H_

#include <libwebsockets.h>

#include <array>
#include <string_view>

namespace inlet::ws {

// For a context whose connections were adopted with a Session as their opaque user data. Loop thread only; outlives the
// context.
class ServerProtocol {
 public:
  // libwebsockets does not read a longer list of subprotocols.
  static constexpr size_t kMostOfferBytes = 126;

  ServerProtocol();
  ServerProtocol(const ServerProtocol&) = delete;
  ServerProtocol& operator=(const ServerProtocol&) = delete;

  const lws_protocols* table() const { return table_.data(); }

  // What the upgrade that is being confirmed on `wsi` answers in Sec-WebSocket-Protocol. `first`: the first that the
  // peer offers.
  static void Choose(lws* wsi, std::string_view first, std::string_view chosen);

 private:
  using Name = std::array<char, kMostOfferBytes + 2>;

  static int OnCallback(lws* wsi, lws_callback_reasons reason, void* user, void* in, size_t length);
  static void Copy(std::string_view text, Name& name);

  // libwebsockets takes the first offered name that a protocol has, and answers with the name of that protocol. Names
  // are a stream's own here, and many. So the second protocol is called as the peer's first offer while libwebsockets
  // looks for one, and as the chosen one when it writes the answer, which it does without going back to the loop.
  Name name_{};
  Name chosen_{};
  const std::array<lws_protocols, 3> table_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_PROTOCOL_H_
