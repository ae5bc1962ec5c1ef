// The log of one stream: entries back to back in chunks of memory, so that any range of them is a serialized response.
#ifndef INLET_INGEST_RECORD_LOG_H_
#define INLET_INGEST_RECORD_LOG_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "ingest/log_chunk.h"
#include "ingest/log_read.h"
#include "ingest/loop.h"
#include "ingest/source.h"
#include "ingest/stream_spec.h"

namespace inlet::ingest {

// Thread-safe. Offsets are dense from 1. Chunks are freed whole; count and age cut by record.
class RecordLog {
 public:
  struct Options {
    std::string epoch;  // names the log; see NewEpoch
    RetentionLimits retention;
    LogWaker* waker = nullptr;           // outlives the log; null: nobody is ever woken
    std::shared_ptr<MemoryGauge> gauge;  // null: one of its own
    WallTime create_time;
  };

  static constexpr uint32_t kMinChunkBytes = 4U << 10;
  static constexpr uint32_t kMaxChunkBytes = 256U << 10;
  static constexpr uint32_t kOwnChunkBytes = 64U << 10;  // an entry above this has a chunk of its own

  explicit RecordLog(Options options);
  ~RecordLog();
  RecordLog(const RecordLog&) = delete;
  RecordLog& operator=(const RecordLog&) = delete;

  // Takes `run`, whole entries back to back, sets their offsets, evicts what is over the limits, and wakes who waits.
  // `newest`: the largest receive_time in the run. Nothing is taken after Close.
  void Append(std::string_view run, WallTime newest);

  // Evicts what is older than max_age at `now`.
  void Sweep(WallTime now);

  // Evicts what is over these limits, and keeps to them from now on.
  void SetRetention(const RetentionLimits& retention);

  void SetState(SourceState state, std::string_view reason);

  // Frees the records (kStreamDeleted) or keeps them for who is still reading (kDraining). Idempotent; the first reason
  // counts.
  void Close(CloseReason reason);

  // Decides under one lock whether there is something for the reader at `cursor`, else makes `reader` wait: it is woken
  // once, at the next append, change of state, or close. A null `reader` never waits.
  ReadResult ReadOrArm(Cursor& cursor, const ReadLimits& limits, const std::shared_ptr<LogReader>& reader);

  // The reader waits no longer. It may be woken all the same, if that has begun.
  void Disarm(const LogReader& reader);

  // The first record received at or after `time`; the next to come if there is none.
  uint64_t OffsetSince(WallTime time) const;
  // The receive_time of the oldest record kept; of `otherwise` if the log is empty.
  WallTime OldestTime(WallTime otherwise) const;

  // Subscriptions to this log, for its status.
  void CountSubscriber(int by) { subscribers_.fetch_add(by, std::memory_order_relaxed); }
  int subscribers() const { return subscribers_.load(std::memory_order_relaxed); }

  LogBounds bounds() const;
  LogState state() const;
  WallTime last_record_time() const;  // the epoch (1970) before the first record
  const Options& options() const { return options_; }
  const std::string& epoch() const { return options_.epoch; }
  WallTime create_time() const { return options_.create_time; }

 private:
  using Readers = std::vector<std::shared_ptr<LogReader>>;
  using ChunkPtr = std::shared_ptr<LogChunk>;
  // By first_offset. Takes no memory while it is empty, as most logs are.
  using Chunks = absl::btree_map<uint64_t, ChunkPtr>;
  using Dropped = std::vector<ChunkPtr>;

  // All of these expect mutex_ to be held.
  void AppendEntry(std::string_view entry);
  LogChunk& ChunkFor(std::string_view entry);
  uint32_t NewChunkBytes(std::string_view entry) const;
  void DropFront(Dropped& dropped);
  void EvictOverLimits(Dropped& dropped);
  void MoveFirstTo(uint64_t offset, Dropped& dropped);
  const LogChunk& front() const { return *chunks_.begin()->second; }
  LogChunk& back() { return *chunks_.rbegin()->second; }
  const ChunkPtr& FindChunk(uint64_t offset) const;
  uint32_t FindByte(const LogChunk& chunk, uint64_t offset) const;
  Batch MakeBatch(const Cursor& cursor, const ReadLimits& limits) const;
  uint64_t RetainedBytes() const;

  void Wake(Readers readers) const;

  const Options options_;

  std::atomic<int> subscribers_{0};

  mutable std::mutex mutex_;
  // All of these are guarded by mutex_.
  RetentionLimits retention_;
  uint32_t max_chunk_bytes_;
  Chunks chunks_;
  uint64_t first_offset_ = 1;
  uint64_t next_offset_ = 1;
  uint64_t total_bytes_ = 0;      // sizes of all chunks
  uint64_t abandoned_bytes_ = 0;  // left free in all chunks but the last
  uint32_t ordinary_bytes_ = 0;   // size of the last full chunk that is not one record's own
  WallTime newest_{};
  LogState state_;
  bool closed_ = false;
  CloseReason close_reason_ = CloseReason::kStreamDeleted;
  Readers waiting_;
};

// A name for a new log: 12 letters and digits, different each time.
std::string NewEpoch();

}  // namespace inlet::ingest

#endif  // INLET_INGEST_RECORD_LOG_H_
