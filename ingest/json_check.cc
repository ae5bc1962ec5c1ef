// Texts with a backslash are left to others, since the walk does not look at escapes.
#include "ingest/json_check.h"

#include <cstring>

#include "ingest/json_walk.h"

namespace inlet::ingest {

static_assert(JsonCheck::kMaxDepth == JsonWalk::kMaxDepth);
static_assert(JsonCheck::kPadding == JsonStructure::kPadding);

bool JsonCheck::IsPlainObject(std::string_view text) {
  if (text.empty() || std::memchr(text.data(), '\\', text.size()) != nullptr || !structure_.Find(text)) return false;
  return JsonWalk(text.data(), structure_.begin(), structure_.end()).IsObject();
}

}  // namespace inlet::ingest
