// The first bytes of a message that is not taken, for who looks at rejects.
#ifndef INLET_INGEST_WS_MESSAGE_START_H_
#define INLET_INGEST_WS_MESSAGE_START_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/source.h"
#include "ingest/ws/assembly_queue.h"

namespace inlet::ws {

using MessagePart = std::unique_ptr<AssemblyQueue::Part>;

// What there is of the message's first bytes: those in `part` (null: none), then `piece`. At most
// kMaxFaultContentBytes.
inline std::string StartOf(const MessagePart& part, std::string_view piece) {
  const std::string_view kept = part ? part->view() : std::string_view();
  std::string start(kept.substr(0, ingest::kMaxFaultContentBytes));
  start.append(piece.substr(0, ingest::kMaxFaultContentBytes - start.size()));
  return start;
}

// Keeps the first bytes of a binary message that comes in pieces, if there is room without anybody giving way.
// `received`: bytes of the message, `piece` included. A piece that does not follow what was kept is left out.
inline void KeepStart(MessagePart& part, std::string_view piece, uint64_t received, AssemblyQueue& queue,
                      AssemblyOwner& owner) {
  const size_t kept = part ? part->view().size() : 0;
  if (kept + piece.size() != received || kept == ingest::kMaxFaultContentBytes) return;
  if (!part) part = std::make_unique<AssemblyQueue::Part>(queue, owner, ingest::kMaxFaultContentBytes);
  part->AppendIfRoom(piece.substr(0, ingest::kMaxFaultContentBytes - kept));
}

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_MESSAGE_START_H_
