// The streams by name: makes them, finds them, ends them.
#include "service/stream_registry.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ingest/error.h"
#include "ingest/limit_error.h"
#include "ingest/log.h"
#include "ingest/nearest.h"
#include "ingest/text.h"
#include "service/definition_diff.h"
#include "service/draining.h"
#include "service/loop_call.h"
#include "service/stream_secrets.h"

namespace inlet::service {
namespace {

using ingest::CloseReason;
using ingest::Stream;

constexpr std::ptrdiff_t kNeighbours = 500;

ingest::WallTime Now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

std::string Clip(std::string_view name) {
  constexpr size_t kLongest = 80;
  return name.size() <= kLongest ? std::string(name) : Concat({name.substr(0, kLongest), "..."});
}

std::string Quoted(std::string_view name) { return Concat({"\"", Clip(name), "\""}); }

std::string Join(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += text.empty() ? item : Concat({", ", item});
  return text;
}

absl::Status Exists(const std::string& name, const std::vector<std::string>& differs_in) {
  const std::string fields = Join(differs_in);
  const std::string how =
      differs_in.empty()
          ? std::string("with the same definition: set allowExisting to get it")
          : Concat({"with another definition (it differs in ", fields, "): delete it first, or take another name"});
  return MakeError(absl::StatusCode::kAlreadyExists, Concat({"stream ", Quoted(name), " exists already, ", how}),
                   {"STREAM_EXISTS", {{"stream", name}, {"differs_in", fields}}, "", {}});
}

// A source belongs to its loop: the stream is destroyed there, whoever lets go of it last.
std::shared_ptr<Stream> DestroyedOnLoop(std::unique_ptr<Stream> stream, ingest::Loop* loop) {
  return {stream.release(),
          [loop](Stream* raw) { loop->Post([owned = std::shared_ptr<Stream>(raw)]() mutable { owned.reset(); }); }};
}

}  // namespace

StreamRegistry::StreamRegistry(Options options) : options_(std::move(options)) {}

StreamRegistry::~StreamRegistry() { StopAll(); }

absl::StatusOr<StreamEntryPtr> StreamRegistry::Create(const StreamPlan& plan, const CreateOptions& options) {
  if (draining_) return DrainingError();
  if (const StreamEntryPtr entry = Lookup(plan.spec.name)) return Existing(plan, entry, options.allow_existing);
  if (absl::Status room = CheckRoom(); !room.ok()) return room;
  absl::StatusOr<SecretLease> secrets = HoldSecretsOf(plan.spec);
  if (!secrets.ok()) return secrets.status();
  const ingest::WallTime now = Now();
  if (options.validate_only) return std::make_shared<const StreamEntry>(StreamEntry{plan.definition, plan.shown, now});
  const auto stream = MakeStream(plan, now);
  if (absl::Status started = Start(stream); !started.ok()) {
    const absl::string_view message = started.message();
    Log(LogLevel::kWarn, "stream_create_failed",
        {{"stream", plan.spec.name}, {"error", {message.data(), message.size()}}});
    return AddContext(started, Concat({"stream ", Quoted(plan.spec.name), " cannot be created"}));
  }
  auto entry =
      std::make_shared<const StreamEntry>(StreamEntry{plan.definition, plan.shown, now, stream, *std::move(secrets)});
  Insert(entry);
  return entry;
}

absl::StatusOr<StreamEntryPtr> StreamRegistry::Existing(const StreamPlan& plan, const StreamEntryPtr& entry,
                                                        bool allow) const {
  const std::vector<std::string> differs_in = DifferingFields(entry->definition, plan.definition);
  if (allow && differs_in.empty()) return entry;
  return Exists(plan.spec.name, differs_in);
}

absl::StatusOr<SecretLease> StreamRegistry::HoldSecretsOf(const ingest::StreamSpec& spec) const {
  if (options_.secrets == nullptr) return SecretLease();
  return HoldSecrets(spec, *options_.secrets);
}

absl::Status StreamRegistry::CheckRoom() const {
  if (size() < options_.max_streams) return absl::OkStatus();
  const std::string limit = std::to_string(options_.max_streams);
  return LimitReached(
      Limit::kStreams, options_.max_streams,
      Concat({"there are ", limit, " streams, as many as streams.maxStreams allows: delete some first"}));
}

std::shared_ptr<Stream> StreamRegistry::MakeStream(const StreamPlan& plan, ingest::WallTime create_time) const {
  auto log = std::make_shared<ingest::RecordLog>(
      ingest::RecordLog::Options{ingest::NewEpoch(), plan.spec.retention, options_.waker, options_.gauge, create_time});
  return DestroyedOnLoop(std::make_unique<Stream>(Stream::Options{plan.spec, options_.loop, options_.publisher,
                                                                  std::move(log), options_.observer},
                                                  *options_.sources),
                         options_.loop);
}

absl::Status StreamRegistry::Start(const std::shared_ptr<Stream>& stream) const {
  return CallOnLoop<absl::Status>(*options_.loop, [stream] { return stream->Start(); }).value_or(DrainingError());
}

void StreamRegistry::Insert(const StreamEntryPtr& entry) {
  const std::string& name = entry->definition.name();
  const auto& log = entry->stream->log();
  if (entry->stream->spec()->retention.max_age.count() > 0) aged_logs_[name] = log;
  {
    const std::lock_guard lock(mutex_);
    entries_.emplace(name, entry);
  }
  Log(LogLevel::kInfo, "stream_created",
      {{"stream", name}, {"endpoint", entry->stream->Snapshot().notes.endpoint}, {"epoch", log->epoch()}});
  if (options_.observer != nullptr) options_.observer->OnStreamChanged(name);
}

absl::Status StreamRegistry::Delete(std::string_view name, bool allow_missing) {
  if (draining_) return DrainingError();
  const StreamEntryPtr entry = Lookup(name);
  if (!entry) return allow_missing ? absl::OkStatus() : Unknown(name);
  {
    const std::lock_guard lock(mutex_);
    entries_.erase(entries_.find(name));
  }
  if (const auto aged = aged_logs_.find(name); aged != aged_logs_.end()) aged_logs_.erase(aged);
  RunOnLoop(*options_.loop, [stream = entry->stream] { stream->Stop(CloseReason::kStreamDeleted); });
  Log(LogLevel::kInfo, "stream_deleted",
      {{"stream", name}, {"records", std::to_string(entry->stream->Snapshot().records)}});
  if (options_.observer != nullptr) options_.observer->OnStreamDeleted(name);
  return absl::OkStatus();
}

void StreamRegistry::Sweep(ingest::WallTime now) {
  for (const auto& [name, log] : aged_logs_) log->Sweep(now);
}

void StreamRegistry::StopAll() {
  if (std::exchange(draining_, true)) return;
  RunOnLoop(*options_.loop, [entries = ListAfter("", size())] {
    for (const StreamEntryPtr& entry : entries) entry->stream->Stop(CloseReason::kDraining);
  });
}

absl::StatusOr<StreamEntryPtr> StreamRegistry::Get(std::string_view name) const {
  if (StreamEntryPtr entry = Lookup(name)) return entry;
  return Unknown(name);
}

std::shared_ptr<Stream> StreamRegistry::Find(std::string_view name) const {
  const StreamEntryPtr entry = Lookup(name);
  return entry ? entry->stream : nullptr;
}

StreamEntryPtr StreamRegistry::Lookup(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : found->second;
}

std::vector<StreamEntryPtr> StreamRegistry::ListAfter(std::string_view name, size_t limit) const {
  std::vector<StreamEntryPtr> page;
  const std::lock_guard lock(mutex_);
  for (auto entry = entries_.upper_bound(name); entry != entries_.end() && page.size() < limit; ++entry) {
    page.push_back(entry->second);
  }
  return page;
}

size_t StreamRegistry::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

absl::Status StreamRegistry::Unknown(std::string_view name) const {
  std::vector<StreamEntryPtr> neighbours;  // a bounded part of all names: a typing error seldom moves a name far
  {
    const std::lock_guard lock(mutex_);
    auto begin = entries_.lower_bound(name);
    auto end = begin;
    for (std::ptrdiff_t i = 0; i < kNeighbours && begin != entries_.begin(); ++i) --begin;
    for (std::ptrdiff_t i = 0; i < kNeighbours && end != entries_.end(); ++i) ++end;
    std::transform(begin, end, std::back_inserter(neighbours), [](const auto& entry) { return entry.second; });
  }
  std::vector<std::string_view> names;
  names.reserve(neighbours.size());
  for (const StreamEntryPtr& entry : neighbours) names.emplace_back(entry->definition.name());
  const std::string nearest = Nearest(name, names);
  const std::string advice =
      nearest.empty() ? std::string("; ListStreams tells all, CreateStream makes one") : DidYouMean(nearest);
  return MakeError(absl::StatusCode::kNotFound, Concat({"there is no stream ", Quoted(name), advice}),
                   {"STREAM_UNKNOWN", {{"stream", Clip(name)}, {"nearest", nearest}}, "", {}});
}

}  // namespace inlet::service
