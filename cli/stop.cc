// The request that a subscription should end, and what has to be woken by it.
#include "cli/stop.h"

#include <utility>

namespace inlet::cli {

void Stop::Request(Reason reason) {
  std::function<void()> cancel;
  {
    const std::lock_guard lock(mutex_);
    if (reason_ == Reason::kNone) reason_ = reason;
    cancel = std::exchange(cancel_, nullptr);
  }
  changed_.notify_all();
  if (cancel) cancel();
}

Stop::Reason Stop::reason() const {
  const std::lock_guard lock(mutex_);
  return reason_;
}

bool Stop::WaitFor(std::chrono::milliseconds duration) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, duration, [this] { return reason_ != Reason::kNone; });
}

void Stop::SetCancel(std::function<void()> cancel) {
  {
    const std::lock_guard lock(mutex_);
    if (reason_ == Reason::kNone) {
      cancel_.swap(cancel);
      return;
    }
  }
  if (cancel) cancel();
}

}  // namespace inlet::cli
