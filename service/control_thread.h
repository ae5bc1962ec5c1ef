// The thread for what may block: changes of streams run here, one at a time, in the order of their arrival.
#ifndef INLET_SERVICE_CONTROL_THREAD_H_
#define INLET_SERVICE_CONTROL_THREAD_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/status/status.h"

namespace inlet::service {

class ControlThread {
 public:
  using Task = std::function<void()>;

  struct Options {
    size_t max_tasks = 1024;                 // waiting; more are refused
    std::chrono::milliseconds period{1000};  // between two runs of `tick`
    Task tick = nullptr;                     // may be empty
  };

  // Starts the thread.
  explicit ControlThread(Options options);
  // As Stop.
  ~ControlThread();
  ControlThread(const ControlThread&) = delete;
  ControlThread& operator=(const ControlThread&) = delete;

  // OK: the task will run, whatever happens. ResourceExhausted (LIMIT_REACHED): too many wait. Unavailable (DRAINING):
  // after Stop. Never blocks; any thread.
  absl::Status Post(Task task);

  // As Post, without the limit: for the service's own tasks.
  absl::Status PostAlways(Task task);

  // Runs what waits, then ends the thread and waits for it. Idempotent; not from a task.
  void Stop();

  // Tasks that have not begun. Any thread.
  size_t waiting() const;

 private:
  absl::Status Enqueue(Task task, size_t limit);
  void Run();

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;  // guarded by mutex_
  bool stopping_ = false;   // guarded by mutex_
  std::thread thread_;
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_CONTROL_THREAD_H_
