// The conf keys: changes them together with the streams that take them, and tells anybody what they are.
#ifndef INLET_SERVICE_CONF_KEY_REGISTRY_H_
#define INLET_SERVICE_CONF_KEY_REGISTRY_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "service/conf_key_entry.h"
#include "service/conf_key_users.h"
#include "service/definition_store.h"
#include "service/secret_store.h"

namespace inlet::service {

class ConfKeyRegistry {
 public:
  // Checks that all these streams can be as planned, all together; then calls `commit`, and if that is OK, too, changes
  // them one after the other, which cannot fail any more. Without a `commit` it only checks. The names of those that
  // reconnect. After an error none has changed. Control thread.
  using Commit = std::function<absl::Status()>;
  using ApplyPlans =
      std::function<absl::StatusOr<std::vector<std::string>>(std::vector<StreamPlan> plans, const Commit& commit)>;

  struct Options {
    DefinitionStore* store = nullptr;  // null: what is put lasts as long as the process
    SecretStore* secrets = nullptr;    // null: references are not looked at
    bool allow_proxy = false;          // egress.proxy
    NextStreams next_streams;
    PlanWithKeys plan;
    ApplyPlans apply;
    size_t max_bytes = 16U << 20;  // of all keys that are put, each with kKeyBytes on top
  };
  static constexpr size_t kKeyBytes = 1024;

  // What a change has brought, or would.
  struct Changed {
    ConfKeyEntry entry;                     // of Put
    std::vector<std::string> sections;      // of ReplaceFile: those that say something else, by name
    std::vector<std::string> reconnecting;  // streams, in byte order
  };

  // `file`: what was read at the start.
  ConfKeyRegistry(const config::ConfKeys& file, Options options);

  // ---- Control thread. Nothing has changed after an error. ----

  // What the store kept. Before the first stream.
  void Restore(const std::vector<StoredConfKey>& stored);

  // Adds or replaces a key of the API; `etag`, if not empty, must be the present one. What it says already is not
  // written again. Aborted (ETAG_MISMATCH); ResourceExhausted (LIMIT_REACHED); the errors of CheckConfKeyName (about
  // conf_key.name), AcceptSettings, PlanUsers, ApplyPlans and the store.
  absl::StatusOr<Changed> Put(const std::string& name, v1::SourceSettings settings, std::string_view etag,
                              bool validate_only);

  // Takes a key of the API away; the file's section of that name holds again. NotFound (CONF_KEY_UNKNOWN);
  // FailedPrecondition: CONF_KEY_READ_ONLY (the file's alone), CONF_KEY_IN_USE (streams), also if the file's section
  // does not fit them; else as Put.
  absl::Status Delete(const std::string& name, std::string_view etag);

  // Takes what the file says instead of what it said, all of it or nothing. After an error the sections that would have
  // changed carry it as their file_error. FailedPrecondition (CONF_KEY_IN_USE): a section is gone that streams take.
  absl::StatusOr<Changed> ReplaceFile(const config::ConfKeys& file);

  // The file cannot be read, or not be understood: each of its sections carries `why` as its file_error.
  void RefuseFile(std::string_view why);

  // ---- Any thread; never blocks. ----

  ConfKeySnapshotPtr snapshot() const;

 private:
  // `persist` null: only checks.
  absl::StatusOr<std::vector<std::string>> Change(ConfKeyLayers next, const NameSet& changed, const Commit& persist);
  absl::Status CheckRoom(const ConfKeyLayers& layers) const;
  absl::Status CheckNotInUse(const std::string& name, std::string_view why) const;
  absl::Status WriteToStore(const std::string& name, const ConfKeyLayers& layers) const;
  void Publish();
  void SetFileErrors(const std::vector<std::string>& sections, std::string_view why);

  const Options options_;
  ConfKeyLayers layers_;                                         // control thread
  std::map<std::string, std::string, std::less<>> file_errors_;  // control thread
  mutable std::mutex mutex_;
  ConfKeySnapshotPtr snapshot_;  // guarded by mutex_
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_CONF_KEY_REGISTRY_H_
