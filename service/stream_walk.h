// A walk over all streams that holds no lock and no list of them all.
#ifndef INLET_SERVICE_STREAM_WALK_H_
#define INLET_SERVICE_STREAM_WALK_H_

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "service/stream_entry.h"

namespace inlet::service {

// As StreamRegistry::ListAfter.
using NextStreams = std::function<std::vector<StreamEntryPtr>(std::string_view after, size_t limit)>;

// In byte order of their names, until `visit` answers false. A stream that is made or deleted meanwhile may be met or
// not. Any thread, if `next` is.
void ForEachStream(const NextStreams& next, const std::function<bool(const StreamEntry&)>& visit);

}  // namespace inlet::service

#endif  // INLET_SERVICE_STREAM_WALK_H_
