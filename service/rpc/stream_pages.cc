// Lists streams a page at a time.
#include "service/rpc/stream_pages.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/stream_spec_builder.h"

namespace inlet::rpc {
namespace {

constexpr std::string_view kTokenVersion = "after:";

std::string MakeToken(std::string_view last) { return absl::WebSafeBase64Escape(Concat({kTokenVersion, last})); }

// The name of the last stream of the page before; empty for the first page.
absl::StatusOr<std::string> ReadToken(const std::string& token) {
  std::string text;
  if (token.empty()) return text;
  if (absl::WebSafeBase64Unescape(token, &text) && text.starts_with(kTokenVersion)) {
    std::string name = text.substr(kTokenVersion.size());
    if (config::CheckStreamName(name, "page_token").ok()) return name;
  }
  return FieldInvalid(
      "page_token", "page_token is not one of ours: send the nextPageToken of the page before, or none for the first");
}

absl::StatusOr<size_t> PageSize(int32_t asked) {
  if (asked < 0) return FieldInvalid("page_size", "page_size must not be negative: 0 means 100, and 1000 is the most");
  return static_cast<size_t>(asked == 0 ? kDefaultPageSize : std::min(asked, kMaxPageSize));
}

// Bytes that `stream` takes in the response: the tag, the length, and itself.
size_t EncodedSize(const v1::Stream& stream) { return stream.ByteSizeLong() + 6; }

}  // namespace

absl::StatusOr<v1::ListStreamsResponse> ListPage(const v1::ListStreamsRequest& request,
                                                 const service::StreamRegistry& registry, const ShowStream& show) {
  const absl::StatusOr<size_t> page_size = PageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  const absl::StatusOr<std::string> after = ReadToken(request.page_token());
  if (!after.ok()) return after.status();

  const std::vector<service::StreamEntryPtr> entries = registry.ListAfter(*after, *page_size + 1);
  v1::ListStreamsResponse page;
  size_t bytes = 0;
  size_t taken = 0;
  for (; taken < std::min(entries.size(), *page_size); ++taken) {
    v1::Stream stream = show(*entries[taken]);
    bytes += EncodedSize(stream);
    if (taken > 0 && bytes > kMaxPageBytes) break;
    *page.add_streams() = std::move(stream);
  }
  if (taken < entries.size()) page.set_next_page_token(MakeToken(entries[taken - 1]->definition.name()));
  return page;
}

}  // namespace inlet::rpc
