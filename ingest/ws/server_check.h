// What a check of the server role finds: can the address be bound, and is the path free.
#ifndef INLET_INGEST_WS_SERVER_CHECK_H_
#define INLET_INGEST_WS_SERVER_CHECK_H_

#include "ingest/connection_checker.h"
#include "ingest/stream_spec.h"
#include "ingest/ws/endpoint_table.h"
#include "ingest/ws/listener.h"
#include "ingest/ws/server_options.h"

namespace inlet::ws {

// A look at a server. Loop thread only.
struct ServerView {
  const ServerOptions& options;
  EndpointTable& endpoints;  // as it was, when the check is over
  const Listener* listener;  // null: the socket is closed
};

// `spec.role` is a ServerRole. Binds the address if nobody of ours listens, never listens, and lets go of it.
ingest::CheckReport CheckServerRole(const ServerView& server, const ingest::StreamSpec& spec);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_SERVER_CHECK_H_
