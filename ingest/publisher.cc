// The scratch of a loop: a run of entries that belong to one log.
#include "ingest/publisher.h"

#include <algorithm>

namespace inlet::ingest {

DecodeResult Publisher::Write(const std::shared_ptr<RecordLog>& log, const Message& message,
                              const CompiledSchema* schema) {
  BeginFor(log, message.receive_time);
  DecodeResult result =
      decoder_.Decode(message.text, {message.receive_time, message.connection, {}, message.origin_field}, schema, run_);
  if (run_.size() >= kPublishBytes) Publish();
  return result;
}

void Publisher::WriteGap(const std::shared_ptr<RecordLog>& log, const RecordHeader& header, const SourceGap& gap) {
  BeginFor(log, header.receive_time);
  AppendGapEntry(header, gap, run_);
  if (run_.size() >= kPublishBytes) Publish();
}

void Publisher::BeginFor(const std::shared_ptr<RecordLog>& log, WallTime receive_time) {
  if (log_ != log) {
    Publish();
    log_ = log;
  }
  newest_ = std::max(newest_, receive_time);
}

void Publisher::Publish() {
  if (log_ == nullptr) return;
  log_->Append(run_.view(), newest_);
  run_.Clear();
  if (run_.capacity() > kLargestKeptBytes) run_ = PaddedBuffer();
  log_.reset();
  newest_ = WallTime{};
}

}  // namespace inlet::ingest
