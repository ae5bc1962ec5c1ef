// The thread for what may block: changes of streams run here, one at a time, in the order of their arrival.
#include "service/control_thread.h"

#include <limits>
#include <string>
#include <utility>

#include "ingest/limit_error.h"
#include "ingest/text.h"
#include "service/draining.h"

namespace inlet::service {
namespace {

using std::chrono::steady_clock;

absl::Status QueueFull(size_t limit) {
  const std::string value = std::to_string(limit);
  return LimitReached(Limit::kWaitingCalls, limit,
                      Concat({"too many calls that create or delete streams are waiting (the limit is ", value,
                              "): send fewer at a time, or come back in a second"}));
}

}  // namespace

ControlThread::ControlThread(Options options) : options_(std::move(options)), thread_([this] { Run(); }) {}

ControlThread::~ControlThread() { Stop(); }

absl::Status ControlThread::Post(Task task) { return Enqueue(std::move(task), options_.max_tasks); }

absl::Status ControlThread::PostAlways(Task task) {
  return Enqueue(std::move(task), std::numeric_limits<size_t>::max());
}

absl::Status ControlThread::Enqueue(Task task, size_t limit) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return DrainingError();
    if (tasks_.size() >= limit) return QueueFull(limit);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
  return absl::OkStatus();
}

void ControlThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

size_t ControlThread::waiting() const {
  const std::lock_guard lock(mutex_);
  return tasks_.size();
}

void ControlThread::Run() {
  auto next_tick = steady_clock::now() + options_.period;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait_until(lock, next_tick, [this] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty() && stopping_) return;
    Task task;
    if (!tasks_.empty()) {
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    lock.unlock();
    if (task) task();
    task = nullptr;  // what it holds is destroyed without the lock
    if (const auto now = steady_clock::now(); now >= next_tick) {
      if (options_.tick) options_.tick();
      next_tick = now + options_.period;
    }
    lock.lock();
  }
}

}  // namespace inlet::service
