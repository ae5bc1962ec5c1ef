// Finds out that a stream has had no record for too long.
#ifndef INLET_INGEST_STALL_WATCH_H_
#define INLET_INGEST_STALL_WATCH_H_

#include <chrono>
#include <functional>
#include <memory>

#include "ingest/loop.h"

namespace inlet::ingest {

// Loop thread only. A record costs a look at the turn's time; one timer runs, however many records come.
class StallWatch {
 public:
  // `on_stall` is called once for each time-out, and may call any of these. A `timeout` of 0 never passes.
  StallWatch(Loop& loop, std::chrono::nanoseconds timeout, std::function<void()> on_stall);

  // For the next Start.
  void SetTimeout(std::chrono::nanoseconds timeout) { timeout_ = timeout; }
  // The time counts from now.
  void Start();
  void Stop();
  // Between Start and the time-out: the time counts anew.
  void OnRecord() {
    if (timer_) since_ = loop_.TurnSteadyTime();
  }

 private:
  void Arm(std::chrono::nanoseconds delay);
  void OnTimer();

  Loop& loop_;
  std::chrono::nanoseconds timeout_;
  const std::function<void()> on_stall_;
  SteadyTime since_{};
  std::unique_ptr<Timer> timer_;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_STALL_WATCH_H_
