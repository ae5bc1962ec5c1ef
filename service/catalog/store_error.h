// What can go wrong with the catalog's file, said so that an operator knows what to do.
#ifndef INLET_SERVICE_CATALOG_STORE_ERROR_H_
#define INLET_SERVICE_CATALOG_STORE_ERROR_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace inlet::catalog {

// UNAVAILABLE, STORE_UNAVAILABLE.
absl::Status StoreUnavailable(std::string_view message);

// `path` could not be made, opened or locked: the system's `error`, and what to do about the usual ones.
absl::Status PathError(std::string_view path, std::string_view what, int error);

// What SQLite says about the file at `path`. `code`: an extended result code. `system_error`: errno behind it, or 0.
struct SqliteFailure {
  int code = 0;
  int system_error = 0;
  std::string message;
};
absl::Status SqliteError(std::string_view path, const SqliteFailure& failure);

// The file holds what no catalog holds.
absl::Status DamagedError(std::string_view path, std::string_view detail);

// The folder was deleted, moved or replaced under the service that has the file open.
absl::Status MovedError(std::string_view path);

}  // namespace inlet::catalog

#endif  // INLET_SERVICE_CATALOG_STORE_ERROR_H_
