// The streams by name: makes them, finds them, changes them, ends them.
#ifndef INLET_SERVICE_STREAM_REGISTRY_H_
#define INLET_SERVICE_STREAM_REGISTRY_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/stream.h"
#include "service/definition_store.h"
#include "service/null_store.h"
#include "service/registry_observer.h"
#include "service/secret_store.h"
#include "service/stream_entry.h"
#include "service/stream_plan.h"
#include "service/stream_table.h"

namespace inlet::service {

class StreamRegistry {
 public:
  // As PlanKept, with the conf keys as they are at that moment.
  using PlanAgain = std::function<absl::StatusOr<StreamPlan>(const v1::Stream& definition)>;

  struct Options {
    // All outlive the registry and the streams that it gave away. The loop must run while streams are made or ended.
    ingest::Loop* loop = nullptr;
    ingest::Publisher* publisher = nullptr;
    ingest::SourceFactory* sources = nullptr;
    ingest::LogWaker* waker = nullptr;
    std::shared_ptr<ingest::MemoryGauge> gauge;
    uint32_t max_streams = 100'000;
    SecretStore* secrets = nullptr;        // null: references are not looked at
    RegistryObserver* observer = nullptr;  // null: nobody watches
    DefinitionStore* store = nullptr;      // null: nothing is kept
    PlanAgain plan = nullptr;              // needed for Restore
  };

  struct CreateOptions {
    bool validate_only = false;
    bool allow_existing = false;
  };
  struct ChangeOptions {
    std::string etag = {};  // not empty: it must be the present one
    bool validate_only = false;
  };
  struct SeveralOptions {
    bool validate_only = false;
    // Called once all plans have passed, before the first stream changes; its error is the answer, and nothing changes.
    std::function<absl::Status()> commit = nullptr;
  };

  explicit StreamRegistry(Options options);
  // Ends what still runs.
  ~StreamRegistry();
  StreamRegistry(const StreamRegistry&) = delete;
  StreamRegistry& operator=(const StreamRegistry&) = delete;

  // ---- One call at a time: from the control thread. They wait for the loop and for the store. What is answered with
  // OK is kept; after an error nothing has changed. All: Unavailable, STORE_UNAVAILABLE, or DRAINING after StopAll.
  // FailedPrecondition, STREAM_READ_ONLY, of Change, Pause and Delete: a file defines the stream.
  // ----

  // The new stream, running; with validate_only, what it would be; with allow_existing, the stream of that name if its
  // definition is the same. AlreadyExists: STREAM_EXISTS (stream, differs_in). ResourceExhausted: LIMIT_REACHED.
  // Else the error of HoldSecrets, or the source's; nothing remains of the stream then.
  absl::StatusOr<StreamEntryPtr> Create(StreamPlan plan, const CreateOptions& options);

  // The stream of the plan's name as the plan says; with validate_only, what it would be. Nothing happens to a stream
  // whose definition is that already, except that one that is FAILED is started anew, and may be FAILED again.
  // NotFound: STREAM_UNKNOWN. Aborted: ETAG_MISMATCH. FailedPrecondition: ROLE_CHANGE, ENDPOINT_CONFLICT. Else as
  // HoldSecrets.
  absl::StatusOr<StreamEntryPtr> Change(const StreamPlan& plan, const ChangeOptions& options);

  // For what streams build on: their own definitions are those that they have. Judges all plans together, then changes
  // one stream after the other, and in the end starts those anew that are FAILED. Returns the names of those whose
  // connections end, in byte order. Errors as Change, with the stream's name; not for what keeps a FAILED or paused
  // stream from running anyway: its place, or secrets that cannot be read.
  absl::StatusOr<std::vector<std::string>> ChangeSeveral(std::vector<StreamPlan> plans, const SeveralOptions& options);

  // Idempotent. NotFound: STREAM_UNKNOWN.
  absl::StatusOr<StreamEntryPtr> Pause(std::string_view name);
  // Idempotent. Errors as Create; the stream stays paused then.
  absl::StatusOr<StreamEntryPtr> Resume(std::string_view name);
  // Reads all secrets again first. No effect on a paused stream; one that is FAILED is started anew. NotFound:
  // STREAM_UNKNOWN. Else as HoldSecrets: the connections stay.
  absl::StatusOr<StreamEntryPtr> Reconnect(std::string_view name);

