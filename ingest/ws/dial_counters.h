// What the client role counts: written by the loop, read by anybody.
#ifndef INLET_INGEST_WS_DIAL_COUNTERS_H_
#define INLET_INGEST_WS_DIAL_COUNTERS_H_

#include "ingest/ws/counters.h"

namespace inlet::ws {

struct DialCounters {
  // Now.
  Counter open_connections;
  Counter assembly_bytes;    // of messages that have begun and not ended
  Counter send_queue_bytes;  // that texts take which wait for their sockets

  // Since the start.
  Counter dials;
  Counter failures;
  Counter opened;
  Counter closed;
  Counter text_messages;
  Counter binary_messages;
  Counter message_bytes;          // of whole messages, text and binary
  Counter unfinished_messages;    // had begun when their connection ended, and are no reject
  Counter too_large_messages;     // closed with 1009
  Counter invalid_utf8_messages;  // closed with 1007
  Counter protocol_errors;        // closed with 1002
  Counter assembly_refusals;      // closed with 1013: LwsDialer::kMostAssemblyBytes
  Counter texts_sent;             // written to the socket
  Counter send_refusals;          // no room in a send queue
  Counter pings_sent;
  Counter idle_closes;   // no answer to pings
  Counter kills;         // no answer to our close frame
  Counter trust_parses;  // how often authorities were parsed, of the system or a stream's own; not the loop's
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_DIAL_COUNTERS_H_
