// The seam to time and threads: a loop that owns one thread, with a queue of tasks and timers.
#ifndef INLET_INGEST_LOOP_H_
#define INLET_INGEST_LOOP_H_

#include <chrono>
#include <functional>
#include <memory>

namespace inlet::ingest {

// Time of day, in nanoseconds since 1970 (UTC). May step back.
using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;
// For durations and deadlines. Never steps back.
using SteadyTime = std::chrono::steady_clock::time_point;

// A pending call of Loop::RunAfter. Destroying it (in the loop's thread) cancels the call.
class Timer {
 public:
  virtual ~Timer() = default;
};

class Loop {
 public:
  using Task = std::function<void()>;

  virtual ~Loop() = default;

  // Runs `task` once in the loop's thread, in the order of posting. Any thread; never blocks; never runs the task
  // inline. After the loop has stopped the task is destroyed without being run.
  virtual void Post(Task task) = 0;

  // Runs `task` once, `delay` from now, unless the handle is destroyed first. Loop thread only.
  [[nodiscard]] virtual std::unique_ptr<Timer> RunAfter(std::chrono::nanoseconds delay, Task task) = 0;

  virtual bool InLoopThread() const = 0;

  // The time of day at the beginning of the loop's present turn. Loop thread only.
  virtual WallTime TurnTime() const = 0;

  // As TurnTime, for durations. Loop thread only.
  virtual SteadyTime TurnSteadyTime() const = 0;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_LOOP_H_
