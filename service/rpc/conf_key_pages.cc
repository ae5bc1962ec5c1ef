// What the contract shows of conf keys, one and a page of them.
#include "service/rpc/conf_key_pages.h"

#include <string>
#include <utility>
#include <vector>

#include "service/config/redact.h"
#include "service/rpc/convert.h"
#include "service/rpc/page_token.h"

namespace inlet::rpc {
namespace {

using service::ConfKeyEntry;
using service::ConfKeySnapshot;

constexpr size_t kMostUsers = 100;

v1::ConfKey Show(const ConfKeyEntry& entry, const ConfKeySnapshot& snapshot, const service::UsersByKey& users) {
  v1::ConfKey shown;
  shown.set_name(entry.name);
  *shown.mutable_settings() = config::RedactSettings(entry.settings);
  shown.set_layer(entry.from_api ? v1::ConfKey::API : v1::ConfKey::CONFIG_FILE);
  if (entry.from_api) *shown.mutable_update_time() = ToTimestamp(entry.time);
  shown.set_etag(entry.etag());
  if (const auto found = users.find(entry.name); found != users.end()) {
    shown.mutable_streams()->Add(found->second.begin(), found->second.end());
  }
  if (const auto error = snapshot.file_errors.find(entry.name); error != snapshot.file_errors.end()) {
    shown.set_file_error(error->second);
  }
  return shown;
}

// Bytes that it takes in the response: the tag, the length, and itself.
size_t EncodedSize(const v1::ConfKey& key) { return key.ByteSizeLong() + 6; }

}  // namespace

v1::ConfKey ShowConfKey(const ConfKeyEntry& entry, const ConfKeySnapshot& snapshot,
                        const service::NextStreams& next_streams) {
  return Show(entry, snapshot, FindUsers(next_streams, {entry.name}, kMostUsers));
}

absl::StatusOr<v1::ListConfKeysResponse> ListConfKeyPage(const v1::ListConfKeysRequest& request,
                                                         const ConfKeySnapshot& snapshot,
                                                         const service::NextStreams& next_streams) {
  const absl::StatusOr<size_t> page_size = ReadPageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  const absl::StatusOr<std::string> after = ReadPageToken(request.page_token());
  if (!after.ok()) return after.status();

  service::NameSet names;
  auto end = snapshot.entries.upper_bound(*after);
  for (; end != snapshot.entries.end() && names.size() < *page_size; ++end) names.insert(end->first);
  const service::UsersByKey users = FindUsers(next_streams, names, kMostUsers);
  v1::ListConfKeysResponse page;
  size_t bytes = 0;
  auto entry = snapshot.entries.upper_bound(*after);
  for (; entry != end; ++entry) {
    v1::ConfKey shown = Show(entry->second, snapshot, users);
    bytes += EncodedSize(shown);
    if (page.conf_keys_size() > 0 && bytes > kMaxPageBytes) break;
    *page.add_conf_keys() = std::move(shown);
  }
  if (entry != snapshot.entries.end()) page.set_next_page_token(MakePageToken(page.conf_keys().rbegin()->name()));
  return page;
}

}  // namespace inlet::rpc
