// What one subscription sends next: started, then for ever gap, records, caught_up, heartbeat, and at last ending.
#include "service/rpc/subscription.h"

#include <algorithm>
#include <utility>

#include "ingest/text.h"
#include "service/rpc/notices.h"

namespace inlet::rpc {
namespace {

using Outcome = ingest::ReadResult::Outcome;

Step NoticeStep(v1::Notice notice) {
  Step step;
  step.kind = Step::Kind::kNotice;
  step.notice = std::move(notice);
  return step;
}

Step EndStep(absl::Status status) {
  Step step;
  step.kind = Step::Kind::kEnd;
  step.status = std::move(status);
  return step;
}

ingest::LogView LookAt(const SubscribeTarget& target, const ingest::Start& start) {
  const ingest::RecordLog& log = *target.log;
  ingest::LogView view;
  view.epoch = log.epoch();
  view.bounds = log.bounds();
  view.oldest_time = log.OldestTime(log.create_time());
  view.newest_time = log.last_record_time();
  view.log_create_time = log.create_time();
  view.stream_create_time = target.stream_create_time;
  if (const auto* since = std::get_if<ingest::StartSince>(&start)) view.since_offset = log.OffsetSince(since->time);
  return view;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Subscription>> Subscription::Begin(SubscribeOptions options, SubscribeTarget target,
                                                                  ingest::ViewCache& views) {
  std::unique_ptr<Subscription> subscription(new Subscription(std::move(options), std::move(target), views));
  if (absl::Status status = subscription->ResolveStartPoint(); !status.ok()) return status;
  return subscription;
}

absl::Status Subscription::ResolveStartPoint() {
  const ingest::LogView view = LookAt(target_, options_.start);
  absl::StatusOr<ingest::StartPoint> point = ingest::ResolveStart(options_.start, view, options_.fail_when_behind);
  if (!point.ok()) return point.status();
  gap_ = std::move(point->gap);
  start_offset_ = point->offset;
  cursor_ = {start_offset_, 0, 0};
  caught_up_offset_ = view.bounds.next_offset;
  seen_state_ = target_.log->state();
  started_ = StartedNotice(view.epoch, view.bounds, start_offset_, seen_state_);
  return absl::OkStatus();
}

Step Subscription::Next(const std::shared_ptr<ingest::LogReader>& reader) {
  for (;;) {
    if (std::optional<Step> due = Due()) return std::move(*due);
    if (rendered_) return OnDataView(*std::exchange(rendered_, std::nullopt));
    const ingest::ReadResult result = target_.log->ReadOrArm(cursor_, Limits(), reader);
    switch (result.outcome) {
      case Outcome::kRecords:
        return OnRecords(result.batch);
      case Outcome::kEvicted:
        if (std::optional<Step> end = OnEvicted(result)) return std::move(*end);
        break;
      case Outcome::kState:
        seen_state_ = target_.log->state();
        return Heartbeat();
      case Outcome::kClosed:
        return End(result.close_reason);
      case Outcome::kAtEnd:
        return heartbeat_due_ ? Heartbeat() : Step{};
    }
  }
}

std::optional<Step> Subscription::Due() {
  if (started_) return NoticeStep(*std::exchange(started_, std::nullopt));
  if (gap_) return NoticeStep(GapNotice(*std::exchange(gap_, std::nullopt)));
  if (options_.max_records > 0 && sent_records_ >= options_.max_records) return EndStep(absl::OkStatus());
  if (!caught_up_ && cursor_.offset >= caught_up_offset_) {
    caught_up_ = true;
    return NoticeStep(CaughtUpNotice(cursor_.offset));
  }
  if (caught_up_ && options_.stop_when_caught_up) return EndStep(absl::OkStatus());
  return std::nullopt;
}

ingest::ReadLimits Subscription::Limits() const {
  uint64_t records = options_.max_records > 0 ? options_.max_records - sent_records_ : UINT64_MAX;
  if (options_.stop_when_caught_up) records = std::min(records, caught_up_offset_ - cursor_.offset);
  return {options_.max_batch_bytes, records == UINT64_MAX ? 0 : records, seen_state_.version};
}

Step Subscription::OnRecords(const ingest::Batch& batch) {
  if (options_.data_view) return OnDataView(batch);
  Step step;
  step.kind = Step::Kind::kRecords;
  step.owner = batch.chunk;
  step.bytes = batch.entries();
  sent_records_ += batch.next_offset - batch.first_offset;
  cursor_ = batch.Next();
  return step;
}

Step Subscription::OnDataView(ingest::Batch batch) {
  Step step;
  std::optional<ingest::ViewBatch> view = views_.Find(batch, options_.max_batch_bytes);
  if (!view) {
    step.kind = Step::Kind::kRender;
    step.source = batch;
    rendered_ = std::move(batch);
    return step;
  }
  step.kind = Step::Kind::kRecords;
  step.owner = std::move(view->owner);
  step.bytes = view->entries;
  sent_records_ += view->next_offset - batch.first_offset;
  cursor_ = {view->next_offset, batch.chunk->id, view->source_end};
  batch.begin = view->source_end;
  batch.first_offset = view->next_offset;
  rendered_ = batch.begin < batch.end ? std::optional(std::move(batch)) : std::nullopt;
  return step;
}

std::optional<Step> Subscription::OnEvicted(const ingest::ReadResult& result) {
  if (options_.fail_when_behind) return EndStep(ingest::OffsetEvicted(result.missing_first, result.missing_last + 1));
  ingest::ReaderGap gap;
  gap.first_offset = result.missing_first;
  gap.last_offset = result.missing_last;
  gap.detail = Concat({"this reader fell behind: records ", std::to_string(gap.first_offset), " to ",
                       std::to_string(gap.last_offset), " were evicted before it read them"});
  gap_ = std::move(gap);
  return std::nullopt;
}

Step Subscription::Heartbeat() {
  heartbeat_due_ = false;
  const uint64_t sent = cursor_.offset > start_offset_ ? cursor_.offset - 1 : 0;
  return NoticeStep(HeartbeatNotice(target_.log->epoch(), sent, seen_state_));
}

Step Subscription::End(ingest::CloseReason reason) const {
  Step step = EndStep(EndingStatus(reason, target_.stream));
  step.notice = EndingNotice(reason, target_.stream);
  return step;
}

}  // namespace inlet::rpc
