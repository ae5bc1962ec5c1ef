// The request that a subscription should end, and what has to be woken by it.
#include "cli/stop.h"

#include <utility>

namespace inlet::cli {

void Stop::Request() {
  std::function<void()> cancel;
  {
    const std::lock_guard lock(mutex_);
    requested_ = true;
    cancel = std::exchange(cancel_, nullptr);
  }
  changed_.notify_all();
  if (cancel) cancel();
}

bool Stop::requested() const {
  const std::lock_guard lock(mutex_);
  return requested_;
}

bool Stop::WaitFor(std::chrono::milliseconds duration) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, duration, [this] { return requested_; });
}

void Stop::SetCancel(std::function<void()> cancel) {
  {
    const std::lock_guard lock(mutex_);
    if (!requested_) {
      cancel_.swap(cancel);
      return;
    }
  }
  if (cancel) cancel();
}

}  // namespace inlet::cli
