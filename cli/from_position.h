// Where `subscribe` starts: the value of --from.
#ifndef INLET_CLI_FROM_POSITION_H_
#define INLET_CLI_FROM_POSITION_H_

#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/statusor.h"

namespace inlet::cli {

struct FromNext {};
struct FromEarliest {};
// The record with this offset is the first wanted.
struct FromOffset {
  std::string epoch;  // empty: the current one
  uint64_t offset = 1;
};
struct FromLast {
  uint32_t count = 1;
};
struct FromTime {
  google::protobuf::Timestamp time;
};

using FromPosition = std::variant<FromNext, FromEarliest, FromOffset, FromLast, FromTime>;

// `earliest`, `latest` (the next record), `EPOCH:OFFSET`, `OFFSET`, `-10` (so many of the newest records), `-1h30m` (so
// long before `now`), an RFC 3339 time, or a day (its start in UTC). Words in any case. INVALID_ARGUMENT with a
// sentence that says what would be right.
absl::StatusOr<FromPosition> ParseFrom(std::string_view text, std::chrono::system_clock::time_point now);

}  // namespace inlet::cli

#endif  // INLET_CLI_FROM_POSITION_H_
