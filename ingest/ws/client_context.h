// The one libwebsockets context of all client connections, and its one client SSL_CTX.
#ifndef INLET_INGEST_WS_CLIENT_CONTEXT_H_
#define INLET_INGEST_WS_CLIENT_CONTEXT_H_

#include <libwebsockets.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <unordered_map>

#include "absl/status/statusor.h"
#include "ingest/ws/event_loop.h"

namespace inlet::ws {

class ClientDial;

// Loop thread only. Trust, certificate and names are set on each connection's SSL, at the beginning of its handshake
// (docs/adr/0007): one virtual host serves every client, and nothing of a dial outlives its connection.
class ClientContext {
 public:
  struct Target {
    std::string address;  // numeric; or "+@NAME", an abstract socket of ours that leads to a proxy
    uint16_t port = 0;
    bool tls = false;
    std::string host;          // Host header
    std::string path;          // with the query
    std::string subprotocols;  // "a, b"; empty: none are offered
  };

  // Internal: libwebsockets or OpenSSL does not start.
  static absl::StatusOr<std::unique_ptr<ClientContext>> Create(EventLoop& loop);

  // Ends all its connections. Not inside a callback of libwebsockets.
  ~ClientContext();
  ClientContext(const ClientContext&) = delete;
  ClientContext& operator=(const ClientContext&) = delete;

  // Null: it has failed already, and `dial` may have heard of it; as it may have if the connection is there. `dial` is
  // told of all that happens until Drop, or its OnDestroy.
  lws* Connect(const Target& target, ClientDial& dial);

  static int Socket(lws* wsi) { return lws_get_socket_fd(wsi); }

  // Cuts the connection; `dial` hears no more of it. It may be called from inside a callback, whose answer must be -1
  // then: the connection ends after it.
  void Drop(lws* wsi);

 private:
  // As that of Context.
  static constexpr lws_usec_t kBeat = 250 * LWS_US_PER_MS;
  struct Beat {
    lws_sorted_usec_list_t entry;  // first: the callback gets its address
    lws_context* context;
  };

  ClientContext() = default;
  static void OnBeat(lws_sorted_usec_list_t* entry);
  static int OnCallback(lws* wsi, lws_callback_reasons reason, void* user, void* in, size_t size);
  static void OnTlsInfo(const SSL* ssl, int where, int result);
  static int OnTlsCertificate(int trusted, X509_STORE_CTX* store);
  static int OnTlsRequest(SSL* ssl, void* unused);
  static const lws_protocols* Protocols();
  bool CreateTls();
  bool CreateLibwebsockets(EventLoop& loop);
  // The dial whose connection it is, found by its socket once, then by itself; null: it was dropped.
  ClientDial* FindDial(SSL* ssl);

  lws_context* context_ = nullptr;
  lws_vhost* vhost_ = nullptr;
  SSL_CTX* tls_ = nullptr;
  std::unordered_map<int, ClientDial*> by_socket_;  // before their TLS handshakes
  ClientDial* connecting_ = nullptr;                // the one that Connect is about
  int callbacks_ = 0;                               // of libwebsockets, on the stack
  Beat beat_{};
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CLIENT_CONTEXT_H_
