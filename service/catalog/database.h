// SQLite, as much of it as a catalog needs: one file, statements, and errors as absl::Status.
#ifndef INLET_SERVICE_CATALOG_DATABASE_H_
#define INLET_SERVICE_CATALOG_DATABASE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct sqlite3;
struct sqlite3_stmt;

namespace inlet::catalog {

// A statement with its values. Errors of binding show in Step.
class Statement {
 public:
  // The text is copied.
  Statement& Bind(int index, std::string_view text);
  Statement& Bind(int index, int64_t number);

  // True: there is a row, to be read before the next Step. False: it is done.
  absl::StatusOr<bool> Step();
  // Of the row; columns count from 0. The text lives until the next Step.
  std::string_view Text(int column) const;
  int64_t Number(int column) const;

 private:
  friend class Database;
  using Handle = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;
  Statement(Handle handle, const std::string& path) : handle_(std::move(handle)), path_(&path) {}

  Handle handle_;
  const std::string* path_;  // of the database, which outlives the statement
  int error_ = 0;
};

// One thread at a time.
class Database {
 public:
  // Opens a file that exists (an empty one is an empty database), for reading and writing.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& path);

  absl::StatusOr<Statement> Prepare(std::string_view sql);
  // As Prepare, for what runs often: compiled once and kept, which costs a tenth. One at a time of each text.
  absl::StatusOr<Statement> Reuse(std::string_view sql);
  // One statement or several; rows are dropped.
  absl::Status Run(const std::string& sql);
  // Prepared, bound by nobody, its first column of its first row.
  absl::StatusOr<int64_t> QueryNumber(std::string_view sql);
  absl::StatusOr<std::string> QueryText(std::string_view sql);

  // Moves what the write-ahead log holds into the file, on the disk, and empties it. False: not now, for somebody else
  // reads or writes. Waits for nobody.
  bool Checkpoint();

  // Whether the path names no file, or another than the one that was opened: what is written then is lost.
  bool HasMoved();

  const std::string& path() const { return path_; }

 private:
  using Handle = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;
  Database(Handle handle, std::string path) : handle_(std::move(handle)), path_(std::move(path)) {}
  absl::StatusOr<Statement> FirstRow(std::string_view sql);

  Handle handle_;
  std::map<std::string, Statement::Handle, std::less<>> kept_;  // by their texts; gone before handle_
  const std::string path_;
};

}  // namespace inlet::catalog

#endif  // INLET_SERVICE_CATALOG_DATABASE_H_
