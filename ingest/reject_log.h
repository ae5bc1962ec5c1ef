// Rejects of one stream: counted by reason, and the newest of them kept in a log of their own.
#ifndef INLET_INGEST_REJECT_LOG_H_
#define INLET_INGEST_REJECT_LOG_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "ingest/decoder.h"
#include "ingest/record_log.h"
#include "ingest/record_writer.h"
#include "ingest/reject.h"

namespace inlet::ingest {

// Its log is made for the first reject or the first reader: a stream without either pays for no log.
class RejectLog {
 public:
  static constexpr uint64_t kKeptBytes = 1U << 20;

  // `records`: the stream's log, whose waker, gauge, time of creation and state the log of the rejects shares.
  explicit RejectLog(std::shared_ptr<const RecordLog> records) : records_(std::move(records)) {}

  // ---- The loop's thread ----

  // Counts all rejects of a message and keeps those that the decoder kept. `header`: of the message.
  void Add(const RecordHeader& header, const DecodeResult& result);
  void Add(const RecordHeader& header, const Reject& reject);
  // After the log of the records was told the same.
  void SetState(SourceState state, std::string_view reason);
  void Close(CloseReason reason);

  // ---- Any thread ----

  // Never null.
  std::shared_ptr<RecordLog> log();
  RejectCounts counts() const;
  int subscribers() const;

 private:
  void Count(RejectReason reason, uint64_t by);
  std::shared_ptr<RecordLog> LogIfMade() const;

  const std::shared_ptr<const RecordLog> records_;
  std::array<std::atomic<uint64_t>, kRejectReasons> counts_{};  // written by the loop alone

  mutable std::mutex mutex_;
  std::shared_ptr<RecordLog> log_;     // guarded by mutex_; null: not needed yet
  std::optional<CloseReason> closed_;  // guarded by mutex_
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_REJECT_LOG_H_
