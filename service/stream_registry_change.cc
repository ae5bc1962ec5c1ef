// The streams by name: changes them, pauses them, and lets them go on.
#include <algorithm>
#include <chrono>
#include <utility>

#include "google/protobuf/util/message_differencer.h"
#include "ingest/error.h"
#include "ingest/log.h"
#include "ingest/spec_change.h"
#include "ingest/text.h"
#include "service/config/input_fields.h"
#include "service/definition_diff.h"
#include "service/draining.h"
#include "service/loop_call.h"
#include "service/stream_registry.h"

namespace inlet::service {
namespace {

// So many streams change in one turn of the loop, which has messages to read between.
constexpr size_t kChangesPerTurn = 64;
constexpr std::string_view kChanged = "the definition of the stream has changed";

ingest::WallTime Now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

std::string Named(std::string_view name) { return Concat({"stream \"", name, "\""}); }

std::string_view RoleName(v1::Stream::Role role) { return role == v1::Stream::CLIENT ? "client" : "server"; }

absl::Status CheckRole(const StreamEntry& entry, const StreamPlan& plan) {
  const v1::Stream::Role before = entry.definition.role();
  const v1::Stream::Role after = plan.definition.role();
  if (before == after || before == v1::Stream::ROLE_UNSPECIFIED) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kFailedPrecondition,
      Concat({Named(plan.spec.name), " has the ", RoleName(before), " role and would get the ", RoleName(after),
              " role (addr, or a URL as datasource, decides): delete it and create it again"}),
      {"ROLE_CHANGE", {}, "", {}});
}

bool IsSameDefinition(const v1::Stream& one, const v1::Stream& other) {
  return google::protobuf::util::MessageDifferencer::Equals(config::InputFieldsOf(one), config::InputFieldsOf(other));
}

}  // namespace

absl::StatusOr<StreamEntryPtr> StreamRegistry::Lookup(std::string_view name) const {
  if (draining_) return DrainingError();
  return Get(name);
}

absl::StatusOr<StreamRegistry::Judged> StreamRegistry::Judge(const StreamPlan& plan) const {
  absl::StatusOr<StreamEntryPtr> before = Lookup(plan.spec.name);
  if (!before.ok()) return before.status();
  if (absl::Status role = CheckRole(**before, plan); !role.ok()) return role;
  absl::StatusOr<SecretLease> secrets = HoldSecretsOf(plan.spec);
  if (!secrets.ok()) return secrets.status();
  StreamEntry after = **before;
  after.definition = plan.definition;
  after.shown = plan.shown;
  after.secrets = *std::move(secrets);
  return Judged{*std::move(before), std::move(after), std::make_shared<const ingest::StreamSpec>(plan.spec)};
}

absl::Status StreamRegistry::CheckPlaces(const std::vector<Judged>& changes) const {
  std::vector<std::shared_ptr<const ingest::StreamSpec>> specs;
  for (const Judged& change : changes) {
    if (!change.before->paused) specs.push_back(change.spec);
  }
  return OnLoop([&] { return options_.sources->CheckChanges(specs); });
}

absl::StatusOr<StreamEntryPtr> StreamRegistry::Change(const StreamPlan& plan, const ChangeOptions& options) {
  absl::StatusOr<Judged> change = Judge(plan);
  if (!change.ok()) return change.status();
  absl::Status status = CheckChangeable(*change->before);
  if (status.ok()) status = CheckEtag(*change->before, options.etag);
  if (status.ok()) status = CheckPlaces({*change});
  if (!status.ok()) return status;
  StreamEntry& after = change->after;
  const bool is_same = IsSameDefinition(change->before->definition, after.definition);
  if (!options.validate_only && is_same) return change->before;
  if (is_same) {
    after.definition.set_sql(change->before->definition.sql());
    after.shown.set_sql(change->before->shown.sql());
  }
  if (options.validate_only) {
    after.stream = nullptr;
    return std::make_shared<const StreamEntry>(std::move(after));
  }
  ++after.revision;
  after.update_time = Now();
  if (status = store_.PutStream(ToStored(after)); !status.ok()) return status;
  Apply({*change});
  return Get(plan.spec.name);
}

