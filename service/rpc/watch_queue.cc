// What one watcher has yet to be told.
#include "service/rpc/watch_queue.h"

namespace inlet::rpc {

bool WatchQueue::NoteChanged(std::string_view name) {
  if (!IsWatched(name)) return false;
  const std::lock_guard lock(mutex_);
  Pending& pending = pending_[std::string(name)];
  const bool is_new = !pending.changed;
  pending.changed = true;
  return is_new;
}

bool WatchQueue::NoteDeleted(std::string_view name) {
  if (!IsWatched(name)) return false;
  const std::lock_guard lock(mutex_);
  const auto told = told_.find(name);
  const auto pending = pending_.find(name);
  const bool is_owed = pending != pending_.end() && pending->second.deleted;  // of one that had this name before
  // Of what the watcher never heard, it needs not hear the end.
  const bool is_news = told != told_.end();
  if (told != told_.end()) told_.erase(told);
  if (pending != pending_.end()) pending_.erase(pending);
  if (is_news || is_owed) pending_[std::string(name)].deleted = true;
  return is_news;
}

std::optional<WatchQueue::News> WatchQueue::Take() {
  const std::lock_guard lock(mutex_);
  const auto first = pending_.begin();
  if (first == pending_.end()) return std::nullopt;
  News news{first->first, first->second.deleted};
  if (news.deleted && first->second.changed) {
    first->second.deleted = false;
    return news;
  }
  if (!news.deleted) told_.insert(news.name);
  pending_.erase(first);
  return news;
}

void WatchQueue::NoteTold(const std::string& name) {
  const std::lock_guard lock(mutex_);
  told_.insert(name);
}

void WatchQueue::Forget(const std::string& name) {
  const std::lock_guard lock(mutex_);
  told_.erase(name);
}

std::optional<std::string> WatchQueue::NextTold(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  if (told_.empty()) return std::nullopt;
  const auto next = told_.upper_bound(name);
  return next == told_.end() ? *told_.begin() : *next;
}

}  // namespace inlet::rpc
