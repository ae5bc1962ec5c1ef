// Reading a log: who waits for it, what a read is asked for, and what it answers.
#ifndef INLET_INGEST_LOG_READ_H_
#define INLET_INGEST_LOG_READ_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ingest/log_chunk.h"
#include "ingest/source.h"

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

}  // namespace inlet::ingest

#endif  // INLET_INGEST_LOG_READ_H_
