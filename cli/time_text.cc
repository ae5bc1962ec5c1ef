// Times as people read them.
#include "cli/time_text.h"

#include <algorithm>

#include "ingest/text.h"

namespace inlet::cli {

std::string Ago(const google::protobuf::Timestamp& time, std::chrono::system_clock::time_point now) {
  const auto since_1970 = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const int64_t seconds = std::max<int64_t>(0, since_1970 - time.seconds());
  if (seconds < 120) return Concat({std::to_string(seconds), "s ago"});
  if (seconds < 7200) return Concat({std::to_string(seconds / 60), "m ago"});
  if (seconds < 172800) return Concat({std::to_string(seconds / 3600), "h ago"});
  return Concat({std::to_string(seconds / 86400), "d ago"});
}

}  // namespace inlet::cli
