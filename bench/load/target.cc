// Takes a URL apart.
#include "bench/load/target.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace inlet::bench {

bool ParseTarget(const std::string& url, Target* target) {
  target->tls = url.starts_with("wss://");
  const std::string_view scheme = target->tls ? "wss://" : "ws://";
  if (!url.starts_with(scheme)) return false;
  const size_t slash = std::min(url.find('/', scheme.size()), url.size());
  const std::string authority = url.substr(scheme.size(), slash - scheme.size());
  const size_t colon = authority.find(':');
  if (colon == std::string::npos) return false;
  target->host = authority.substr(0, colon);
  target->path = slash < url.size() ? url.substr(slash) : "/";
  const char* end = authority.data() + authority.size();
  return std::from_chars(authority.data() + colon + 1, end, target->port).ptr == end && target->port != 0;
}

}  // namespace inlet::bench
