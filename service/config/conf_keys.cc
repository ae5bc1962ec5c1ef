// The named settings that streams build on, and how they are laid over one another.
#include "service/config/conf_keys.h"

#include <chrono>
#include <utility>

#include "google/protobuf/util/time_util.h"
#include "ingest/error.h"
#include "ingest/nearest.h"
#include "ingest/stream_spec.h"
#include "ingest/text.h"
#include "service/config/names.h"
#include "service/config/settings_check.h"
#include "service/config/settings_reader.h"

namespace inlet::config {
namespace {

constexpr std::string_view kDefault = "default";

absl::Status UnknownConfKey(std::string_view name, absl::StatusCode code, const std::vector<std::string_view>& known) {
  constexpr size_t kMostListed = 8;
  const std::string nearest = Nearest(name, known);
  std::string advice = DidYouMean(nearest);
  if (nearest.empty()) advice = "; the conf keys are the sections of sources/websocket.yaml, and what PutConfKey made";
  if (nearest.empty() && known.size() <= kMostListed) {
    for (const std::string_view key : known) advice += Concat({key == known.front() ? ": " : ", ", key});
  }
  return MakeError(code, Concat({"there is no conf key ", Shown(name), advice}),
                   {"CONF_KEY_UNKNOWN",
                    {{"conf_key", IsName(name) ? std::string(name) : Shown(name)}, {"nearest", nearest}},
                    {},
                    {}});
}

// Layers from the top to the bottom. Each is judged by what the layers above leave visible of it: an empty addr hides a
// full one below, and an error names the layer that the setting was written in.
class SettingsStack {
 public:
  absl::Status PutBelow(const v1::SourceSettings& layer, std::string_view where) {
    v1::SourceSettings visible = layer;
    for (const google::protobuf::FieldDescriptor* field : FieldsSet(merged_)) {
      v1::SourceSettings::GetReflection()->ClearField(&visible, field);
    }
    absl::Status status = CheckSupported(visible, where);
    visible.MergeFrom(merged_);
    merged_ = std::move(visible);
    return status;
  }

  v1::SourceSettings Take() { return std::move(merged_); }

 private:
  v1::SourceSettings merged_;
};

google::protobuf::Duration Duration(std::chrono::milliseconds duration) {
  return google::protobuf::util::TimeUtil::MillisecondsToDuration(duration.count());
}

}  // namespace

v1::SourceSettings BuiltInSettings() {
  v1::SourceSettings settings;
  settings.set_max_message_bytes(ingest::kDefaultMaxMessageBytes);
  settings.set_addr("");
  const ingest::ConnectionSettings connection;
  const ingest::ClientRole client;
  *settings.mutable_ping_interval() = Duration(connection.ping_interval);
  *settings.mutable_idle_timeout() = Duration(connection.idle_timeout);
  *settings.mutable_handshake_timeout() = Duration(client.handshake_timeout);
  *settings.mutable_backoff_initial() = Duration(client.backoff.initial);
  *settings.mutable_backoff_max() = Duration(client.backoff.max);
  return settings;
}

absl::Status CheckConfKeyName(std::string_view name, std::string_view field) {
  // In the environment names have no case.
  const bool is_free = !EqualIgnoringCase(name, "source") && name.find("__") == std::string_view::npos;
  if (IsName(name) && is_free) return absl::OkStatus();
  return FieldInvalid(field, Concat({Shown(name),
                                     " cannot be a conf key: a letter, then at most 62 letters, digits, _ "
                                     "or -, without two _ in a row, and not `source` in any case"}));
}

ConfKeys::ConfKeys() { sections_[std::string(kDefault)].where = "built-in"; }

absl::Status ConfKeys::Set(std::string_view name, v1::SourceSettings settings, std::string where) {
  absl::Status status = CheckConfKeyName(name);
  if (!status.ok()) return AddContext(status, where);
  sections_[std::string(name)] = {std::move(settings), std::move(where)};
  return status;
}

bool ConfKeys::Contains(std::string_view name) const { return sections_.contains(name); }

std::vector<std::string_view> ConfKeys::Names() const {
  std::vector<std::string_view> names;
  names.reserve(sections_.size());
  for (const auto& [name, section] : sections_) names.push_back(name);
  return names;
}

const v1::SourceSettings& ConfKeys::Section(std::string_view name) const {
  return sections_.find(name)->second.settings;
}

const std::string& ConfKeys::Where(std::string_view name) const { return sections_.find(name)->second.where; }

absl::Status ConfKeys::Unknown(std::string_view name, absl::StatusCode code) const {
  return UnknownConfKey(name, code, Names());
}

absl::StatusOr<v1::SourceSettings> ConfKeys::Effective(std::string_view conf_key, const v1::SourceSettings& own,
                                                       std::string_view own_where) const {
  const auto named = sections_.find(conf_key.empty() ? kDefault : conf_key);
  if (named == sections_.end()) return Unknown(conf_key, absl::StatusCode::kInvalidArgument);
  absl::Status values = CheckValues(own, own_where);
  if (!values.ok()) return values;
  SettingsStack stack;
  absl::Status status = stack.PutBelow(own, own_where);
  const auto put_below = [&stack](const auto& section) {
    return stack.PutBelow(section->second.settings, Concat({section->second.where, ": ", section->first}));
  };
  if (status.ok()) status = put_below(named);
  const auto by_default = sections_.find(kDefault);
  if (status.ok() && by_default != named) status = put_below(by_default);
  static const v1::SourceSettings built_in = BuiltInSettings();
  if (status.ok()) status = stack.PutBelow(built_in, "built-in");
  if (!status.ok()) return status;
  return stack.Take();
}

}  // namespace inlet::config
