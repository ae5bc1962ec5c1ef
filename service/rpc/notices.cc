// The notices of a subscription.
#include "service/rpc/notices.h"

#include <string>

#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::rpc {
namespace {

constexpr std::chrono::milliseconds kRetryDelay{1000};

void SetTime(ingest::WallTime time, google::protobuf::Timestamp* out) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  out->set_seconds(seconds.time_since_epoch().count());
  out->set_nanos(static_cast<int32_t>((time - seconds).count()));
}

v1::StreamStatus::State ToProto(ingest::SourceState state) { return static_cast<v1::StreamStatus::State>(state); }

std::string EndingDetail(ingest::CloseReason reason, std::string_view stream) {
  if (reason == ingest::CloseReason::kStreamDeleted) return Concat({"the stream ", stream, " was deleted"});
  return "the service is shutting down; subscribe again, from the last offset";
}

}  // namespace

v1::Notice StartedNotice(std::string_view epoch, const ingest::LogBounds& bounds, uint64_t start_offset,
                         const ingest::LogState& state) {
  v1::Notice notice;
  v1::Started& started = *notice.mutable_started();
  started.set_epoch(std::string(epoch));
  started.set_first_offset(bounds.first_offset);
  started.set_next_offset(bounds.next_offset);
  started.set_start_offset(start_offset);
  started.set_state(ToProto(state.state));
  started.set_reason(state.reason);
  return notice;
}

v1::Notice CaughtUpNotice(uint64_t next_offset) {
  v1::Notice notice;
  notice.mutable_caught_up()->set_next_offset(next_offset);
  return notice;
}

v1::Notice GapNotice(const ingest::ReaderGap& gap) {
  v1::Notice notice;
  v1::Gap& out = *notice.mutable_gap();
  out.set_cause(static_cast<v1::Gap::Cause>(gap.cause));
  out.set_first_offset(gap.first_offset);
  out.set_last_offset(gap.last_offset);
  if (gap.start_time) SetTime(*gap.start_time, out.mutable_start_time());
  if (gap.end_time) SetTime(*gap.end_time, out.mutable_end_time());
  out.set_detail(gap.detail);
  return notice;
}

v1::Notice HeartbeatNotice(std::string_view epoch, uint64_t sent_offset, const ingest::LogState& state) {
  v1::Notice notice;
  v1::Heartbeat& heartbeat = *notice.mutable_heartbeat();
  if (sent_offset > 0) {
    heartbeat.mutable_resume_after()->set_epoch(std::string(epoch));
    heartbeat.mutable_resume_after()->set_offset(sent_offset);
  }
  heartbeat.set_state(ToProto(state.state));
  heartbeat.set_reason(state.reason);
  return notice;
}

v1::Notice EndingNotice(ingest::CloseReason reason, std::string_view stream) {
  const bool draining = reason == ingest::CloseReason::kDraining;
  v1::Notice notice;
  v1::Ending& ending = *notice.mutable_ending();
  ending.set_reason(draining ? v1::DRAINING : v1::STREAM_DELETED);
  ending.set_detail(EndingDetail(reason, stream));
  ending.set_retry(draining);
  if (draining) ending.mutable_retry_delay()->set_seconds(kRetryDelay.count() / 1000);
  return notice;
}

absl::Status EndingStatus(ingest::CloseReason reason, std::string_view stream) {
  const std::string detail = EndingDetail(reason, stream);
  if (reason == ingest::CloseReason::kDraining) {
    return MakeError(absl::StatusCode::kUnavailable, detail, {"DRAINING", {}, {}, kRetryDelay});
  }
  return MakeError(absl::StatusCode::kNotFound, detail, {"STREAM_DELETED", {{"stream", std::string(stream)}}, {}, {}});
}

}  // namespace inlet::rpc
