// What a stream is, as plain values: made once from the configuration, then const.
#ifndef INLET_INGEST_STREAM_SPEC_H_
#define INLET_INGEST_STREAM_SPEC_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

namespace inlet::ingest {

inline constexpr uint32_t kDefaultMaxMessageBytes = 1U << 20;
inline constexpr uint32_t kLargestMaxMessageBytes = 3U
                                                    << 20;  // a record must fit in the 4 MiB of a default gRPC client

// Remote clients connect to a path of Inlet's own server.
struct ServerRole {
  // Begins with "/". A segment that is {name} matches any one non-empty segment.
  std::string path;
};

// What a log keeps. The first limit reached evicts.
struct RetentionLimits {
  uint64_t max_bytes = 64ULL << 20;
  uint64_t max_records = 0;             // 0: no such limit
  std::chrono::nanoseconds max_age{0};  // 0: no such limit
};

struct StreamSpec {
  std::string name;
  std::variant<ServerRole> role;  // the client role will be the second alternative
  uint32_t max_message_bytes = kDefaultMaxMessageBytes;
  RetentionLimits retention;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_STREAM_SPEC_H_
