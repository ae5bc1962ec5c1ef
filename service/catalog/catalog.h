// The definitions in an SQLite file of the data folder: what is acknowledged is on disk.
#ifndef INLET_SERVICE_CATALOG_CATALOG_H_
#define INLET_SERVICE_CATALOG_CATALOG_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/catalog/data_folder.h"
#include "service/catalog/database.h"
#include "service/definition_store.h"

namespace inlet::catalog {

// The file's name in the data folder; SQLite keeps catalog.db-wal and catalog.db-shm beside it while it is open.
inline constexpr std::string_view kCatalogFile = "catalog.db";

// One thread at a time. A change that failed can be tried again: what was wrong with the disk is looked at anew. No
// change is made once the folder was deleted, moved or replaced: STORE_UNAVAILABLE.
class Catalog final : public service::DefinitionStore {
 public:
  // Makes the folder and the file if they are missing, takes the folder's lock, checks the file, and brings it to the
  // form of this version. STORE_UNAVAILABLE, with what to do: see DataFolder and Migrate; the file is damaged, or
  // cannot be written.
  static absl::StatusOr<std::unique_ptr<Catalog>> Open(const std::string& folder);

  // STORE_UNAVAILABLE also for a definition that this version does not understand; which one is told.
  absl::StatusOr<service::StoredDefinitions> Load() override;
  absl::Status PutStream(const service::StoredStream& stream) override;
  absl::Status PutStreams(const std::vector<service::StoredStream>& streams) override;
  absl::Status DeleteStream(std::string_view name) override;
  absl::Status PutConfKey(const service::StoredConfKey& conf_key) override;
  absl::Status DeleteConfKey(std::string_view name) override;

  // Remembers that the service runs at `now`, for Load's last_alive of the next start. Cheap, since it is not awaited:
  // it outlives the process whatever ends that, and a power failure may lose the last ones. An error is dropped,
  // because the next change tells of it. Changes are moved from the -wal into the file, since SQLite takes damage in
  // the -wal for its end.
  void Touch(ingest::WallTime now);

  // Of the file.
  const std::string& path() const { return database_->path(); }

 private:
  Catalog(std::unique_ptr<DataFolder> folder, std::unique_ptr<Database> database)
      : folder_(std::move(folder)), database_(std::move(database)) {}

  absl::Status LoadStreams(service::StoredDefinitions& definitions);
  absl::Status LoadConfKeys(service::StoredDefinitions& definitions);
  absl::Status LoadLastAlive(service::StoredDefinitions& definitions);
  absl::Status Execute(Statement& statement);
  absl::Status Delete(std::string_view sql, std::string_view name);

  const std::unique_ptr<DataFolder> folder_;
  const std::unique_ptr<Database> database_;
  bool has_changes_ = true;  // in the -wal, or of the last process
};

}  // namespace inlet::catalog

#endif  // INLET_SERVICE_CATALOG_CATALOG_H_