absl::StatusOr<std::vector<std::string>> StreamRegistry::ChangeSeveral(const std::vector<StreamPlan>& plans,
                                                                       const SeveralOptions& options) {
  std::vector<Judged> changes;
  std::vector<std::string> reconnecting;
  for (const StreamPlan& plan : plans) {
    absl::StatusOr<Judged> change = Judge(plan);
    if (!change.ok()) return AddContext(change.status(), Named(plan.spec.name));
    change->after.definition.set_sql(change->before->definition.sql());
    change->after.shown.set_sql(change->before->shown.sql());
    const auto effect = ingest::EffectOf(*change->before->stream->spec(), *change->spec);
    const bool is_open = !change->before->paused && !failed_.contains(plan.spec.name);
    if (is_open && effect == ingest::ChangeEffect::kReconnect) reconnecting.push_back(plan.spec.name);
    changes.push_back(*std::move(change));
  }
  absl::Status status = CheckPlaces(changes);
  if (status.ok() && !options.validate_only && options.commit) status = options.commit();
  if (!status.ok()) return status;
  if (!options.validate_only) Apply(changes);
  std::sort(reconnecting.begin(), reconnecting.end());
  return reconnecting;
}

// What was judged cannot fail any more, except for a stream that is FAILED.
void StreamRegistry::Apply(const std::vector<Judged>& changes) {
  for (size_t begin = 0; begin < changes.size(); begin += kChangesPerTurn) {
    const size_t end = std::min(begin + kChangesPerTurn, changes.size());
    RunOnLoop(*options_.loop, [&] {
      for (size_t i = begin; i < end; ++i) changes[i].before->stream->Change(changes[i].spec, kChanged);
    });
    std::vector<std::string> failed;
    for (size_t i = begin; i < end; ++i) {
      Replace(std::make_shared<const StreamEntry>(changes[i].after), "stream_changed");
      const std::string& name = changes[i].spec->name;
      if (failed_.contains(name)) failed.push_back(name);
    }
    RetryNow(failed);
  }
}

void StreamRegistry::Replace(const StreamEntryPtr& entry, std::string_view event) {
  const std::string& name = entry->definition.name();
  NoteAge(*entry);
  table_.Put(entry);
  Log(LogLevel::kInfo, event, {{"stream", name}, {"etag", EtagOf(*entry)}});
  if (options_.observer != nullptr) options_.observer->OnStreamChanged(name);
}

absl::StatusOr<StreamEntryPtr> StreamRegistry::Pause(std::string_view name) {
  absl::StatusOr<StreamEntryPtr> entry = Lookup(name);
  if (!entry.ok() || (*entry)->paused) return entry;
  if (absl::Status changeable = CheckChangeable(**entry); !changeable.ok()) return changeable;
  StreamEntry after = **entry;
  after.paused = true;
  if (absl::Status kept = store_.PutStream(ToStored(after)); !kept.ok()) return kept;
  RunOnLoop(*options_.loop, [&] { after.stream->Pause(); });
  if (const auto failed = failed_.find(name); failed != failed_.end()) failed_.erase(failed);
  Replace(std::make_shared<const StreamEntry>(std::move(after)), "stream_paused");
  return Get(name);
}

absl::StatusOr<StreamEntryPtr> StreamRegistry::Resume(std::string_view name) {
  absl::StatusOr<StreamEntryPtr> entry = Lookup(name);
  if (!entry.ok() || !(*entry)->paused) return entry;
  Attempt attempt;
  attempt.entry = **entry;
  attempt.entry.paused = false;
  Prepare(attempt);
  if (attempt.status.ok()) attempt.status = OnLoop([&] { return StartOne(attempt); });
  if (attempt.status.ok()) {
    attempt.status = store_.PutStream(ToStored(attempt.entry));
    if (!attempt.status.ok()) RunOnLoop(*options_.loop, [&] { attempt.entry.stream->Pause(); });
  }
  if (!attempt.status.ok()) return AddContext(attempt.status, Concat({Named(name), " stays paused"}));
  Replace(std::make_shared<const StreamEntry>(std::move(attempt.entry)), "stream_resumed");
  return Get(name);
}

absl::StatusOr<StreamEntryPtr> StreamRegistry::Reconnect(std::string_view name) {
  absl::StatusOr<StreamEntryPtr> entry = Lookup(name);
  if (!entry.ok() || (*entry)->paused) return entry;
  if (options_.secrets != nullptr) options_.secrets->Refresh();
  if (failed_.contains(name)) {
    RetryNow({std::string(name)});
    return Get(name);
  }
  const absl::StatusOr<SecretLease> secrets = HoldSecretsOf(*(*entry)->stream->spec());
  if (!secrets.ok()) return secrets.status();
  RunOnLoop(*options_.loop, [&] { (*entry)->stream->Reconnect("ReconnectStream was called"); });
  Log(LogLevel::kInfo, "stream_reconnected", {{"stream", name}});
  return entry;
}

}  // namespace inlet::service
