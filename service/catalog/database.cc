// SQLite, as much of it as a catalog needs: one file, statements, and errors as absl::Status.
#include "service/catalog/database.h"

#include <sqlite3.h>

#include <utility>

#include "service/catalog/store_error.h"

namespace inlet::catalog {
namespace {

constexpr int kBusyMilliseconds = 2000;

absl::Status ErrorOf(sqlite3* handle, const std::string& path) {
  return SqliteError(path, {sqlite3_extended_errcode(handle), sqlite3_system_errno(handle), sqlite3_errmsg(handle)});
}

// Ends its run, and lets go of what was bound: that may be a secret.
int Release(sqlite3_stmt* statement) {
  const int code = sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return code;
}

}  // namespace

Statement& Statement::Bind(int index, std::string_view text) {
  const int code = sqlite3_bind_text64(handle_.get(), index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) error_ = code;
  return *this;
}

Statement& Statement::Bind(int index, int64_t number) {
  const int code = sqlite3_bind_int64(handle_.get(), index, number);
  if (code != SQLITE_OK) error_ = code;
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  if (error_ != 0) return SqliteError(*path_, {error_, 0, sqlite3_errstr(error_)});
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return ErrorOf(sqlite3_db_handle(handle_.get()), *path_);
}

std::string_view Statement::Text(int column) const {
  const void* const text = sqlite3_column_text(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  if (text == nullptr) return {};
  return {static_cast<const char*>(text), static_cast<size_t>(size)};
}

int64_t Statement::Number(int column) const { return sqlite3_column_int64(handle_.get(), column); }

absl::StatusOr<std::unique_ptr<Database>> Database::Open(const std::string& path) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Handle handle(raw, &sqlite3_close);
  if (code != SQLITE_OK) {
    return raw == nullptr ? SqliteError(path, {code, 0, sqlite3_errstr(code)}) : ErrorOf(raw, path);
  }
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, kBusyMilliseconds);
  return std::unique_ptr<Database>(new Database(std::move(handle), path));
}

absl::StatusOr<Statement> Database::Prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  if (code != SQLITE_OK) return ErrorOf(handle_.get(), path_);
  return Statement(Statement::Handle(raw, &sqlite3_finalize), path_);
}

absl::StatusOr<Statement> Database::Reuse(std::string_view sql) {
  auto kept = kept_.find(sql);
  if (kept == kept_.end()) {
    auto statement = Prepare(sql);
    if (!statement.ok()) return statement.status();
    kept = kept_.emplace(sql, std::move(statement->handle_)).first;
  }
  return Statement(Statement::Handle(kept->second.get(), &Release), path_);
}

absl::Status Database::Run(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : ErrorOf(handle_.get(), path_);
}

bool Database::Checkpoint() {
  sqlite3_busy_timeout(handle_.get(), 0);
  const int code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(handle_.get(), kBusyMilliseconds);
  return code == SQLITE_OK;
}

bool Database::HasMoved() {
  int moved = 0;
  return sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

absl::StatusOr<Statement> Database::FirstRow(std::string_view sql) {
  auto statement = Prepare(sql);
  if (!statement.ok()) return statement.status();
  const auto row = statement->Step();
  if (!row.ok()) return row.status();
  if (!*row) return DamagedError(path_, "a row is missing");
  return statement;
}

absl::StatusOr<int64_t> Database::QueryNumber(std::string_view sql) {
  const auto row = FirstRow(sql);
  if (!row.ok()) return row.status();
  return row->Number(0);
}

absl::StatusOr<std::string> Database::QueryText(std::string_view sql) {
  const auto row = FirstRow(sql);
  if (!row.ok()) return row.status();
  return std::string(row->Text(0));
}

}  // namespace inlet::catalog
