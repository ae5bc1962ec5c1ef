// What can go wrong with the catalog's file, said so that an operator knows what to do.
#include "service/catalog/store_error.h"

#include <sqlite3.h>

#include <cerrno>
#include <filesystem>

#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::catalog {
namespace {

std::string FolderOf(std::string_view path) { return std::filesystem::path(path).parent_path().string(); }

std::string SystemText(int error) {
  const absl::Status status = absl::ErrnoToStatus(error, "");
  std::string text(status.message());
  // absl puts ": " before what strerror says.
  return text.starts_with(": ") ? text.substr(2) : text;
}

bool IsFull(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

bool IsForbidden(int error) { return error == EACCES || error == EPERM || error == EROFS; }

std::string Full(std::string_view folder) { return Concat({"there is no room left in ", folder, ": free some"}); }

constexpr std::string_view kNotWritable =
    ": it must be writable for the user that inletd runs as; choose another folder with dataDir, or \"\" to keep "
    "nothing";

}  // namespace

absl::Status StoreUnavailable(std::string_view message) {
  return MakeError(absl::StatusCode::kUnavailable, message, {"STORE_UNAVAILABLE", {}, {}, {}});
}

absl::Status PathError(std::string_view path, std::string_view what, int error) {
  if (IsFull(error)) return StoreUnavailable(Full(FolderOf(path)));
  const bool is_choice = IsForbidden(error) || error == ENOTDIR || error == EEXIST || error == ENOENT;
  return StoreUnavailable(Concat({"cannot ", what, " ", path, ": ", SystemText(error), is_choice ? kNotWritable : ""}));
}

absl::Status DamagedError(std::string_view path, std::string_view detail) {
  return StoreUnavailable(Concat({path, " is damaged (", detail,
                                  "): put a copy of it back, or move it away with its -wal and -shm to begin without "
                                  "definitions; sqlite3's .recover reads what can be read"}));
}

absl::Status MovedError(std::string_view path) {
  return StoreUnavailable(Concat({path, " is no longer the file that inletd has opened: ", FolderOf(path),
                                  " was deleted, moved or replaced while inletd runs. Put it back, or save what "
                                  "runs with inletctl export and restart inletd; streams that run go on"}));
}

absl::Status SqliteError(std::string_view path, const SqliteFailure& failure) {
  constexpr int kPrimary = 0xff;
  const int primary = failure.code & kPrimary;
  if (primary == SQLITE_FULL || IsFull(failure.system_error)) return StoreUnavailable(Full(FolderOf(path)));
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB) return DamagedError(path, failure.message);
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) {
    return StoreUnavailable(
        Concat({path, " is locked by another program that works on it: let it end, then try again"}));
  }
  // SQLite does not tell a quota or a limit on files from a disk that fails.
  if (failure.code == SQLITE_IOERR_WRITE || failure.code == SQLITE_IOERR_SHMSIZE) {
    return StoreUnavailable(Concat({"cannot write ", path, ": either ", Full(FolderOf(path)), "; or the disk fails"}));
  }
  const bool forbidden = primary == SQLITE_READONLY || primary == SQLITE_PERM || primary == SQLITE_CANTOPEN;
  const std::string system = failure.system_error == 0 ? "" : Concat({", ", SystemText(failure.system_error)});
  return StoreUnavailable(Concat({"cannot read or write ", path, ": ", failure.message, system,
                                  forbidden || IsForbidden(failure.system_error) ? kNotWritable : ""}));
}

}  // namespace inlet::catalog
