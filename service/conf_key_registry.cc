// The conf keys: changes them together with the streams that take them.
#include "service/conf_key_registry.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "ingest/error.h"
#include "ingest/limit_error.h"
#include "ingest/listed.h"
#include "ingest/text.h"
#include "service/conf_key_check.h"
#include "service/config/names.h"

namespace inlet::service {
namespace {

constexpr size_t kUsersInError = 10;

ingest::WallTime Now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

absl::Status CheckEtag(const ConfKeyEntries& entries, const std::string& name, std::string_view etag) {
  const auto found = entries.find(name);
  const std::string present = found == entries.end() ? std::string() : found->second.etag();
  if (etag.empty() || etag == present) return absl::OkStatus();
  const std::string_view what = present.empty() ? " is not there any more" : " has been changed by somebody else";
  return MakeError(absl::StatusCode::kAborted,
                   Concat({"conf key ", config::Shown(name), what, ": get it again, and decide again"}),
                   {"ETAG_MISMATCH", {{"etag", present}}, "", {}});
}

ConfKeyEntry ApiEntry(const std::string& name, v1::SourceSettings settings, uint64_t revision) {
  return {name, std::move(settings), "PutConfKey", true, Now(), revision};
}

absl::Status ReadOnly(const std::string& name) {
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   Concat({"conf key ", config::Shown(name),
                           " comes from sources/websocket.yaml, or from the environment: take it away there"}),
                   {"CONF_KEY_READ_ONLY", {}, "", {}});
}

}  // namespace

ConfKeyRegistry::ConfKeyRegistry(const config::ConfKeys& file, Options options) : options_(std::move(options)) {
  layers_.file = FileEntries(file, {}, Now());
  Publish();
}

void ConfKeyRegistry::Restore(const std::vector<StoredConfKey>& stored) {
  for (const StoredConfKey& key : stored) {
    if (!config::CheckConfKeyName(key.name).ok()) continue;
    layers_.api[key.name] = {key.name, key.settings, "PutConfKey", true, key.update_time, key.revision};
  }
  Publish();
}

absl::StatusOr<ConfKeyRegistry::Changed> ConfKeyRegistry::Put(const std::string& name, v1::SourceSettings settings,
                                                              std::string_view etag, bool validate_only) {
  const ConfKeySnapshotPtr present = snapshot();
  absl::Status status = config::CheckConfKeyName(name, "conf_key.name");
  if (status.ok()) status = CheckEtag(present->entries, name, etag);
  if (!status.ok()) return status;
  const auto old = present->entries.find(name);
  const v1::SourceSettings& kept = old == present->entries.end() ? v1::SourceSettings() : old->second.settings;
  if (status = AcceptSettings(kept, {options_.secrets, options_.allow_proxy}, settings); !status.ok()) return status;
  const auto own = layers_.api.find(name);
  if (own != layers_.api.end() && SaysTheSame(own->second.settings, settings)) return Changed{own->second, {}, {}};

  ConfKeyLayers next = layers_;
  ConfKeyEntry entry = ApiEntry(name, std::move(settings), own == layers_.api.end() ? 1 : own->second.revision + 1);
  next.api[name] = entry;
  if (status = CheckRoom(next); !status.ok()) return status;
  const Commit persist = [&] { return WriteToStore(name, next); };
  auto reconnecting = Change(next, {name}, validate_only ? nullptr : persist);
  if (!reconnecting.ok()) return reconnecting.status();
  return Changed{std::move(entry), {}, *std::move(reconnecting)};
}

absl::Status ConfKeyRegistry::Delete(const std::string& name, std::string_view etag) {
  const ConfKeySnapshotPtr present = snapshot();
  if (!present->entries.contains(name)) return present->settings.Unknown(name, absl::StatusCode::kNotFound);
  if (absl::Status status = CheckEtag(present->entries, name, etag); !status.ok()) return status;
  if (!layers_.api.contains(name)) return ReadOnly(name);
  ConfKeyLayers next = layers_;
  next.api.erase(name);
  if (!next.file.contains(name)) {
    if (absl::Status free = CheckNotInUse(name, ""); !free.ok()) return free;
  }
  absl::Status status = Change(next, {name}, [&] { return WriteToStore(name, next); }).status();
  if (status.ok() || absl::IsUnavailable(status)) return status;
  const absl::string_view message = status.message();
  absl::Status in_use = CheckNotInUse(name, {message.data(), message.size()});
  return in_use.ok() ? status : in_use;
}

