// The delivery thread. Its queues are bounded by the number of subscribers: each is in them at most once.
#include "service/rpc/delivery.h"

#include <algorithm>
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
    const ingest::SteadyTime due = NextDue();
    const bool is_due = due <= std::chrono::steady_clock::now();
    if (is_due || !woken_.empty() || !renders_.empty()) {
      if (is_due && !timers_.empty() && timers_.begin()->first == due) work.timer = timers_.extract(timers_.begin());
      work.woken.swap(woken_);
      if (!renders_.empty()) {
        work.render = std::move(renders_.front());
        renders_.pop_front();
      }
      return true;
    }
    if (due == ingest::SteadyTime::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, due);
    }
  }
  return false;
}

ingest::SteadyTime Delivery::NextDue() const {
  ingest::SteadyTime due = ingest::SteadyTime::max();
  if (!timers_.empty()) due = timers_.begin()->first;
  if (!paced_.empty()) due = std::min(due, paced_.begin()->first);
  return due;
}

void Delivery::DoWork(Work& work) {
  DoWoken(work.woken);
  DoPaced();
  if (work.render) {
    views_.Render(work.render->source);
    work.render->client->OnRendered();
  }
  if (work.timer) FireTimer(std::move(work.timer));
}

void Delivery::DoWoken(std::vector<std::shared_ptr<ingest::LogReader>>& woken) {
  if (woken.empty()) return;
  const ingest::SteadyTime now = std::chrono::steady_clock::now();
  for (auto& reader : woken) {
    const ingest::SteadyTime due = static_cast<Deliverable&>(*reader).OnWake(now);
    if (due > now) paced_.emplace(due, std::move(reader));
  }
}

void Delivery::DoPaced() {
  if (paced_.empty()) return;
  const ingest::SteadyTime now = std::chrono::steady_clock::now();
  while (!paced_.empty() && paced_.begin()->first <= now) {
    const auto reader = paced_.extract(paced_.begin());
    static_cast<Deliverable&>(*reader.mapped()).OnPace();
  }
}

void Delivery::FireTimer(Timers::node_type timer) {
  const std::shared_ptr<Deliverable> client = timer.mapped().lock();
  if (client == nullptr) return;
  timer.key() = client->OnTimer(std::chrono::steady_clock::now());
  const std::lock_guard lock(mutex_);
  timers_.insert(std::move(timer));
}

}  // namespace inlet::rpc
