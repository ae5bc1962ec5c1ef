// The streams by name: makes those that were kept, and starts again what could not start.
#include <algorithm>
#include <chrono>
#include <utility>

#include "ingest/error.h"
#include "ingest/log.h"
#include "ingest/text.h"
#include "service/config/redact.h"
#include "service/loop_call.h"
#include "service/stream_registry.h"

namespace inlet::service {
namespace {

// So many streams start in one turn of the loop.
constexpr size_t kStartsPerTurn = 256;
// Before the first retry; doubled with each up to the longest.
constexpr std::chrono::seconds kFirstRetry{1};
constexpr std::chrono::seconds kLongestRetry{30};

ingest::WallTime Now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

std::chrono::seconds RetryDelay(uint32_t attempts) {
  constexpr uint32_t kMostDoublings = 5;
  return std::min(kFirstRetry * (1 << std::min(attempts, kMostDoublings)), kLongestRetry);
}

// A stream that never runs as this: it has a log and a name.
std::shared_ptr<const ingest::StreamSpec> Placeholder(const std::string& name) {
  auto spec = std::make_shared<ingest::StreamSpec>();
  spec->name = name;
  spec->role = ingest::ServerRole{Concat({"/", name})};
  return spec;
}

// The service may have run, and made the stream, some seconds longer than it has written down. A file's stream is made
// at each start, whenever it was written.
ingest::WallTime DownSince(const StoredStream& stored, ingest::WallTime last_alive) {
  if (stored.paused && stored.pause_time != ingest::WallTime{}) return stored.pause_time;
  const bool is_known = last_alive != ingest::WallTime{};
  return is_known && stored.file_place.empty() ? std::max(last_alive, stored.create_time) : last_alive;
}

std::string MessageOf(const absl::Status& status) {
  const absl::string_view message = status.message();
  return {message.data(), message.size()};
}

}  // namespace

void StreamRegistry::Restore(const StoredDefinitions& stored) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<Attempt> attempts;
  for (const StoredStream& stream : stored.streams) {
    attempts.push_back(MakeKept(stream, stored.last_alive));
    if (attempts.size() < kStartsPerTurn) continue;
    StartTogether(attempts);
    attempts.clear();
  }
  StartTogether(attempts);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  Log(LogLevel::kInfo, "streams_restored",
      {{"streams", std::to_string(stored.streams.size())},
       {"failed", std::to_string(failed_.size())},
       {"milliseconds", std::to_string(static_cast<int64_t>(took.count()))}});
}

StreamRegistry::Attempt StreamRegistry::MakeKept(const StoredStream& stored, ingest::WallTime last_alive) const {
  Attempt attempt;
  StreamEntry& entry = attempt.entry;
  entry.definition = {stored.definition, config::RedactDefinition(stored.definition, {})};
  entry.create_time = stored.create_time;
  entry.update_time = stored.update_time;
  entry.revision = stored.revision;
  entry.paused = stored.paused;
  entry.pause_time = stored.pause_time;
  entry.file_place = stored.file_place;
  Prepare(attempt);
  const ingest::WallTime down_since = DownSince(stored, last_alive);
  entry.stream = MakeStream(attempt.spec ? attempt.spec : Placeholder(stored.definition.name()), Now(), down_since);
  attempt.spec = nullptr;
  return attempt;
}

// Plans it, with what it builds on as that is at this moment.
void StreamRegistry::Prepare(Attempt& attempt) const {
  if (!options_.plan) return;
  StreamEntry& entry = attempt.entry;
  absl::StatusOr<StreamPlan> plan = options_.plan(entry.definition.Unpack());
  attempt.status = plan.status();
  if (!plan.ok()) return;
  attempt.role_decided = LacksRole(entry);
  entry.definition = {plan->definition, plan->shown};
  attempt.spec = std::make_shared<const ingest::StreamSpec>(std::move(plan->spec));
  absl::StatusOr<SecretLease> secrets = HoldSecretsOf(*attempt.spec);
  attempt.status = secrets.status();
  if (secrets.ok()) entry.secrets = *std::move(secrets);
}

// A stream that has its role by what it builds on has it for good. If the store fails, the next start decides once
// more.
void StreamRegistry::KeepRoles(const std::vector<StoredStream>& decided) const {
  if (decided.empty()) return;
  const absl::Status kept = store_.PutStreams(decided);
  if (kept.ok()) return;
  Log(LogLevel::kWarn, "stream_roles_not_kept",
      {{"streams", std::to_string(decided.size())}, {"error", MessageOf(kept)}});
}

absl::Status StreamRegistry::StartOne(const Attempt& attempt) {
  if (attempt.spec) attempt.entry.stream->Change(attempt.spec, "it is started again");
  return attempt.entry.stream->Start();
}

// In one turn of the loop; a paused one is shown as that.
void StreamRegistry::StartTogether(std::vector<Attempt>& attempts) {
  std::vector<StoredStream> decided;
  for (Attempt& attempt : attempts) {
    if (attempt.role_decided) decided.push_back(ToStored(attempt.entry));
    const auto known = failed_.find(attempt.entry.definition.name());
    attempt.retry_time = Now() + RetryDelay(known == failed_.end() ? 0 : known->second.attempts);
  }
  KeepRoles(decided);
  const auto start = [](Attempt& attempt) {
    if (attempt.entry.paused) {
      if (attempt.status.ok()) attempt.entry.stream->ShowEndpoint();
      return attempt.entry.stream->Pause();
    }
    if (attempt.status.ok()) attempt.status = StartOne(attempt);
    if (!attempt.status.ok()) attempt.entry.stream->ShowFailed(MessageOf(attempt.status), attempt.retry_time);
  };
  RunOnLoop(*options_.loop, [&] { std::for_each(attempts.begin(), attempts.end(), start); });
  for (Attempt& attempt : attempts) Settle(attempt);
}

void StreamRegistry::Settle(Attempt& attempt) {
  const std::string name = attempt.entry.definition.name();
  const auto known = failed_.find(name);
  if (!attempt.entry.paused && !attempt.status.ok()) {
    if (known == failed_.end()) {
      Log(LogLevel::kWarn, "stream_start_failed", {{"stream", name}, {"error", MessageOf(attempt.status)}});
    }
    Retry& retry = failed_[name];
    ++retry.attempts;
    retry.due = attempt.retry_time;
  } else if (known != failed_.end()) {
    failed_.erase(known);
    Log(LogLevel::kInfo, "stream_started", {{"stream", name}});
  }
  auto entry = std::make_shared<const StreamEntry>(std::move(attempt.entry));
  NoteAge(*entry);
  table_.Put(entry);
  if (options_.observer != nullptr) options_.observer->OnStreamChanged(name);
}

void StreamRegistry::RetryFailed(ingest::WallTime now) {
  if (draining_) return;
  std::vector<std::string> due;
  for (const auto& [name, retry] : failed_) {
    if (retry.due <= now && due.size() < kStartsPerTurn) due.push_back(name);
  }
  RetryNow(due);
}

void StreamRegistry::StartAnew(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (const auto failed = failed_.find(name); failed != failed_.end()) failed->second.attempts = 0;
  }
  RetryNow(names);
}

void StreamRegistry::RetryNow(const std::vector<std::string>& names) {
  std::vector<Attempt> attempts;
  for (const std::string& name : names) {
    Attempt& attempt = attempts.emplace_back();
    attempt.entry = *table_.Find(name);
    Prepare(attempt);
    if (attempts.size() < kStartsPerTurn && &name != &names.back()) continue;
    StartTogether(attempts);
    attempts.clear();
  }
}

}  // namespace inlet::service
