// Streams and queues of the plain service.
#include "bench/naive/hub.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace inlet::bench {
namespace {

constexpr size_t kMostQueued = 10'000;

}  // namespace

void Queue::Push(const Entry& entry) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || entries_.size() < kMostQueued; });
  if (closed_) return;
  entries_.push_back(entry);
  changed_.notify_all();
}

bool Queue::Pop(Entry* entry) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, std::chrono::milliseconds(100), [this] { return !entries_.empty(); })) return false;
  *entry = std::move(entries_.front());
  entries_.pop_front();
  changed_.notify_all();
  return true;
}

void Queue::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

void Stream::Publish(std::string text, uint64_t connection) {
  Entry entry;
  entry.receive_nanos = std::chrono::system_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
  entry.connection = connection;
  entry.text = std::move(text);
  std::vector<std::shared_ptr<Queue>> readers;
  {
    const std::lock_guard lock(mutex);
    entry.offset = next_offset++;
    readers = queues;
  }
  for (const auto& queue : readers) queue->Push(entry);
}

std::shared_ptr<Queue> Stream::Subscribe() {
  const std::lock_guard lock(mutex);
  queues.push_back(std::make_shared<Queue>());
  return queues.back();
}

void Stream::Unsubscribe(const std::shared_ptr<Queue>& queue) {
  queue->Close();
  const std::lock_guard lock(mutex);
  queues.erase(std::find(queues.begin(), queues.end(), queue));
}

bool Hub::Create(const std::string& name, const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (by_name_.contains(name) || by_path_.contains(path)) return false;
  auto stream = std::make_shared<Stream>();
  stream->name = name;
  stream->path = path;
  by_name_[name] = stream;
  by_path_[path] = stream;
  return true;
}

bool Hub::Delete(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return false;
  by_path_.erase(found->second->path);
  by_name_.erase(found);
  return true;
}

std::shared_ptr<Stream> Hub::ByName(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

std::shared_ptr<Stream> Hub::ByPath(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<Stream>> Hub::List(const std::string& after, size_t count) {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Stream>> streams;
  for (auto it = by_name_.upper_bound(after); it != by_name_.end() && streams.size() < count; ++it) {
    streams.push_back(it->second);
  }
  return streams;
}

}  // namespace inlet::bench
