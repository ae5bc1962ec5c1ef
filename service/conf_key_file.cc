// Reads sources/websocket.yaml again while the service runs.
#include "service/conf_key_file.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/error.h"
#include "ingest/listed.h"
#include "ingest/log.h"
#include "ingest/text.h"

namespace inlet::service {
namespace {

// The keys that differ.
std::vector<std::string> Differences(const config::ServerTexts& before, const config::ServerTexts& after) {
  std::vector<std::string> keys;
  for (const auto& [key, text] : before) {
    const auto found = after.find(key);
    if (found == after.end() || found->second != text) keys.push_back(key);
  }
  for (const auto& [key, text] : after) {
    if (!before.contains(key)) keys.push_back(key);
  }
  return keys;
}

uint64_t SecondsNow() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(since_1970).count());
}

}  // namespace

ConfKeyFile::ConfKeyFile(const config::Loaded& loaded, ConfKeyRegistry& registry)
    : file_(*loaded.sources_file), registry_(registry), started_with_(loaded.server_texts), warned_of_(started_with_) {
  counters_.applied_time.Set(SecondsNow());
}

void ConfKeyFile::RetryInUse() {
  if (waits_for_streams_) Reload(false);
}

void ConfKeyFile::Reload(bool asked) {
  waits_for_streams_ = false;
  absl::StatusOr<std::string> text = config::ReadAgain(file_);
  text_hash_ = text.ok() ? std::hash<std::string>()(*text) : 0;
  const absl::StatusOr<config::Loaded> loaded =
      text.ok() ? config::LoadAgain(file_, *std::move(text)) : absl::StatusOr<config::Loaded>(text.status());
  if (!loaded.ok()) {
    registry_.RefuseFile(std::string(loaded.status().message()));
    return NoteRefusal(loaded.status(), asked);
  }
  Apply(*loaded, asked);
  WarnOfServerSettings(loaded->server_texts);
}

void ConfKeyFile::Apply(const config::Loaded& loaded, bool asked) {
  const auto changed = registry_.ReplaceFile(loaded.conf_keys);
  waits_for_streams_ = GetErrorDetail(changed.status()).reason == "CONF_KEY_IN_USE";
  if (!changed.ok()) return NoteRefusal(changed.status(), asked);
  const bool is_news = asked || !changed->sections.empty() || !last_error_.empty();
  last_error_.clear();
  if (!is_news) return;
  counters_.applied.Add();
  counters_.is_refused.Set(0);
  counters_.applied_time.Set(SecondsNow());
  Log(LogLevel::kInfo, "conf_keys_reloaded",
      {{"file", file_.path},
       {"changed", Listed(changed->sections)},
       {"reconnecting", std::to_string(changed->reconnecting.size())}});
}

void ConfKeyFile::NoteRefusal(const absl::Status& error, bool asked) {
  const std::string message(error.message());
  if (!asked && message == last_error_ && text_hash_ == refused_hash_) return;
  last_error_ = message;
  refused_hash_ = text_hash_;
  counters_.refused.Add();
  counters_.is_refused.Set(1);
  Log(LogLevel::kError, "conf_keys_refused",
      {{"file", file_.path}, {"error", message}, {"hint", "what the file said before stays in use"}});
}

void ConfKeyFile::WarnOfServerSettings(const config::ServerTexts& texts) {
  if (texts == warned_of_) return;
  warned_of_ = texts;
  const std::vector<std::string> keys = Differences(started_with_, texts);
  if (keys.empty()) return;
  Log(LogLevel::kWarn, "restart_needed",
      {{"file", file_.path}, {"settings", Listed(keys)}, {"hint", "they hold from the next start of the service"}});
}

}  // namespace inlet::service
