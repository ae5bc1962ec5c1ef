// The limits of the whole service, by name.
#include "ingest/limit_error.h"

#include <chrono>
#include <string>

#include "ingest/error.h"

namespace inlet {

std::string_view LimitName(Limit limit) {
  switch (limit) {
    case Limit::kSubscribers:
      return "grpc.maxSubscribers";
    case Limit::kStreams:
      return "streams.maxStreams";
    case Limit::kWatchers:
      return "watchers";
    case Limit::kChecks:
      return "checks";
    case Limit::kConfKeyBytes:
      return "confKeyBytes";
    case Limit::kWaitingCalls:
      return "waitingCalls";
    case Limit::kWaitingBytes:
      return "waitingBytes";
  }
  return "unknown";
}

absl::Status LimitReached(Limit limit, uint64_t value, std::string_view message) {
  const bool passes = limit != Limit::kStreams && limit != Limit::kConfKeyBytes;
  return MakeError(absl::StatusCode::kResourceExhausted, message,
                   {"LIMIT_REACHED",
                    {{"limit", std::string(LimitName(limit))}, {"value", std::to_string(value)}},
                    "",
                    std::chrono::seconds(passes ? 1 : 0)});
}

}  // namespace inlet
