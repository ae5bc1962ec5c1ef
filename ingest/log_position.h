// Where a subscription starts: from what the reader asked for and what the log holds, to an offset and a gap to tell.
#ifndef INLET_INGEST_LOG_POSITION_H_
#define INLET_INGEST_LOG_POSITION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "ingest/record_log.h"

namespace inlet::ingest {

struct StartNext {};  // with the next record
struct StartEarliest {};
struct StartAfter {
  std::string epoch;
  uint64_t offset = 0;
};
struct StartSince {
  WallTime time;
};
struct StartLast {
  uint64_t count = 1;
};
using Start = std::variant<StartNext, StartEarliest, StartAfter, StartSince, StartLast>;

// What a log holds at one moment, as far as a start depends on it.
struct LogView {
  std::string epoch;
  LogBounds bounds;
  WallTime oldest_time;         // receive_time of the oldest record kept; of creation if there is none
  WallTime newest_time;         // receive_time of the newest record ever; 1970 if there was none
  WallTime log_create_time;     // of the log, that is of its epoch
  WallTime stream_create_time;  // of the stream, which may be older than its log
  uint64_t since_offset = 0;    // RecordLog::OffsetSince of StartSince's time
};

// Records that this reader does not get.
struct ReaderGap {
  enum class Cause { kEvicted = 2, kNewEpoch = 3 };  // numbers of the contract
  Cause cause = Cause::kEvicted;
  uint64_t first_offset = 0;  // inclusive; 0: not known
  uint64_t last_offset = 0;
  std::optional<WallTime> start_time;
  std::optional<WallTime> end_time;
  std::string detail;
};

struct StartPoint {
  uint64_t offset = 1;  // the first record to come has this offset or a later one
  std::optional<ReaderGap> gap;
};

// `fail_when_behind`: an evicted start is OUT_OF_RANGE (OFFSET_EVICTED) instead of a gap. An offset that the log has
// not reached yet is OUT_OF_RANGE (OFFSET_AHEAD) either way. A foreign epoch is always a gap, then everything kept.
absl::StatusOr<StartPoint> ResolveStart(const Start& start, const LogView& log, bool fail_when_behind);

// OUT_OF_RANGE (OFFSET_EVICTED) for a reader whose next record was `offset`.
absl::Status OffsetEvicted(uint64_t offset, uint64_t first_offset);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_LOG_POSITION_H_
