// The folder that one service keeps its files in: made if it is missing, locked while the service runs.
#ifndef INLET_SERVICE_CATALOG_DATA_FOLDER_H_
#define INLET_SERVICE_CATALOG_DATA_FOLDER_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace inlet::catalog {

// Holds the lock until it is destroyed, or the process ends in whatever way.
class DataFolder {
 public:
  // Makes the folder, for its owner alone, and those above it. What it holds beside our own files is left alone.
  // STORE_UNAVAILABLE: it cannot be made or written, or another service has it.
  static absl::StatusOr<std::unique_ptr<DataFolder>> Open(const std::string& path);
  ~DataFolder();
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  std::string FilePath(std::string_view name) const;

  // No effect if there is none.
  void Remove(std::string_view name) const;
  // Gives a file another name, on the disk.
  absl::Status Rename(std::string_view name, std::string_view other) const;

  // Makes an empty file of that name if there is none. It holds secrets: nobody but its owner may read it, and one that
  // others may read is changed.
  absl::Status MakePrivateFile(std::string_view name) const;

 private:
  DataFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  const std::string path_;
  const int lock_;  // descriptor
};

}  // namespace inlet::catalog

#endif  // INLET_SERVICE_CATALOG_DATA_FOLDER_H_
