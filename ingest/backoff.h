// How long the client role waits before it dials again.
#ifndef INLET_INGEST_BACKOFF_H_
#define INLET_INGEST_BACKOFF_H_

#include <chrono>
#include <functional>
#include <optional>

#include "ingest/stream_spec.h"

namespace inlet::ingest {

// Exponential with full jitter: a delay lies anywhere between 0 and a ceiling that doubles from `initial` to `max`. Not
// thread-safe; no clock.
class Backoff {
 public:
  // In [0, 1).
  using Random = std::function<double()>;

  // A connection that has lived for so long starts the ceiling anew.
  static constexpr std::chrono::nanoseconds kResetAfter = std::chrono::minutes(1);
  // What a server asks for beyond this is not granted.
  static constexpr std::chrono::nanoseconds kLongestRetryAfter = std::chrono::hours(1);

  Backoff(const BackoffSettings& settings, Random random);

  struct Failure {
    bool can_heal = true;                             // false: the maximum at once, less up to a tenth
    std::optional<std::chrono::seconds> retry_after;  // the server's wish: at least so long
  };
  std::chrono::nanoseconds AfterFailure(const Failure& failure);

  struct Connection {
    std::chrono::nanoseconds life{0};
    bool had_record = false;  // then at least half of `initial`: who gives one and hangs up is not hammered
  };
  std::chrono::nanoseconds AfterConnection(const Connection& connection);

 private:
  std::chrono::nanoseconds Next();

  const std::chrono::nanoseconds initial_;
  const std::chrono::nanoseconds max_;  // not below initial_
  const Random random_;
  std::chrono::nanoseconds ceiling_;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_BACKOFF_H_
