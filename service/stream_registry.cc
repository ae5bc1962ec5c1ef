// The streams by name: makes them, finds them, ends them.
#include "service/stream_registry.h"

#include <utility>

#include "ingest/error.h"
#include "ingest/limit_error.h"
#include "ingest/listed.h"
#include "ingest/log.h"
#include "ingest/text.h"
#include "service/definition_diff.h"
#include "service/draining.h"
#include "service/loop_call.h"
#include "service/stream_secrets.h"

namespace inlet::service {
namespace {

using ingest::CloseReason;
using ingest::Stream;

ingest::WallTime Now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

std::string HowItExists(const StreamEntry& entry, const std::string& differs_in) {
  if (differs_in.empty()) return "with the same definition: set allowExisting to get it";
  const std::string what = Concat({"with another definition (it differs in ", differs_in, ")"});
  if (entry.file_place.empty()) return Concat({what, ": update it, delete it first, or take another name"});
  return Concat({what, ": it is defined in ", entry.file_place, "; change it there, or take another name"});
}

absl::Status Exists(const StreamEntry& entry, const std::vector<std::string>& differs_in) {
  const std::string& name = entry.definition.name();
  const std::string fields = Listed(differs_in);
  return MakeError(absl::StatusCode::kAlreadyExists,
                   Concat({"stream \"", name, "\" exists already, ", HowItExists(entry, fields)}),
                   {"STREAM_EXISTS", {{"stream", name}, {"differs_in", fields}}, "", {}});
}

// A source belongs to its loop: the stream is destroyed there, whoever lets go of it last.
std::shared_ptr<Stream> DestroyedOnLoop(std::unique_ptr<Stream> stream, ingest::Loop* loop) {
  return {stream.release(),
          [loop](Stream* raw) { loop->Post([owned = std::shared_ptr<Stream>(raw)]() mutable { owned.reset(); }); }};
}

}  // namespace

StreamRegistry::StreamRegistry(Options options)
    : options_(std::move(options)), store_(options_.store != nullptr ? *options_.store : null_store_) {}

StreamRegistry::~StreamRegistry() { StopAll(); }

absl::StatusOr<StreamEntryPtr> StreamRegistry::Create(StreamPlan plan, const CreateOptions& options) {
  if (draining_) return DrainingError();
  if (const StreamEntryPtr entry = table_.Find(plan.spec.name)) return Existing(plan, entry, options.allow_existing);
  if (absl::Status room = CheckRoom(); !room.ok()) return room;
  absl::StatusOr<SecretLease> secrets = HoldSecretsOf(plan.spec);
  if (!secrets.ok()) return secrets.status();
  StreamEntry entry{{plan.definition, plan.shown}, Now()};
  if (options.validate_only) return std::make_shared<const StreamEntry>(std::move(entry));
  entry.secrets = *std::move(secrets);
  entry.update_time = entry.create_time;
  const auto spec = std::make_shared<const ingest::StreamSpec>(std::move(plan.spec));
  entry.stream = MakeStream(spec, entry.create_time, {});
  const std::shared_ptr<Stream>& stream = entry.stream;
  absl::Status status = OnLoop([stream] { return stream->Start(); });
  if (status.ok()) {
    status = store_.PutStream(ToStored(entry));
    if (!status.ok()) RunOnLoop(*options_.loop, [stream] { stream->Stop(CloseReason::kStreamDeleted); });
  }
  if (!status.ok()) {
    const absl::string_view message = status.message();
    Log(LogLevel::kWarn, "stream_create_failed", {{"stream", spec->name}, {"error", {message.data(), message.size()}}});
    return AddContext(status, Concat({"stream \"", spec->name, "\" cannot be created"}));
  }
  auto made = std::make_shared<const StreamEntry>(std::move(entry));
  Insert(made);
  return made;
}

absl::StatusOr<StreamEntryPtr> StreamRegistry::Existing(const StreamPlan& plan, const StreamEntryPtr& entry,
                                                        bool allow) const {
  const std::vector<std::string> differs_in = DifferingFields(entry->definition.Unpack(), plan.definition);
  if (allow && differs_in.empty()) return entry;
  return Exists(*entry, differs_in);
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

std::shared_ptr<Stream> StreamRegistry::MakeStream(std::shared_ptr<const ingest::StreamSpec> spec,
                                                   ingest::WallTime log_create_time,
                                                   ingest::WallTime down_since) const {
  auto log = std::make_shared<ingest::RecordLog>(
      ingest::RecordLog::Options{ingest::NewEpoch(), spec->retention, options_.waker, options_.gauge, log_create_time});
  Stream::Options options{std::move(spec), options_.loop, options_.publisher, std::move(log), options_.observer};
  options.down_since = down_since;
  return DestroyedOnLoop(std::make_unique<Stream>(std::move(options), *options_.sources), options_.loop);
}

absl::Status StreamRegistry::OnLoop(std::function<absl::Status()> call) const {
  return CallOnLoop<absl::Status>(*options_.loop, std::move(call)).value_or(DrainingError());
}

void StreamRegistry::NoteAge(const StreamEntry& entry) {
  const std::string& name = entry.definition.name();
  const bool is_aged = entry.stream->spec()->retention.max_age.count() > 0;
  if (is_aged) {
    aged_logs_[name] = entry.stream->log();
  } else if (const auto aged = aged_logs_.find(name); aged != aged_logs_.end()) {
    aged_logs_.erase(aged);
  }
}

void StreamRegistry::Insert(const StreamEntryPtr& entry) {
  const std::string& name = entry->definition.name();
  NoteAge(*entry);
  table_.Put(entry);
  Log(LogLevel::kInfo, "stream_created",
      {{"stream", name},
       {"endpoint", entry->stream->Snapshot().notes.endpoint},
       {"epoch", entry->stream->log()->epoch()}});
  if (options_.observer != nullptr) options_.observer->OnStreamChanged(name);
}

absl::Status StreamRegistry::Delete(std::string_view name, bool allow_missing, std::string_view etag) {
  if (draining_) return DrainingError();
  const StreamEntryPtr entry = table_.Find(name);
  if (!entry) return allow_missing ? absl::OkStatus() : Unknown(name);
  absl::Status status = CheckChangeable(*entry);
  if (status.ok()) status = CheckEtag(*entry, etag);
  if (status.ok()) status = store_.DeleteStream(name);
  if (!status.ok()) return status;
  table_.Erase(name);
  if (const auto aged = aged_logs_.find(name); aged != aged_logs_.end()) aged_logs_.erase(aged);
  if (const auto failed = failed_.find(name); failed != failed_.end()) failed_.erase(failed);
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
  if (StreamEntryPtr entry = table_.Find(name)) return entry;
  return Unknown(name);
}

std::shared_ptr<Stream> StreamRegistry::Find(std::string_view name) const {
  const StreamEntryPtr entry = table_.Find(name);
  return entry ? entry->stream : nullptr;
}

std::vector<StreamEntryPtr> StreamRegistry::ListAfter(std::string_view name, size_t limit) const {
  return table_.ListAfter(name, limit);
}

}  // namespace inlet::service
