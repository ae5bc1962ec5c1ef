// What one watcher has yet to be told: the streams that have changed, each once, however often it did.
#ifndef INLET_SERVICE_RPC_WATCH_QUEUE_H_
#define INLET_SERVICE_RPC_WATCH_QUEUE_H_

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace inlet::rpc {

// Thread-safe; never blocks for longer than a look into a map. Bounded: it holds names only, of streams that exist, or
// that the watcher was told of and that are gone since.
class WatchQueue {
 public:
  // `only`: the stream that is watched; empty: all.
  explicit WatchQueue(std::string only) : only_(std::move(only)) {}

  struct News {
    std::string name;
    bool deleted = false;  // else it has changed
  };

  // Whether there is something new to tell.
  bool NoteChanged(std::string_view name);
  bool NoteDeleted(std::string_view name);

  // The next thing to tell; a deletion goes before what came after it. Nothing if there is nothing.
  std::optional<News> Take();

  // The watcher is being told of the stream, without Take. To be called before the stream is looked up, so that its end
  // is told afterwards.
  void NoteTold(const std::string& name);
  // It was not there any more when it was looked up.
  void Forget(const std::string& name);

  // The first of the streams told of behind `name` in byte order, or the very first; nothing if there is none.
  std::optional<std::string> NextTold(const std::string& name) const;

 private:
  struct Pending {
    bool deleted = false;
    bool changed = false;
  };
  bool IsWatched(std::string_view name) const { return only_.empty() || only_ == name; }

  const std::string only_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, Pending, std::less<>> pending_;
  std::set<std::string, std::less<>> told_;  // and not of their end
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_WATCH_QUEUE_H_
