// Pages of lists that are ordered by name: how large, and where the next one begins.
#include "service/rpc/page_token.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/names.h"

namespace inlet::rpc {
namespace {

constexpr std::string_view kTokenVersion = "after:";

}  // namespace

std::string MakePageToken(std::string_view last) { return absl::WebSafeBase64Escape(Concat({kTokenVersion, last})); }

absl::StatusOr<std::string> ReadPageToken(const std::string& token) {
  std::string text;
  if (token.empty()) return text;
  if (absl::WebSafeBase64Unescape(token, &text) && text.starts_with(kTokenVersion)) {
    std::string name = text.substr(kTokenVersion.size());
    if (config::IsName(name)) return name;
  }
  return FieldInvalid(
      "page_token", "page_token is not one of ours: send the nextPageToken of the page before, or none for the first");
}

absl::StatusOr<size_t> ReadPageSize(int32_t asked) {
  if (asked < 0) return FieldInvalid("page_size", "page_size must not be negative: 0 means 100, and 1000 is the most");
  return static_cast<size_t>(asked == 0 ? kDefaultPageSize : std::min(asked, kMaxPageSize));
}

}  // namespace inlet::rpc
