// Rejects of one stream: counted by reason, and the newest of them kept in a log of their own.
#include "ingest/reject_log.h"

#include <utility>

namespace inlet::ingest {

void RejectLog::Add(const RecordHeader& header, const DecodeResult& result) {
  if (result.rejects == 0) return;
  for (size_t reason = 0; reason < kRejectReasons; ++reason) {
    if (result.rejects_by_reason[reason] > 0) Count(RejectReason(reason), result.rejects_by_reason[reason]);
  }
  PaddedBuffer run;
  for (const Reject& reject : result.first_rejects) AppendRejectEntry(header, reject, run);
  log()->Append(run.view(), header.receive_time);
}

void RejectLog::Add(const RecordHeader& header, const Reject& reject) {
  Count(reject.reason, 1);
  PaddedBuffer run;
  AppendRejectEntry(header, reject, run);
  log()->Append(run.view(), header.receive_time);
}

void RejectLog::Count(RejectReason reason, uint64_t by) {
  std::atomic<uint64_t>& count = counts_[static_cast<size_t>(reason)];
  count.store(count.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

void RejectLog::SetState(SourceState state, std::string_view reason) {
  if (const auto log = LogIfMade()) log->SetState(state, reason);
}

void RejectLog::Close(CloseReason reason) {
  std::shared_ptr<RecordLog> log;
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) closed_ = reason;
    log = log_;
  }
  if (log) log->Close(reason);
}

std::shared_ptr<RecordLog> RejectLog::log() {
  const std::lock_guard lock(mutex_);
  if (log_) return log_;
  RecordLog::Options options = records_->options();
  options.epoch = NewEpoch();
  options.retention = {};
  options.retention.max_bytes = kKeptBytes;
  log_ = std::make_shared<RecordLog>(std::move(options));
  // Nobody waits at it yet, so nobody is woken while the lock is held.
  const LogState state = records_->state();
  if (state.version > 0) log_->SetState(state.state, state.reason);
  if (closed_) log_->Close(*closed_);
  return log_;
}

std::shared_ptr<RecordLog> RejectLog::LogIfMade() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

RejectCounts RejectLog::counts() const {
  RejectCounts counts{};
  for (size_t reason = 0; reason < kRejectReasons; ++reason) {
    counts[reason] = counts_[reason].load(std::memory_order_relaxed);
  }
  return counts;
}

int RejectLog::subscribers() const {
  const auto log = LogIfMade();
  return log ? log->subscribers() : 0;
}

}  // namespace inlet::ingest
