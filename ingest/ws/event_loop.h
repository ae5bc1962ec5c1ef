// The loop of the data plane: libev on a thread of its own, with posts, timers and publishing once a turn.
#ifndef INLET_INGEST_WS_EVENT_LOOP_H_
#define INLET_INGEST_WS_EVENT_LOOP_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/loop.h"

struct ev_loop;

namespace inlet::ws {

// Start and Stop by the thread that owns it; Post, Call and posts_pending by any; the rest by the loop's thread.
class EventLoop final : public ingest::Loop {
 public:
  struct Options {
    // Called in the loop's thread before and after it polls, by Publish, and once at the end: gives what a turn
    // appended to its readers. May be empty.
    std::function<void()> publish;
  };

  // Internal: the kernel gives no epoll. Nothing runs before Start.
  static absl::StatusOr<std::unique_ptr<EventLoop>> Create(Options options);

  // Stops first. Timers must have been destroyed.
  ~EventLoop() override;
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Once. What was posted before runs first. The thread takes no signals.
  void Start();

  // Runs what was posted until now, then the AtExit tasks, joins the thread. Idempotent; not in the loop's thread.
  void Stop();

  // Posts `task` and waits for its result. Not in the loop's thread (it would wait for itself), and not before Start.
  // Unavailable: the loop has stopped, and the task did not run.
  absl::Status Call(std::function<absl::Status()> task);

  void Post(Task task) override;
  [[nodiscard]] std::unique_ptr<ingest::Timer> RunAfter(std::chrono::nanoseconds delay, Task task) override;
  bool InLoopThread() const override;
  ingest::WallTime TurnTime() const override { return turn_time_; }
  ingest::SteadyTime TurnSteadyTime() const override { return turn_steady_time_; }

  // Gives readers what the turn has appended until now: for who is to tell a peer that it is done with its messages.
  void Publish() const {
    if (options_.publish) options_.publish();
  }

  // Posts that have not begun to run.
  size_t posts_pending() const;

  // Runs `task` in the loop's thread when the loop ends, the last one first: the place to free what lives on the loop.
  void AtExit(Task task);

  // For this folder alone.
  struct ev_loop* handle() const {
    return loop_;
  }

 private:
  struct Watchers;

  EventLoop(Options options, struct ev_loop* loop);
  void Run();
  void BeginTurn();
  // False: there were none.
  bool RunPosts();
  void RunExitTasks();

  const Options options_;
  struct ev_loop* const loop_;
  std::unique_ptr<Watchers> watchers_;
  std::thread thread_;
  ingest::WallTime turn_time_{};
  ingest::SteadyTime turn_steady_time_{};
  bool ending_ = false;
  std::vector<Task> exit_tasks_;

  mutable std::mutex mutex_;
  std::vector<Task> posts_;  // guarded by mutex_
  bool stopped_ = false;     // guarded by mutex_: no post will run any more
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_EVENT_LOOP_H_
