// Lists streams a page at a time.
#include "service/rpc/stream_pages.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace inlet::rpc {
namespace {

// Bytes that `stream` takes in the response: the tag, the length, and itself.
size_t EncodedSize(const v1::Stream& stream) { return stream.ByteSizeLong() + 6; }

bool HasLabels(const service::StreamEntry& entry, const v1::ListStreamsRequest& request) {
  const auto& labels = entry.definition.labels();
  return std::all_of(request.labels().begin(), request.labels().end(), [&labels](const auto& wanted) {
    const auto found = labels.find(wanted.first);
    return found != labels.end() && found->second == wanted.second;
  });
}

bool IsInState(const service::StreamEntry& entry, const v1::ListStreamsRequest& request) {
  if (request.states().empty()) return true;
  const int state = static_cast<int>(entry.stream->log()->state().state);
  return std::find(request.states().begin(), request.states().end(), state) != request.states().end();
}

// The first `limit` that the filters of the request let pass.
std::vector<service::StreamEntryPtr> ListMatching(const v1::ListStreamsRequest& request,
                                                  const service::StreamRegistry& registry, std::string after,
                                                  size_t limit) {
  if (request.states().empty() && request.labels().empty()) return registry.ListAfter(after, limit);
  std::vector<service::StreamEntryPtr> matching;
  while (matching.size() < limit) {
    const std::vector<service::StreamEntryPtr> chunk = registry.ListAfter(after, kMaxPageSize);
    for (const service::StreamEntryPtr& entry : chunk) {
      if (matching.size() < limit && HasLabels(*entry, request) && IsInState(*entry, request)) {
        matching.push_back(entry);
      }
    }
    if (chunk.size() < static_cast<size_t>(kMaxPageSize)) break;
    after = chunk.back()->definition.name();
  }
  return matching;
}

}  // namespace

absl::StatusOr<v1::ListStreamsResponse> ListPage(const v1::ListStreamsRequest& request,
                                                 const service::StreamRegistry& registry, const ShowStream& show) {
  const absl::StatusOr<size_t> page_size = ReadPageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  const absl::StatusOr<std::string> after = ReadPageToken(request.page_token());
  if (!after.ok()) return after.status();

  const std::vector<service::StreamEntryPtr> entries = ListMatching(request, registry, *after, *page_size + 1);
  v1::ListStreamsResponse page;
  size_t bytes = 0;
  size_t taken = 0;
  for (; taken < std::min(entries.size(), *page_size); ++taken) {
    v1::Stream stream = show(*entries[taken]);
    bytes += EncodedSize(stream);
    if (taken > 0 && bytes > kMaxPageBytes) break;
    *page.add_streams() = std::move(stream);
  }
  if (taken < entries.size()) page.set_next_page_token(MakePageToken(entries[taken - 1]->definition.name()));
  return page;
}

}  // namespace inlet::rpc
