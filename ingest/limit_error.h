// Says that a limit of the whole service is reached: one name for each, as clients see it.
#ifndef INLET_INGEST_LIMIT_ERROR_H_
#define INLET_INGEST_LIMIT_ERROR_H_

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"

namespace inlet {

enum class Limit {
  kSubscribers,   // grpc.maxSubscribers
  kStreams,       // streams.maxStreams
  kWatchers,      // WatchStream calls
  kChecks,        // CheckConnection calls
  kConfKeyBytes,  // what PutConfKey keeps
  kWaitingCalls,  // of the control thread, or of ConnectionService: calls that wait for their turn
  kWaitingBytes,  // of the texts of Send calls that wait for their turn
};

// In the metadata `limit` of the error: the key of the setting, or a name of its own where none can change it.
std::string_view LimitName(Limit limit);

// RESOURCE_EXHAUSTED, LIMIT_REACHED. `value`: what the limit is. `message` tells all by itself, that value too. With
// advice to come back in a second, except for kStreams and kConfKeyBytes, where waiting does not help.
absl::Status LimitReached(Limit limit, uint64_t value, std::string_view message);

}  // namespace inlet

#endif  // INLET_INGEST_LIMIT_ERROR_H_