  // Ends the stream and forgets it. `etag`: not empty, it must be the present one. NotFound: STREAM_UNKNOWN, unless
  // allow_missing. Aborted: ETAG_MISMATCH.
  absl::Status Delete(std::string_view name, bool allow_missing, std::string_view etag = {});

  // Makes the streams that were kept; to be called once, before anything else. One that cannot start is FAILED.
  void Restore(const StoredDefinitions& stored);

  // Starts those FAILED streams again whose time has come. To be called once a second.
  void RetryFailed(ingest::WallTime now);

  // Drops what is older than max_age at `now`, in the logs that have such a limit.
  void Sweep(ingest::WallTime now);

  // Stops all sources and closes the logs for draining. The streams can still be read and looked at; no more can be
  // made or deleted. Idempotent.
  void StopAll();

  // ---- Any thread; never block. ----

  // NotFound: STREAM_UNKNOWN (stream, nearest).
  absl::StatusOr<StreamEntryPtr> Get(std::string_view name) const;
  // Null if there is none.
  std::shared_ptr<ingest::Stream> Find(std::string_view name) const;
  // The first `limit` streams behind `name` in byte order; "" is before all.
  std::vector<StreamEntryPtr> ListAfter(std::string_view name, size_t limit) const;
  size_t size() const { return table_.size(); }
  // The error of a name that no stream has.
  absl::Status Unknown(std::string_view name) const { return table_.Unknown(name); }

 private:
  // A stream that is to be started once more.
  struct Retry {
    uint32_t attempts = 0;
    ingest::WallTime due;
  };
  // A stream that is about to be started.
  struct Attempt {
    StreamEntry entry;
    std::shared_ptr<const ingest::StreamSpec> spec = nullptr;  // null: that of the stream
    absl::Status status = absl::OkStatus();                    // else: why it cannot start
    ingest::WallTime retry_time{};                             // if it cannot
    bool role_decided = false;                                 // just before: the store does not know it
  };
  // A change that has been judged.
  struct Judged {
    StreamEntryPtr before;
    StreamEntry after;
    std::shared_ptr<const ingest::StreamSpec> spec;
  };

  absl::StatusOr<StreamEntryPtr> Existing(const StreamPlan& plan, const StreamEntryPtr& entry, bool allow) const;
  absl::Status CheckRoom() const;
  absl::StatusOr<SecretLease> HoldSecretsOf(const ingest::StreamSpec& spec) const;
  std::shared_ptr<ingest::Stream> MakeStream(std::shared_ptr<const ingest::StreamSpec> spec,
                                             ingest::WallTime log_create_time, ingest::WallTime down_since) const;
  absl::Status OnLoop(std::function<absl::Status()> call) const;
  void Insert(const StreamEntryPtr& entry);
  // In the place of the one of that name.
  void Replace(const StreamEntryPtr& entry, std::string_view event);
  void NoteAge(const StreamEntry& entry);

  absl::StatusOr<StreamEntryPtr> Lookup(std::string_view name) const;
  absl::StatusOr<Judged> Judge(StreamPlan plan) const;
  absl::StatusOr<Judged> JudgeUser(StreamPlan plan) const;
  absl::Status HoldSecretsOf(Judged& change) const;
  absl::Status CheckPlaces(const std::vector<std::shared_ptr<const ingest::StreamSpec>>& specs) const;
  void Apply(std::vector<Judged> changes);

  Attempt MakeKept(const StoredStream& stored, ingest::WallTime last_alive) const;
  void Prepare(Attempt& attempt) const;
  void KeepRoles(const std::vector<StoredStream>& decided) const;
  static absl::Status StartOne(const Attempt& attempt);
  void StartTogether(std::vector<Attempt>& attempts);
  void Settle(Attempt& attempt);
  void RetryNow(const std::vector<std::string>& names);
  // At a caller's wish: should they fail again, their delays begin anew.
  void StartAnew(const std::vector<std::string>& names);

  const Options options_;
  NullStore null_store_;
  DefinitionStore& store_;
  // Control thread.
  bool draining_ = false;
  std::map<std::string, std::shared_ptr<ingest::RecordLog>, std::less<>> aged_logs_;
  std::map<std::string, Retry, std::less<>> failed_;

  StreamTable table_;
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_STREAM_REGISTRY_H_
