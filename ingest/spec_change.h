// What a change of a stream's spec does to its connections.
#ifndef INLET_INGEST_SPEC_CHANGE_H_
#define INLET_INGEST_SPEC_CHANGE_H_

#include "ingest/stream_spec.h"

namespace inlet::ingest {

enum class ChangeEffect {
  kNone,        // retention, schema and the like: the source is not told
  kHandshakes,  // server role: connections stay, and handshakes from now on are judged by the other settings
  kReconnect,   // client role: dialled again; server role: another path, or the other role
};

// Pure.
ChangeEffect EffectOf(const StreamSpec& before, const StreamSpec& after);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_SPEC_CHANGE_H_
