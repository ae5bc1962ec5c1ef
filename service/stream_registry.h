// The streams by name: makes them, finds them, ends them.
#ifndef INLET_SERVICE_STREAM_REGISTRY_H_
#define INLET_SERVICE_STREAM_REGISTRY_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/stream.h"
#include "service/registry_observer.h"
#include "service/secret_store.h"
#include "service/stream_plan.h"

namespace inlet::service {

// A stream as it was defined. Never changes, and stays readable after the stream was deleted.
struct StreamEntry {
  v1::Stream definition;  // as StreamPlan::definition: with secrets
  v1::Stream shown;       // as StreamPlan::shown
  ingest::WallTime create_time;
  std::shared_ptr<ingest::Stream> stream = nullptr;  // null: it was only validated
  SecretLease secrets = nullptr;                     // what the stream refers to stays readable
};
using StreamEntryPtr = std::shared_ptr<const StreamEntry>;

class StreamRegistry {
 public:
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
  };

  struct CreateOptions {
    bool validate_only = false;
    bool allow_existing = false;
  };

  explicit StreamRegistry(Options options);
  // Ends what still runs.
  ~StreamRegistry();
  StreamRegistry(const StreamRegistry&) = delete;
  StreamRegistry& operator=(const StreamRegistry&) = delete;

  // ---- One call at a time: from the control thread. They wait for the loop. ----

  // The new stream, running; with validate_only, what it would be; with allow_existing, the stream of that name if its
  // definition is the same. AlreadyExists: STREAM_EXISTS (stream, differs_in). ResourceExhausted: LIMIT_REACHED.
  // Unavailable: DRAINING, after StopAll. Else the error of HoldSecrets, or the source's;
  // nothing remains of the stream then.
  absl::StatusOr<StreamEntryPtr> Create(const StreamPlan& plan, const CreateOptions& options);

  // Ends the stream and forgets it. NotFound: STREAM_UNKNOWN, unless allow_missing.
  absl::Status Delete(std::string_view name, bool allow_missing);

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
  size_t size() const;
  // The error of a name that no stream has.
  absl::Status Unknown(std::string_view name) const;

 private:
  using Entries = std::map<std::string, StreamEntryPtr, std::less<>>;

  absl::StatusOr<StreamEntryPtr> Existing(const StreamPlan& plan, const StreamEntryPtr& entry, bool allow) const;
  absl::Status CheckRoom() const;
  absl::StatusOr<SecretLease> HoldSecretsOf(const ingest::StreamSpec& spec) const;
  std::shared_ptr<ingest::Stream> MakeStream(const StreamPlan& plan, ingest::WallTime create_time) const;
  absl::Status Start(const std::shared_ptr<ingest::Stream>& stream) const;
  StreamEntryPtr Lookup(std::string_view name) const;
  void Insert(const StreamEntryPtr& entry);

  const Options options_;
  bool draining_ = false;                                                             // control thread
  std::map<std::string, std::shared_ptr<ingest::RecordLog>, std::less<>> aged_logs_;  // control thread
  mutable std::mutex mutex_;
  Entries entries_;  // guarded by mutex_
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_STREAM_REGISTRY_H_
