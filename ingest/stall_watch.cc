// The timer is not moved with each record: when it is due it looks how old the newest is.
#include "ingest/stall_watch.h"

#include <utility>

namespace inlet::ingest {

StallWatch::StallWatch(Loop& loop, std::chrono::nanoseconds timeout, std::function<void()> on_stall)
    : loop_(loop), timeout_(timeout), on_stall_(std::move(on_stall)) {}

void StallWatch::Start() {
  if (timeout_.count() == 0) return Stop();
  since_ = loop_.TurnSteadyTime();
  Arm(timeout_);
}

void StallWatch::Stop() { timer_.reset(); }

void StallWatch::Arm(std::chrono::nanoseconds delay) {
  timer_ = loop_.RunAfter(delay, [this] { OnTimer(); });
}

void StallWatch::OnTimer() {
  const std::chrono::nanoseconds left = timeout_ - (loop_.TurnSteadyTime() - since_);
  if (left.count() > 0) return Arm(left);
  timer_.reset();
  on_stall_();
}

}  // namespace inlet::ingest
