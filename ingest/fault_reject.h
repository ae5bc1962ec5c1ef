// A message that could not be handed over as text, as a reject.
#ifndef INLET_INGEST_FAULT_REJECT_H_
#define INLET_INGEST_FAULT_REJECT_H_

#include "ingest/reject.h"
#include "ingest/source.h"
#include "ingest/stream_spec.h"

namespace inlet::ingest {

// Its detail says what became of the connection, and which setting of `spec` decided. The content points to where the
// report's does.
Reject ToReject(const MessageFaultReport& report, const StreamSpec& spec);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_FAULT_REJECT_H_
