// A loop without a thread: a test says when posts run and what time it is.
#ifndef INLET_TESTS_FAKES_FAKE_LOOP_H_
#define INLET_TESTS_FAKES_FAKE_LOOP_H_

#include <deque>
#include <map>
#include <memory>
#include <utility>

#include "ingest/loop.h"

namespace inlet::ingest {

class FakeLoop : public Loop {
 public:
  void Post(Task task) override { posts_.push_back(std::move(task)); }

  std::unique_ptr<Timer> RunAfter(std::chrono::nanoseconds delay, Task task) override {
    const auto place = timers_.emplace(now_ + delay, std::move(task));
    return std::make_unique<FakeTimer>(timers_, place);
  }

  bool InLoopThread() const override { return true; }
  WallTime TurnTime() const override { return now_; }
  SteadyTime TurnSteadyTime() const override { return SteadyTime(now_.time_since_epoch()); }

  // Timers that have not run.
  size_t timers() const { return timers_.size(); }

  void RunPosts() {
    while (!posts_.empty()) {
      const Task task = std::move(posts_.front());
      posts_.pop_front();
      task();
    }
  }

  // Time passes; timers that are due run.
  void Advance(std::chrono::nanoseconds by) {
    now_ += by;
    while (!timers_.empty() && timers_.begin()->first <= now_) {
      const Task task = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
      task();
    }
  }

 private:
  using Timers = std::multimap<WallTime, Task>;

  class FakeTimer : public Timer {
   public:
    FakeTimer(Timers& timers, Timers::iterator place) : timers_(timers), due_(place->first), task_(&place->second) {}
    ~FakeTimer() override {
      for (auto timer = timers_.lower_bound(due_); timer != timers_.upper_bound(due_); ++timer) {
        if (&timer->second != task_) continue;
        timers_.erase(timer);
        return;
      }
    }
    FakeTimer(const FakeTimer&) = delete;
    FakeTimer& operator=(const FakeTimer&) = delete;

   private:
    Timers& timers_;
    const WallTime due_;
    const Task* const task_;
  };

  WallTime now_{std::chrono::seconds(1000)};
  std::deque<Task> posts_;
  Timers timers_;
};

}  // namespace inlet::ingest

#endif  // INLET_TESTS_FAKES_FAKE_LOOP_H_
