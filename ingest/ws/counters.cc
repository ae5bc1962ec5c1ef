// What the WebSocket server counts: the names of refusals.
#include "ingest/ws/counters.h"

namespace inlet::ws {

std::string_view RefusalName(RefusalKind kind) {
  switch (kind) {
    case RefusalKind::kUnknownPath:
      return "unknown_path";
    case RefusalKind::kNotWebSocket:
      return "not_websocket";
    case RefusalKind::kMethod:
      return "method";
    case RefusalKind::kPathTooLong:
      return "path_too_long";
    case RefusalKind::kMalformed:
      return "malformed";
    case RefusalKind::kVersion:
      return "version";
    case RefusalKind::kSubprotocol:
      return "subprotocol";
    case RefusalKind::kOrigin:
      return "origin";
    case RefusalKind::kUnauthorized:
      return "unauthorized";
    case RefusalKind::kCredentials:
      return "credentials";
    case RefusalKind::kTooManyConnections:
      return "too_many_connections";
    case RefusalKind::kTimeout:
      return "timeout";
    case RefusalKind::kCount:
      break;
  }
  return "unknown";
}

}  // namespace inlet::ws
