// What the WebSocket server counts: written by the loop, read by anybody.
#ifndef INLET_INGEST_WS_COUNTERS_H_
#define INLET_INGEST_WS_COUNTERS_H_

#include <array>
#include <cstddef>
#include <string_view>

#include "ingest/counter.h"

namespace inlet::ws {

using ingest::Counter;

// Why a handshake was answered with an HTTP error.
enum class RefusalKind {
  kUnknownPath,
  kNotWebSocket,        // plain HTTP, or an upgrade to something else
  kMethod,              // not GET
  kPathTooLong,         // kMostPathBytes
  kMalformed,           // what RFC 6455 section 4.2.1 demands is missing or wrong
  kVersion,             // a Sec-WebSocket-Version other than 13
  kSubprotocol,         // none of the offered ones is spoken here
  kOrigin,              // not one of ServerRole::allowed_origins
  kUnauthorized,        // not one of ServerRole::bearer_tokens
  kCredentials,         // the tokens cannot be read
  kTooManyConnections,  // ServerOptions::max_connections, or ServerRole::max_connections
  kTimeout,             // ServerOptions::handshake_timeout
  kCount,               // not a kind
};

// In snake_case, for logs and metrics.
std::string_view RefusalName(RefusalKind kind);

struct ServerCounters {
  // Now.
  Counter handshakes_pending;
  Counter open_connections;
  Counter assembly_bytes;    // of messages that have begun and not ended
  Counter send_queue_bytes;  // that texts take which wait for their sockets

  // Since the start.
  Counter accepted;
  Counter accept_pauses;          // the process had no descriptor left: a second of rest
  Counter adopt_failures;         // libwebsockets did not take the connection
  Counter handshakes_rejected;    // closed without a word: too many were pending
  Counter proxy_header_failures;  // of the PROXY protocol: wrong, or not in time
  Counter tls_failures;           // TLS handshakes
  Counter handshakes_dropped;     // ended by the peer, or by libwebsockets, before an answer
  std::array<Counter, static_cast<size_t>(RefusalKind::kCount)> refused;
  Counter opened;
  Counter closed;
  Counter text_messages;
  Counter binary_messages;
  Counter message_bytes;          // of whole messages, text and binary
  Counter unfinished_messages;    // had begun when their connection ended, and are no reject
  Counter too_large_messages;     // closed with 1009
  Counter invalid_utf8_messages;  // closed with 1007
  Counter protocol_errors;        // closed with 1002
  Counter assembly_refusals;      // closed with 1013: ServerOptions::max_assembly_bytes
  Counter texts_sent;             // written to sockets
  Counter send_refusals;          // of texts: a connection's buffer, or that of all, was full
  Counter pings_sent;
  Counter idle_closes;  // no answer to pings
  Counter kills;        // no answer to our close frame in close_timeout
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_COUNTERS_H_
