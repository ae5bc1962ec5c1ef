// Which streams take a conf key, and what they would be with another one.
#include "service/conf_key_users.h"

#include <utility>

#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::service {
namespace {

constexpr std::string_view kDefault = "default";

std::string_view KeyOf(const StreamEntry& stream) {
  const std::string& key = stream.definition.conf_key();
  return key.empty() ? kDefault : std::string_view(key);
}

void AddUser(UsersByKey& users, std::string_view key, const std::string& stream, size_t limit) {
  const auto found = users.find(key);
  if (found != users.end() && found->second.size() < limit) found->second.push_back(stream);
}

absl::Status DoesNotFit(const std::string& stream, const absl::Status& error) {
  constexpr std::string_view kOwn = "stream.settings";
  ErrorDetail detail = GetErrorDetail(error);
  if (detail.field.starts_with(kOwn)) {
    detail.SetField(Concat({"conf_key.settings", std::string_view(detail.field).substr(kOwn.size())}));
  }
  const absl::string_view message = error.message();
  return MakeError(error.code(), Concat({"stream \"", stream, "\" does not fit: ", {message.data(), message.size()}}),
                   detail);
}

bool IsRoleChange(const absl::Status& status) { return GetErrorDetail(status).reason == "ROLE_CHANGE"; }

// Whether it is the change that brings the error, and not the stream that has a fault anyway.
bool IsCaused(const absl::Status& present, const absl::Status& next) {
  return present.ok() || (IsRoleChange(next) && !IsRoleChange(present));
}

}  // namespace

UsersByKey FindUsers(const NextStreams& next, const NameSet& keys, size_t limit) {
  UsersByKey users;
  for (const std::string& key : keys) users[key] = {};
  ForEachStream(next, [&](const StreamEntry& stream) {
    const std::string& name = stream.definition.name();
    const std::string_view key = KeyOf(stream);
    AddUser(users, kDefault, name, limit);
    if (key != kDefault) AddUser(users, key, name, limit);
    return true;
  });
  return users;
}

absl::StatusOr<std::vector<StreamPlan>> PlanUsers(const NextStreams& next, const PlanWithKeys& plan,
                                                  const KeyChange& keys) {
  std::vector<StreamPlan> plans;
  absl::Status status;
  ForEachStream(next, [&](const StreamEntry& stream) {
    if (!keys.changed.contains(kDefault) && !keys.changed.contains(KeyOf(stream))) return true;
    absl::StatusOr<StreamPlan> planned = plan(stream, keys.next);
    if (planned.ok()) {
      plans.push_back(*std::move(planned));
    } else if (IsCaused(plan(stream, keys.present).status(), planned.status())) {
      status = DoesNotFit(stream.definition.name(), planned.status());
    }
    return status.ok();
  });
  if (!status.ok()) return status;
  return plans;
}

}  // namespace inlet::service
