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

bool IsSameDefinition(const v1::Stream& one, const v1::Stream& other) {
  return google::protobuf::util::MessageDifferencer::Equals(config::InputFieldsOf(one), config::InputFieldsOf(other));
}

}  // namespace

absl::StatusOr<StreamEntryPtr> StreamRegistry::Lookup(std::string_view name) const {
  if (draining_) return DrainingError();
  return Get(name);
}

absl::StatusOr<StreamRegistry::Judged> StreamRegistry::Judge(StreamPlan plan) const {
  absl::StatusOr<StreamEntryPtr> before = Lookup(plan.spec.name);
  if (!before.ok()) return before.status();
  const absl::Status role = CheckRole((*before)->definition.role(), plan);
  if (!role.ok()) return AddContext(role, Named(plan.spec.name));
  StreamEntry after = **before;
  after.definition = {plan.definition, plan.shown};
  after.secrets = nullptr;
  return Judged{*std::move(before), std::move(after), std::make_shared<const ingest::StreamSpec>(std::move(plan.spec))};
}

absl::Status StreamRegistry::HoldSecretsOf(Judged& change) const {
  absl::StatusOr<SecretLease> secrets = HoldSecretsOf(*change.spec);
  if (!secrets.ok()) return secrets.status();
  change.after.secrets = *std::move(secrets);
  return absl::OkStatus();
}

// What it builds on may change while it does not run anyway, as its secrets are not there.
absl::StatusOr<StreamRegistry::Judged> StreamRegistry::JudgeUser(StreamPlan plan) const {
  const std::string name = plan.spec.name;
  absl::StatusOr<Judged> change = Judge(std::move(plan));
  if (!change.ok()) return change.status();
  absl::Status status = HoldSecretsOf(*change);
  if (!status.ok() && !LacksSecrets(*change->before)) return AddContext(status, Named(name));
  change->after.definition.set_sql(change->before->definition.sql());
  return change;
}

absl::Status StreamRegistry::CheckPlaces(const std::vector<std::shared_ptr<const ingest::StreamSpec>>& specs) const {
  return OnLoop([&] { return options_.sources->CheckChanges(specs); });
}

absl::StatusOr<StreamEntryPtr> StreamRegistry::Change(const StreamPlan& plan, const ChangeOptions& options) {
  absl::StatusOr<Judged> change = Judge(plan);
  if (!change.ok()) return change.status();
  absl::Status status = HoldSecretsOf(*change);
  if (status.ok()) status = CheckChangeable(*change->before);
  if (status.ok()) status = CheckEtag(*change->before, options.etag);
  if (status.ok() && !change->before->paused) status = CheckPlaces({change->spec});
  if (!status.ok()) return status;
  StreamEntry& after = change->after;
  const bool is_same = IsSameDefinition(change->before->definition.Unpack(), plan.definition);
  if (!options.validate_only && is_same) {
    if (failed_.contains(plan.spec.name)) StartAnew({plan.spec.name});
    return Get(plan.spec.name);
  }
  if (is_same) after.definition.set_sql(change->before->definition.sql());
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

absl::StatusOr<std::vector<std::string>> StreamRegistry::ChangeSeveral(std::vector<StreamPlan> plans,
                                                                       const SeveralOptions& options) {
  if (draining_) return DrainingError();
  std::vector<Judged> changes;
  std::vector<std::shared_ptr<const ingest::StreamSpec>> open;
  std::vector<std::string> reconnecting;
  for (StreamPlan& plan : plans) {
    absl::StatusOr<Judged> judged = JudgeUser(std::move(plan));
    if (!judged.ok()) return judged.status();
    const Judged& change = changes.emplace_back(*std::move(judged));
    const std::string& name = change.spec->name;
    if (change.before->paused || failed_.contains(name)) continue;
    open.push_back(change.spec);
    const auto effect = ingest::EffectOf(*change.before->stream->spec(), *change.spec);
    if (effect == ingest::ChangeEffect::kReconnect) reconnecting.push_back(name);
  }
  absl::Status status = CheckPlaces(open);
  if (status.ok() && !options.validate_only && options.commit) status = options.commit();
  if (!status.ok()) return status;
  if (!options.validate_only) Apply(std::move(changes));
  std::sort(reconnecting.begin(), reconnecting.end());
  return reconnecting;
}

// What was judged cannot fail any more, except for a stream that is FAILED: that one waits until the others have left
// the places that it may want. What a stream was is let go of as soon as it is something else.
void StreamRegistry::Apply(std::vector<Judged> changes) {
  std::vector<std::string> failed;
  std::vector<StoredStream> decided;
  for (const Judged& change : changes) {
    if (LacksRole(*change.before)) decided.push_back(ToStored(change.after));
  }
  KeepRoles(decided);
  for (size_t begin = 0; begin < changes.size(); begin += kChangesPerTurn) {
    const size_t end = std::min(begin + kChangesPerTurn, changes.size());
    RunOnLoop(*options_.loop, [&] {
      for (size_t i = begin; i < end; ++i) changes[i].before->stream->Change(changes[i].spec, kChanged);
    });
    for (size_t i = begin; i < end; ++i) {
      Judged change = std::move(changes[i]);
      Replace(std::make_shared<const StreamEntry>(std::move(change.after)), "stream_changed");
      if (failed_.contains(change.spec->name)) failed.push_back(change.spec->name);
    }
  }
  StartAnew(failed);
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
  after.pause_time = Now();
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
  attempt.entry.pause_time = {};
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
    StartAnew({std::string(name)});
    return Get(name);
  }
  const absl::StatusOr<SecretLease> secrets = HoldSecretsOf(*(*entry)->stream->spec());
  if (!secrets.ok()) return secrets.status();
  RunOnLoop(*options_.loop, [&] { (*entry)->stream->Reconnect("ReconnectStream was called"); });
  Log(LogLevel::kInfo, "stream_reconnected", {{"stream", name}});
  return entry;
}

}  // namespace inlet::service
