// What a change of a stream's spec does to its connections.
#include "ingest/spec_change.h"

#include <variant>

namespace inlet::ingest {
namespace {

bool HaveSameSource(const StreamSpec& one, const StreamSpec& other) {
  return one.role == other.role && one.max_message_bytes == other.max_message_bytes &&
         one.connection == other.connection && one.ignore == other.ignore &&
         one.record_timeout == other.record_timeout && one.reconnect_when_stalled == other.reconnect_when_stalled;
}

}  // namespace

ChangeEffect EffectOf(const StreamSpec& before, const StreamSpec& after) {
  if (HaveSameSource(before, after)) return ChangeEffect::kNone;
  const auto* const old_server = std::get_if<ServerRole>(&before.role);
  const auto* const server = std::get_if<ServerRole>(&after.role);
  const bool keeps_path = old_server != nullptr && server != nullptr && old_server->path == server->path;
  return keeps_path ? ChangeEffect::kHandshakes : ChangeEffect::kReconnect;
}

}  // namespace inlet::ingest
