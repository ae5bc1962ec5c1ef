// The streams by name: found by any thread, written by one.
#include "service/stream_table.h"

#include <algorithm>
#include <iterator>

#include "ingest/error.h"
#include "ingest/nearest.h"
#include "ingest/text.h"

namespace inlet::service {
namespace {

constexpr std::ptrdiff_t kNeighbours = 500;

std::string Clip(std::string_view name) {
  constexpr size_t kLongest = 80;
  return name.size() <= kLongest ? std::string(name) : Concat({name.substr(0, kLongest), "..."});
}

}  // namespace

void StreamTable::Put(const StreamEntryPtr& entry) {
  StreamEntryPtr replaced = entry;  // released without the lock
  const std::lock_guard lock(mutex_);
  std::swap(entries_[entry->definition.name()], replaced);
}

void StreamTable::Erase(std::string_view name) {
  StreamEntryPtr erased;  // released without the lock
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(name);
  if (found == entries_.end()) return;
  erased = std::move(found->second);
  entries_.erase(found);
}

StreamEntryPtr StreamTable::Find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : found->second;
}

std::vector<StreamEntryPtr> StreamTable::ListAfter(std::string_view name, size_t limit) const {
  std::vector<StreamEntryPtr> page;
  const std::lock_guard lock(mutex_);
  for (auto entry = entries_.upper_bound(name); entry != entries_.end() && page.size() < limit; ++entry) {
    page.push_back(entry->second);
  }
  return page;
}

size_t StreamTable::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

absl::Status StreamTable::Unknown(std::string_view name) const {
  std::vector<StreamEntryPtr> neighbours;  // a bounded part of all names: a typing error seldom moves a name far
  {
    const std::lock_guard lock(mutex_);
    auto begin = entries_.lower_bound(name);
    auto end = begin;
    for (std::ptrdiff_t i = 0; i < kNeighbours && begin != entries_.begin(); ++i) --begin;
    for (std::ptrdiff_t i = 0; i < kNeighbours && end != entries_.end(); ++i) ++end;
    std::transform(begin, end, std::back_inserter(neighbours), [](const auto& entry) { return entry.second; });
  }
  std::vector<std::string_view> names;
  names.reserve(neighbours.size());
  for (const StreamEntryPtr& entry : neighbours) names.emplace_back(entry->definition.name());
  const std::string nearest = Nearest(name, names);
  const std::string advice =
      nearest.empty() ? std::string("; ListStreams tells all, CreateStream makes one") : DidYouMean(nearest);
  return MakeError(absl::StatusCode::kNotFound, Concat({"there is no stream \"", Clip(name), "\"", advice}),
                   {"STREAM_UNKNOWN", {{"stream", Clip(name)}, {"nearest", nearest}}, "", {}});
}

}  // namespace inlet::service
