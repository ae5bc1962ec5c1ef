// One libwebsockets context on the event loop, with one virtual host that does not listen.
#ifndef INLET_INGEST_WS_CONTEXT_H_
#define INLET_INGEST_WS_CONTEXT_H_

#include <libwebsockets.h>

#include <chrono>
#include <memory>

#include "absl/status/statusor.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/read_buffer.h"

namespace inlet::ws {

class ServerTls;

// Loop thread only.
class Context {
 public:
  struct Options {
    // Outlives the context. The first one's callback passes LWS_CALLBACK_RAW_RX without opaque user data to the
    // read buffer.
    const lws_protocols* protocols = nullptr;
    // libwebsockets' own limits lie beyond it: ours is to strike first.
    std::chrono::milliseconds handshake_timeout{};
    // Outlives the context. Not null: adopted sockets speak TLS, and the first protocol's callback gets the vhost in
    // LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS, whose user data this is.
    ServerTls* tls = nullptr;
  };

  // Internal: libwebsockets does not start (its log says why).
  static absl::StatusOr<std::unique_ptr<Context>> Create(EventLoop& loop, const Options& options);

  // Ends all its connections: each had its LWS_CALLBACK_WSI_DESTROY when this returns. Not inside a callback of
  // libwebsockets.
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // Gives an accepted socket to libwebsockets, which owns it from now on. `session` is its opaque user data. Null: the
  // socket is closed, and LWS_CALLBACK_WSI_DESTROY may have come before the return.
  lws* Adopt(int socket, void* session);

  lws_context* handle() const { return context_; }
  // That of a connection.
  static Context& Of(lws* wsi);
  ReadBuffer& read_buffer() { return read_buffer_; }

 private:
  // libwebsockets keeps one libev timer for a context, which it re-arms in an idle watcher and never moves forward;
  // libev runs those only in a turn without socket events. With a timer of our own always near, what it has to time is
  // late by this at most, also while a peer floods the loop.
  static constexpr lws_usec_t kBeat = 250 * LWS_US_PER_MS;

  struct Beat {
    lws_sorted_usec_list_t entry;  // first: the callback gets its address
    lws_context* context;
  };

  Context() = default;
  static void OnBeat(lws_sorted_usec_list_t* entry);

  lws_context* context_ = nullptr;
  lws_vhost* vhost_ = nullptr;
  bool tls_ = false;
  ReadBuffer read_buffer_;
  Beat beat_{};
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CONTEXT_H_
