// A loop with a thread of its own and no sockets, for tests in which others wait for it.
#ifndef INLET_TESTS_FAKES_THREAD_LOOP_H_
#define INLET_TESTS_FAKES_THREAD_LOOP_H_

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "ingest/loop.h"

namespace inlet::ingest {

// Has no timers: the handle is null, and the task is forgotten.
class ThreadLoop : public Loop {
 public:
  ThreadLoop() : thread_([this] { Run(); }) {}
  ~ThreadLoop() override { Stop(); }
  ThreadLoop(const ThreadLoop&) = delete;
  ThreadLoop& operator=(const ThreadLoop&) = delete;

  // Runs what was posted, then joins. Idempotent.
  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

  void Post(Task task) override {
    {
      const std::lock_guard lock(mutex_);
      if (ended_) return;  // the task is destroyed by the caller's frame, without the lock
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
  }

  std::unique_ptr<Timer> RunAfter(std::chrono::nanoseconds /*delay*/, Task /*task*/) override { return nullptr; }
  bool InLoopThread() const override { return std::this_thread::get_id() == thread_.get_id(); }
  WallTime TurnTime() const override { return WallTime(std::chrono::seconds(1'700'000'000)); }
  SteadyTime TurnSteadyTime() const override { return std::chrono::steady_clock::now(); }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (tasks_.empty()) break;
      Task task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
    }
    ended_ = true;
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool stopping_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace inlet::ingest

#endif  // INLET_TESTS_FAKES_THREAD_LOOP_H_
