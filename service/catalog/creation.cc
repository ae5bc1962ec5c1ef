// Makes the catalog's file, whole or not at all.
#include "service/catalog/creation.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "ingest/text.h"
#include "service/catalog/database.h"
#include "service/catalog/migrations.h"
#include "service/catalog/store_error.h"

namespace inlet::catalog {
namespace {

bool IsThere(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

bool IsEmpty(const std::string& path) {
  std::error_code error;
  return std::filesystem::file_size(path, error) == 0 && !error;
}

// What a start that was cut off has left is made anew.
absl::Status Create(const DataFolder& folder, std::string_view name) {
  const std::string unfinished = Concat({name, ".new"});
  folder.Remove(unfinished);
  folder.Remove(Concat({unfinished, "-journal"}));
  absl::Status status = folder.MakePrivateFile(unfinished);
  if (!status.ok()) return status;
  {
    const auto database = Database::Open(folder.FilePath(unfinished));
    if (!database.ok()) return database.status();
    status = Migrate(**database, Migrations());
  }
  return status.ok() ? folder.Rename(unfinished, name) : status;
}

}  // namespace

absl::Status MakeCatalogFile(const DataFolder& folder, std::string_view name) {
  const std::string path = folder.FilePath(name);
  if (IsThere(path)) return IsEmpty(path) ? DamagedError(path, "it is empty") : absl::OkStatus();
  if (IsThere(Concat({path, "-wal"}))) return DamagedError(path, "it is gone, and its -wal is there");
  return Create(folder, name);
}

}  // namespace inlet::catalog
