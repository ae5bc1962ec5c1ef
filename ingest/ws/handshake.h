// Judges a WebSocket handshake: RFC 6455 section 4.2, and what this server asks for beyond it. Pure.
#ifndef INLET_INGEST_WS_HANDSHAKE_H_
#define INLET_INGEST_WS_HANDSHAKE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/ws/counters.h"

namespace inlet::ws {

// The longest path that a peer may ask for: its connection and the Origin of its records keep it.
inline constexpr size_t kMostPathBytes = 2048;

// What matters of an HTTP request. An absent header is an empty text.
struct HandshakeRequest {
  std::string method;
  std::string path;  // percent-decoded, without the query
  std::string http_version;
  std::string host;
  std::string upgrade;
  std::string connection;
  std::string key;
  std::string version;
  std::string subprotocols;
  std::string origin = {};
  std::string authorization = {};
  std::string forwarded_for = {};
};

// An HTTP answer that ends the connection.
struct Refusal {
  RefusalKind kind = RefusalKind::kUnknownPath;
  int status = 0;
  std::string text;     // one line for the person at the other end
  std::string headers;  // further ones, each with its CRLF
};

// Nothing: the request is a right handshake. Whether it may open the path is asked of CheckAccess (server_access.h).
std::optional<Refusal> CheckHandshake(const HandshakeRequest& request);

Refusal RefuseUnknownPath(std::string_view path);
Refusal RefuseTooManyConnections();
Refusal RefuseTimeout();

// The whole answer: HTTP/1.1 with Content-Length and Connection: close, since libwebsockets' own HTTP/1.0 confuses
// clients. `with_body`: not for HEAD.
std::string HttpAnswer(const Refusal& refusal, bool with_body = true);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_HANDSHAKE_H_
