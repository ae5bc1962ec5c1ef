// What the operator decides about the WebSocket server, as plain values with their defaults.
#ifndef INLET_INGEST_WS_SERVER_OPTIONS_H_
#define INLET_INGEST_WS_SERVER_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "ingest/stream_spec.h"
#include "ingest/ws/trusted_networks.h"

namespace inlet::ws {

// PEM texts, not paths.
struct TlsMaterial {
  std::string certificate;  // the server's own, then those between it and its root
  std::string private_key;
  std::string client_ca;  // whose certificates clients may show
  bool operator==(const TlsMaterial&) const = default;
};

// Whether clients show a certificate of TlsMaterial::client_ca.
enum class ClientAuth {
  kNone,      // they are not asked
  kOptional,  // a wrong one is refused, none is not
  kRequired,
};

struct TlsOptions {
  TlsMaterial material;
  ClientAuth client_auth = ClientAuth::kNone;
  ingest::TlsVersion min_version = ingest::TlsVersion::kTls12;
};

struct ServerOptions {
  enum class Listen {
    kOnDemand,  // the socket opens with the first source and closes with the last
    kAlways,    // it opens with Server::Open and stays
  };

  std::string ip = "0.0.0.0";  // IPv4 or IPv6, a literal
  uint16_t port = 10081;       // 0: any free one
  Listen listen = Listen::kOnDemand;
  std::string public_url;  // what Source::endpoint shows before the path; empty: ws://ip:port, or wss:// with TLS
  std::optional<TlsOptions> tls;  // none: plain

  // Whose X-Forwarded-For is believed, and whose PROXY protocol.
  TrustedNetworks trusted_proxies;
  // Whether each connection from them begins with a header of the PROXY protocol.
  bool proxy_protocol = false;

  // Open connections. One more gets 503 with Retry-After.
  uint32_t max_connections = 100'000;
  // Connections whose handshake is not complete; each may hold 32 KiB of headers. One more is closed at once.
  uint32_t max_pending_handshakes = 8'192;
  // Bytes of messages that have begun and not ended, of all connections together. Where they do not suffice, the
  // connection whose message began first is closed with 1013.
  uint64_t max_assembly_bytes = 256ULL << 20;
  // Bytes of texts that wait for their sockets, of all connections together; of one it is SendQueue::kMostBytes. Beyond
  // it a text is refused.
  uint64_t max_send_bytes = 256ULL << 20;

  // From accept to 101; then the connection gets 408 and is closed.
  std::chrono::milliseconds handshake_timeout{10'000};
  // How long the answer to our close frame may take. Where libwebsockets has sent it, for an error of its own finding,
  // it cuts the connection after 5 s, and nobody counts it then.
  std::chrono::milliseconds close_timeout{4'500};
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_SERVER_OPTIONS_H_
