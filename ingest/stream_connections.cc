// One running stream: its open connections, listed, closed and written to.
#include <cassert>
#include <variant>

#include "ingest/error.h"
#include "ingest/stream.h"
#include "ingest/text.h"

namespace inlet::ingest {
namespace {

absl::Status UnknownConnection(uint64_t connection) {
  const std::string id = std::to_string(connection);
  return MakeError(absl::StatusCode::kNotFound,
                   Concat({"the stream has no open connection ", id, ": ListConnections tells those it has"}),
                   {"CONNECTION_UNKNOWN", {{"connection", id}}, "", {}});
}

absl::Status NotConnected(std::string_view why) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   Concat({"the stream is not connected, so nothing can be sent", why.empty() ? "" : ": ", why}),
                   {"NOT_CONNECTED", {}, "", {}});
}

}  // namespace

Message Stream::NoteMessage(const Message& message) {
  OpenConnection* const from = book_.Find(message.connection);
  if (from == nullptr) return message;
  ++from->messages;
  from->bytes += message.text.size();
  from->last_message_time = message.receive_time;
  Message noted = message;
  if (record_origin_) noted.origin_field = from->origin_field;
  return noted;
}

std::string_view Stream::OriginFieldOf(uint64_t connection) {
  const OpenConnection* const from = record_origin_ ? book_.Find(connection) : nullptr;
  return from != nullptr ? std::string_view(from->origin_field) : std::string_view();
}

void Stream::NoteRejects(uint64_t connection, uint64_t count) {
  if (OpenConnection* const from = book_.Find(connection)) from->rejects += count;
}

std::vector<ConnectionRow> Stream::ListConnections(uint64_t after, size_t limit) const {
  assert(options_.loop->InLoopThread());
  return book_.ListAfter(after, limit);
}

absl::Status Stream::CloseConnection(uint64_t connection, uint16_t code, std::string_view reason) {
  assert(options_.loop->InLoopThread());
  const bool known = book_.Find(connection) != nullptr && source_->CloseConnection(connection, code, reason);
  return known ? absl::OkStatus() : UnknownConnection(connection);
}

absl::StatusOr<SendResult> Stream::Send(const SendTarget& target, std::string_view text) {
  assert(options_.loop->InLoopThread());
  const bool is_client = std::holds_alternative<ClientRole>(spec_->role);
  if (is_client && book_.size() == 0) return NotConnected(state_.reason);
  SendResult result;
  if (target.connection) {
    const bool known = book_.Find(*target.connection) != nullptr;
    const SendVerdict verdict = known ? source_->Send(*target.connection, text) : SendVerdict::kUnknown;
    if (verdict == SendVerdict::kUnknown) return UnknownConnection(*target.connection);
    ++(verdict == SendVerdict::kHanded ? result.sent : result.refused);
    return result;
  }
  for (const uint64_t connection : book_.WithVariables(target.variables)) {
    const SendVerdict verdict = source_->Send(connection, text);
    if (verdict == SendVerdict::kUnknown) continue;
    ++(verdict == SendVerdict::kHanded ? result.sent : result.refused);
  }
  return result;
}

}  // namespace inlet::ingest
