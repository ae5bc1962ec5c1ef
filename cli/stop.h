// The request that a subscription should end, and what has to be woken by it.
#ifndef INLET_CLI_STOP_H_
#define INLET_CLI_STOP_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace inlet::cli {

// Thread-safe.
class Stop {
 public:
  enum class Reason { kNone, kSignal, kOutputClosed };

  // Ends the wait and cancels the call in progress. The first reason stays.
  void Request(Reason reason);
  bool requested() const { return reason() != Reason::kNone; }
  Reason reason() const;

  // True as soon as a stop is requested, false after `duration`.
  bool WaitFor(std::chrono::milliseconds duration) const;

  // `cancel` is called once when a stop is requested, on the thread that requests it or, if it was before, now. It may
  // run until SetCancel is called again, and just after; so it holds what it needs.
  void SetCancel(std::function<void()> cancel);

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Reason reason_ = Reason::kNone;
  std::function<void()> cancel_;
};

}  // namespace inlet::cli

#endif  // INLET_CLI_STOP_H_
