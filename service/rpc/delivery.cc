// The delivery thread. Its queues are bounded by the number of subscribers: each is in them at most once.
#include "service/rpc/delivery.h"

#include <utility>

namespace inlet::rpc {

Delivery::~Delivery() { Stop(); }

void Delivery::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Delivery::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Delivery::Wake(std::vector<std::shared_ptr<ingest::LogReader>> readers) {
  {
    const std::lock_guard lock(mutex_);
    if (woken_.empty()) {
      woken_ = std::move(readers);
    } else {
      woken_.insert(woken_.end(), std::make_move_iterator(readers.begin()), std::make_move_iterator(readers.end()));
    }
  }
  changed_.notify_one();
}

void Delivery::Render(std::shared_ptr<Deliverable> client, ingest::Batch source) {
  {
    const std::lock_guard lock(mutex_);
    renders_.push_back({std::move(client), std::move(source)});
  }
  changed_.notify_one();
}

void Delivery::StartTimer(const std::shared_ptr<Deliverable>& client, ingest::SteadyTime first) {
  bool is_next = false;
  {
    const std::lock_guard lock(mutex_);
    const auto timer = timers_.emplace(first, client);
    is_next = timer == timers_.begin();
  }
  if (is_next) changed_.notify_one();
}

void Delivery::Run() {
  for (Work work; TakeWork(work); work = {}) DoWork(work);
}

bool Delivery::TakeWork(Work& work) {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (!timers_.empty() && timers_.begin()->first <= std::chrono::steady_clock::now()) {
      work.timer = timers_.extract(timers_.begin());
    }
    if (work.timer || !woken_.empty() || !renders_.empty()) {
      work.woken.swap(woken_);
      work.renders.swap(renders_);
      return true;
    }
    if (timers_.empty()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, ingest::SteadyTime(timers_.begin()->first));
    }
  }
  return false;
}

void Delivery::DoWork(Work& work) {
  for (const auto& reader : work.woken) static_cast<Deliverable&>(*reader).OnWake();
  for (const RenderJob& job : work.renders) {
    views_.Render(job.source);
    job.client->OnRendered();
  }
  if (work.timer) FireTimer(std::move(work.timer));
}

void Delivery::FireTimer(Timers::node_type timer) {
  const std::shared_ptr<Deliverable> client = timer.mapped().lock();
  if (client == nullptr) return;
  timer.key() = client->OnTimer(std::chrono::steady_clock::now());
  const std::lock_guard lock(mutex_);
  timers_.insert(std::move(timer));
}

}  // namespace inlet::rpc
