// The log of one stream: entries back to back in chunks of memory, so that any range of them is a serialized response.
#ifndef INLET_INGEST_RECORD_LOG_H_
#define INLET_INGEST_RECORD_LOG_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/loop.h"
#include "ingest/source.h"
#include "ingest/stream_spec.h"

namespace inlet::ingest {

// Somebody who waits for a log to grow. The log holds it only while it waits.
class LogReader {
 public:
  virtual ~LogReader() = default;
};

// Wakes readers whose log has grown, changed its state or closed. Any thread, with no lock of the log held; must not
// block.
class LogWaker {
 public:
  virtual ~LogWaker() = default;
  virtual void Wake(std::vector<std::shared_ptr<LogReader>> readers) = 0;
};

// Bytes of all chunks that exist, those that are evicted but still pinned by a reader's write included.
using MemoryGauge = std::atomic<int64_t>;

// A stretch of memory with entries. What is below the size that a Batch was given never changes.
struct LogChunk {
  LogChunk(uint64_t chunk_id, uint64_t offset, uint32_t capacity_bytes, std::shared_ptr<MemoryGauge> gauge);
  ~LogChunk();
  LogChunk(const LogChunk&) = delete;
  LogChunk& operator=(const LogChunk&) = delete;

  // Where an entry begins, noted every few KiB, so that a look-up walks only so far.
  struct Mark {
    uint64_t offset;
    uint32_t byte;
    WallTime newest;  // running maximum of receive_time before this entry
  };

  const uint64_t id;  // unique in the process
  const uint64_t first_offset;
  const uint32_t capacity;
  const std::unique_ptr<char[]> bytes;  // capacity and 64 more, so that a parser may read past the end

  // Guarded by the log's mutex.
  uint32_t size = 0;
  uint64_t next_offset;
  WallTime newest;  // running maximum of receive_time, up to the end of this chunk
  std::vector<Mark> marks;

 private:
  const std::shared_ptr<MemoryGauge> gauge_;
};

// A place in the log: the next entry to read. The rest is a hint that makes finding it quick; it pins nothing.
struct Cursor {
  uint64_t offset = 1;
  uint64_t chunk_id = 0;
  uint32_t byte = 0;
};

// Whole entries of one chunk, kept alive by `chunk`.
struct Batch {
  std::shared_ptr<const LogChunk> chunk;
  uint32_t begin = 0;  // bytes in the chunk
  uint32_t end = 0;
  uint64_t first_offset = 0;
  uint64_t next_offset = 0;

  std::string_view entries() const { return {chunk->bytes.get() + begin, end - begin}; }
  Cursor Next() const { return {next_offset, chunk->id, end}; }
};

struct LogBounds {
  uint64_t first_offset = 1;  // oldest kept; next_offset if the log is empty
  uint64_t next_offset = 1;
  uint64_t evicted = 0;
  uint64_t retained_bytes = 0;
};

struct LogState {
  SourceState state = SourceState::kListening;
  std::string reason;
  uint64_t version = 0;  // rises with each change
};

enum class CloseReason { kStreamDeleted, kDraining };

struct ReadLimits {
  uint32_t max_bytes = 256U << 10;  // an entry that is larger comes alone
  uint64_t max_records = 0;         // 0: no limit
  uint64_t seen_state = 0;          // LogState::version that the reader knows
};

struct ReadResult {
  enum class Outcome {
    kRecords,  // `batch`; the reader moves on by cursor = batch.Next()
    kEvicted,  // [missing_first, missing_last] are gone; the cursor was moved to the oldest kept
    kState,    // LogState has changed since `seen_state`
    kClosed,   // nothing more will come (kDraining: all that was there has been read)
    kAtEnd,    // `reader` is waiting now
  };
  Outcome outcome = Outcome::kAtEnd;
  Batch batch;
  uint64_t missing_first = 0;
  uint64_t missing_last = 0;
  CloseReason close_reason = CloseReason::kStreamDeleted;
};

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

  LogBounds bounds() const;
  LogState state() const;
  WallTime last_record_time() const;  // the epoch (1970) before the first record
  const std::string& epoch() const { return options_.epoch; }
  WallTime create_time() const { return options_.create_time; }

 private:
  using Readers = std::vector<std::shared_ptr<LogReader>>;
  using Chunks = std::deque<std::shared_ptr<LogChunk>>;

  // All of these expect mutex_ to be held.
  void AppendEntry(std::string_view entry);
  LogChunk& ChunkFor(size_t entry_size);
  void DropFront(Chunks& dropped);
  void EvictOverLimits(Chunks& dropped);
  void MoveFirstTo(uint64_t offset, Chunks& dropped);
  size_t FindChunk(uint64_t offset) const;
  uint32_t FindByte(const LogChunk& chunk, uint64_t offset) const;
  Batch MakeBatch(const Cursor& cursor, const ReadLimits& limits) const;
  uint64_t RetainedBytes() const;

  void Wake(Readers readers);

  const Options options_;
  const uint32_t max_chunk_bytes_;

  mutable std::mutex mutex_;
  Chunks chunks_;
  uint64_t first_offset_ = 1;
  uint64_t next_offset_ = 1;
  uint64_t total_bytes_ = 0;  // sizes of all chunks
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
