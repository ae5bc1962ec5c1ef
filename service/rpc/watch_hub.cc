// Who watches streams.
#include "service/rpc/watch_hub.h"

#include <algorithm>
#include <utility>

#include "ingest/limit_error.h"
#include "ingest/text.h"
#include "service/draining.h"
#include "service/rpc/error_mapping.h"
#include "service/rpc/watcher.h"

namespace inlet::rpc {
namespace {

// Answers with an error and nothing else.
class FailedWatch final : public WatchReactor {
 public:
  explicit FailedWatch(const absl::Status& status) { Finish(ToGrpcStatus(status)); }
  void OnDone() override { delete this; }
};

absl::Status TooMany(size_t limit) {
  const std::string value = std::to_string(limit);
  return LimitReached(Limit::kWatchers, limit,
                      Concat({"there are ", value, " WatchStream calls already, the most that are served; end one"}));
}

}  // namespace

WatchReactor* WatchHub::Start(grpc::CallbackServerContext* /*context*/, const v1::WatchStreamRequest& request) {
  const std::string& name = request.name();
  if (!name.empty() && options_.find(name) == nullptr) return new FailedWatch(options_.unknown(name));
  const auto watcher = std::make_shared<Watcher>(name, *this);
  if (absl::Status added = Add(watcher); !added.ok()) return new FailedWatch(added);
  watcher->Begin();
  return watcher.get();
}

absl::Status WatchHub::Add(const std::shared_ptr<Watcher>& watcher) {
  const std::lock_guard lock(mutex_);
  if (closed_) return service::DrainingError();
  if (watchers_.size() >= options_.max_watchers) return TooMany(options_.max_watchers);
  watchers_.push_back(watcher);
  return absl::OkStatus();
}

void WatchHub::Remove(const Watcher& watcher) {
  std::shared_ptr<Watcher> removed;  // destroyed without the lock
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(watchers_.begin(), watchers_.end(),
                                  [&watcher](const auto& candidate) { return candidate.get() == &watcher; });
  if (found == watchers_.end()) return;
  removed = std::move(*found);
  watchers_.erase(found);
}

std::vector<std::shared_ptr<Watcher>> WatchHub::Watchers() const {
  const std::lock_guard lock(mutex_);
  return watchers_;
}

size_t WatchHub::watchers() const {
  const std::lock_guard lock(mutex_);
  return watchers_.size();
}

void WatchHub::OnStreamChanged(const std::string& name) {
  std::vector<std::shared_ptr<ingest::LogReader>> woken;
  for (const auto& watcher : Watchers()) {
    if (watcher->NoteChanged(name)) woken.push_back(watcher);
  }
  if (!woken.empty()) options_.delivery->Wake(std::move(woken));
}

void WatchHub::OnStreamDeleted(std::string_view name) {
  std::vector<std::shared_ptr<ingest::LogReader>> woken;
  for (const auto& watcher : Watchers()) {
    if (watcher->NoteDeleted(name)) woken.push_back(watcher);
  }
  if (!woken.empty()) options_.delivery->Wake(std::move(woken));
}

void WatchHub::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  std::vector<std::shared_ptr<ingest::LogReader>> woken;
  for (const auto& watcher : Watchers()) {
    if (watcher->NoteClose()) woken.push_back(watcher);
  }
  if (!woken.empty()) options_.delivery->Wake(std::move(woken));
}

}  // namespace inlet::rpc
