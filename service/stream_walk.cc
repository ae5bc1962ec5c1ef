// A walk over all streams.
#include "service/stream_walk.h"

#include <string>

namespace inlet::service {

void ForEachStream(const NextStreams& next, const std::function<bool(const StreamEntry&)>& visit) {
  constexpr size_t kChunk = 1000;
  std::string after;
  while (true) {
    const std::vector<StreamEntryPtr> chunk = next(after, kChunk);
    for (const StreamEntryPtr& stream : chunk) {
      if (!visit(*stream)) return;
    }
    if (chunk.size() < kChunk) return;
    after = chunk.back()->definition.name();
  }
}

}  // namespace inlet::service
