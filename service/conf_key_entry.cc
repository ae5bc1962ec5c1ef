// The conf keys at one moment: what each says, and where it was written.
#include "service/conf_key_entry.h"

#include <utility>

#include "google/protobuf/util/message_differencer.h"
#include "ingest/text.h"

namespace inlet::service {

std::string ConfKeyEntry::etag() const {
  return Concat({from_api ? "a" : "f", std::to_string(time.time_since_epoch().count()), "-", std::to_string(revision)});
}

ConfKeySnapshot Compose(const ConfKeyLayers& layers) {
  ConfKeySnapshot snapshot;
  snapshot.entries = layers.api;
  snapshot.entries.insert(layers.file.begin(), layers.file.end());  // where there is one, it stays
  for (const auto& [name, entry] : snapshot.entries) {
    static_cast<void>(snapshot.settings.Set(name, entry.settings, entry.where));  // the name was checked
  }
  return snapshot;
}

bool SaysTheSame(const v1::SourceSettings& a, const v1::SourceSettings& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

std::vector<std::string> ChangedSections(const ConfKeyEntries& before, const ConfKeyEntries& after) {
  std::vector<std::string> changed;
  for (const auto& [name, entry] : before) {
    const auto found = after.find(name);
    if (found == after.end() || !SaysTheSame(entry.settings, found->second.settings)) changed.push_back(name);
  }
  for (const auto& [name, entry] : after) {
    if (!before.contains(name)) changed.push_back(name);
  }
  return changed;
}

ConfKeyEntries FileEntries(const config::ConfKeys& file, const ConfKeyEntries& before, ingest::WallTime now) {
  ConfKeyEntries entries;
  for (const std::string_view name : file.Names()) {
    ConfKeyEntry entry{std::string(name), file.Section(name), file.Where(name), false, now};
    const auto found = before.find(name);
    const bool is_same = found != before.end() && SaysTheSame(found->second.settings, entry.settings);
    if (is_same) entry.time = found->second.time;
    entries.emplace(name, std::move(entry));
  }
  return entries;
}

}  // namespace inlet::service
