// What the contract shows of a stream.
#include "service/rpc/convert.h"

namespace inlet::rpc {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;

// 1970 stands for "never".
bool IsKnown(ingest::WallTime time) { return time.time_since_epoch().count() != 0; }

void SetNotes(const ingest::StreamNotes& notes, v1::StreamStatus& status) {
  status.set_endpoint(notes.endpoint);
  status.set_attempt(notes.attempt);
  status.set_last_error(notes.last_error);
  status.set_last_close_code(notes.last_close_code);
  status.set_last_close_reason(notes.last_close_reason);
  status.set_last_refusal(notes.last_refusal);
  status.set_last_reject(notes.last_reject);
  if (IsKnown(notes.state_since)) *status.mutable_since() = ToTimestamp(notes.state_since);
  if (IsKnown(notes.retry_time)) *status.mutable_retry_time() = ToTimestamp(notes.retry_time);
  if (IsKnown(notes.last_error_time)) *status.mutable_last_error_time() = ToTimestamp(notes.last_error_time);
  if (IsKnown(notes.last_refusal_time)) *status.mutable_last_refusal_time() = ToTimestamp(notes.last_refusal_time);
  if (IsKnown(notes.last_reject_time)) *status.mutable_last_reject_time() = ToTimestamp(notes.last_reject_time);
}

void SetRejects(const ingest::StreamSnapshot& snapshot, v1::StreamStatus& status) {
  status.set_rejects(snapshot.rejects);
  for (size_t reason = 1; reason < ingest::kRejectReasons; ++reason) {
    const uint64_t count = snapshot.rejects_by_reason[reason];
    if (count == 0) continue;
    const std::string name(ingest::RejectReasonName(ingest::RejectReason(reason)));
    (*status.mutable_rejects_by_reason())[name] = count;
  }
}

void SetCounters(const ingest::StreamSnapshot& snapshot, v1::StreamStatus& status) {
  status.set_connections(snapshot.connections);
  status.set_messages(snapshot.messages);
  status.set_bytes(snapshot.bytes);
  status.set_records(snapshot.records);
  status.set_evicted(snapshot.bounds.evicted);
  status.set_connects(snapshot.connects);
  status.set_ignored(snapshot.ignored);
  status.set_refused(snapshot.refused);
}

}  // namespace

google::protobuf::Timestamp ToTimestamp(ingest::WallTime time) {
  const int64_t total = time.time_since_epoch().count();
  int64_t seconds = total / kNanosPerSecond;
  int64_t nanos = total % kNanosPerSecond;
  if (nanos < 0) {
    --seconds;
    nanos += kNanosPerSecond;
  }
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(nanos));
  return timestamp;
}

v1::StreamStatus ToStatus(const ingest::StreamSnapshot& snapshot) {
  v1::StreamStatus status;
  status.set_state(static_cast<v1::StreamStatus::State>(snapshot.state.state));
  status.set_reason(snapshot.state.reason);
  status.set_epoch(snapshot.epoch);
  status.set_first_offset(snapshot.bounds.first_offset);
  status.set_next_offset(snapshot.bounds.next_offset);
  status.set_retained_bytes(snapshot.bounds.retained_bytes);
  status.set_subscribers(snapshot.subscribers);
  SetCounters(snapshot, status);
  SetRejects(snapshot, status);
  SetNotes(snapshot.notes, status);
  if (IsKnown(snapshot.last_record_time)) *status.mutable_last_record_time() = ToTimestamp(snapshot.last_record_time);
  return status;
}

v1::Stream ToStream(const service::StreamEntry& entry) {
  v1::Stream shown = entry.definition.Shown();
  if (!entry.stream) return shown;
  *shown.mutable_create_time() = ToTimestamp(entry.create_time);
  *shown.mutable_update_time() = ToTimestamp(entry.update_time);
  shown.set_etag(service::EtagOf(entry));
  *shown.mutable_status() = ToStatus(entry.stream->Snapshot());
  return shown;
}

}  // namespace inlet::rpc