absl::StatusOr<ConfKeyRegistry::Changed> ConfKeyRegistry::ReplaceFile(const config::ConfKeys& file) {
  ConfKeyLayers next{FileEntries(file, layers_.file, Now()), layers_.api};
  Changed changed{{}, ChangedSections(layers_.file, next.file), {}};
  NameSet visible;
  absl::Status status;
  for (const std::string& name : changed.sections) {
    if (next.api.contains(name)) continue;
    visible.insert(name);
    if (status.ok() && !next.file.contains(name)) status = CheckNotInUse(name, "the file has no such section any more");
  }
  if (status.ok()) {
    auto reconnecting = Change(std::move(next), visible, [] { return absl::OkStatus(); });
    status = reconnecting.status();
    if (status.ok()) changed.reconnecting = *std::move(reconnecting);
  }
  if (!status.ok()) {
    SetFileErrors(changed.sections, std::string(status.message()));
    return status;
  }
  SetFileErrors({}, "");
  return changed;
}

void ConfKeyRegistry::RefuseFile(std::string_view why) {
  std::vector<std::string> sections;
  for (const auto& [name, entry] : layers_.file) sections.push_back(name);
  SetFileErrors(sections, why);
}

ConfKeySnapshotPtr ConfKeyRegistry::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

absl::StatusOr<std::vector<std::string>> ConfKeyRegistry::Change(ConfKeyLayers next, const NameSet& changed,
                                                                 const Commit& persist) {
  const ConfKeySnapshot candidate = Compose(next);
  const ConfKeySnapshotPtr present = snapshot();
  auto plans = PlanUsers(options_.next_streams, options_.plan, {changed, present->settings, candidate.settings});
  if (!plans.ok()) return plans.status();
  if (!persist) return options_.apply(*std::move(plans), nullptr);
  return options_.apply(*std::move(plans), [&] {
    absl::Status persisted = persist();
    if (!persisted.ok()) return persisted;
    layers_ = std::move(next);
    Publish();
    return persisted;
  });
}

absl::Status ConfKeyRegistry::CheckRoom(const ConfKeyLayers& layers) const {
  size_t bytes = 0;
  for (const auto& [name, entry] : layers.api) bytes += kKeyBytes + entry.settings.ByteSizeLong();
  if (bytes <= options_.max_bytes) return absl::OkStatus();
  return LimitReached(Limit::kConfKeyBytes, options_.max_bytes,
                      Concat({"the conf keys that were put would take more than ", std::to_string(options_.max_bytes),
                              " bytes together: delete some first"}));
}

absl::Status ConfKeyRegistry::CheckNotInUse(const std::string& name, std::string_view why) const {
  const UsersByKey users = FindUsers(options_.next_streams, {name}, kUsersInError);
  const std::vector<std::string>& streams = users.find(name)->second;
  if (streams.empty()) return absl::OkStatus();
  const std::string listed = Concat({Listed(streams), streams.size() == kUsersInError ? ", ..." : ""});
  const std::string_view colon = why.empty() ? "" : ": ";
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   Concat({"conf key ", config::Shown(name), " is in use by ", listed, colon, why}),
                   {"CONF_KEY_IN_USE", {{"streams", listed}}, "", {}});
}

absl::Status ConfKeyRegistry::WriteToStore(const std::string& name, const ConfKeyLayers& layers) const {
  if (options_.store == nullptr) return absl::OkStatus();
  const auto found = layers.api.find(name);
  if (found == layers.api.end()) return options_.store->DeleteConfKey(name);
  const ConfKeyEntry& entry = found->second;
  return options_.store->PutConfKey({name, entry.settings, entry.time, entry.revision});
}

// What held before is freed without the lock.
void ConfKeyRegistry::Publish() {
  auto composed = std::make_shared<ConfKeySnapshot>(Compose(layers_));
  composed->file_errors = file_errors_;
  ConfKeySnapshotPtr snapshot = std::move(composed);
  const std::lock_guard lock(mutex_);
  snapshot_.swap(snapshot);
}

void ConfKeyRegistry::SetFileErrors(const std::vector<std::string>& sections, std::string_view why) {
  file_errors_.clear();
  for (const std::string& name : sections) file_errors_[name] = why;
  Publish();
}

}  // namespace inlet::service
