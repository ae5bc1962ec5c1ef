// The streams by name: found by any thread, written by one.
#ifndef INLET_SERVICE_STREAM_TABLE_H_
#define INLET_SERVICE_STREAM_TABLE_H_

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "service/stream_entry.h"

namespace inlet::service {

// Thread-safe. Everything but ListAfter takes O(log n).
class StreamTable {
 public:
  // Adds the entry, or puts it in the place of the one of that name.
  void Put(const StreamEntryPtr& entry);
  // No effect if there is none.
  void Erase(std::string_view name);

  // Null if there is none.
  StreamEntryPtr Find(std::string_view name) const;
  // The first `limit` streams behind `name` in byte order; "" is before all.
  std::vector<StreamEntryPtr> ListAfter(std::string_view name, size_t limit) const;
  size_t size() const;
  // STREAM_UNKNOWN (stream, nearest), for a name that no stream has.
  absl::Status Unknown(std::string_view name) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, StreamEntryPtr, std::less<>> entries_;  // guarded by mutex_
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_STREAM_TABLE_H_
