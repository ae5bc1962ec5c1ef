// The definitions in an SQLite file of the data folder: what is acknowledged is on disk.
#include "service/catalog/catalog.h"

#include <chrono>
#include <utility>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/catalog/creation.h"
#include "service/catalog/definition_text.h"
#include "service/catalog/migrations.h"
#include "service/catalog/store_error.h"

namespace inlet::catalog {
namespace {

using service::StoredConfKey;
using service::StoredDefinitions;
using service::StoredStream;

// With WAL, FULL means one fsync a change. Triggers and functions that a changed file might bring are not run.
constexpr char kSettings[] =
    "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304; PRAGMA trusted_schema = OFF; "
    "PRAGMA cell_size_check = ON";

int64_t ToNumber(ingest::WallTime time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

ingest::WallTime ToTime(int64_t number) { return ingest::WallTime(std::chrono::nanoseconds(number)); }

absl::Status CheckContent(Database& database) {
  const auto found = database.QueryText("PRAGMA quick_check(1)");
  if (!found.ok()) return found.status();
  return *found == "ok" ? absl::OkStatus() : DamagedError(database.path(), *found);
}

absl::Status UseWriteAheadLog(Database& database) {
  const auto mode = database.QueryText("PRAGMA journal_mode = WAL");
  if (!mode.ok()) return mode.status();
  if (*mode == "wal") return absl::OkStatus();
  return StoreUnavailable(Concat({"the file system of ", database.path(),
                                  " cannot share memory between programs, as SQLite needs: choose a local one"}));
}

std::string TextOf(const absl::Status& status) { return {status.message().data(), status.message().size()}; }

// `row` holds something that this version cannot read.
absl::Status NotUnderstood(const std::string& path, std::string_view kind, std::string_view name,
                           const absl::Status& why) {
  constexpr std::string_view kWhatToDo =
      "start the newer Inlet that has written it, or mend or delete the row with sqlite3";
  return StoreUnavailable(
      Concat({path, ": the ", kind, " \"", name, "\" is not understood (", TextOf(why), "): ", kWhatToDo}));
}

absl::Status CannotKeep(std::string_view kind, std::string_view name, const absl::Status& why) {
  return StoreUnavailable(Concat({"the ", kind, " \"", name, "\" cannot be kept: ", TextOf(why)}));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Catalog>> Catalog::Open(const std::string& folder) {
  auto opened = DataFolder::Open(folder);
  if (!opened.ok()) return opened.status();
  absl::Status made = MakeCatalogFile(**opened, kCatalogFile);
  if (made.ok()) made = (*opened)->MakePrivateFile(kCatalogFile);
  if (!made.ok()) return made;
  auto database = Database::Open((*opened)->FilePath(kCatalogFile));
  if (!database.ok()) return database.status();
  absl::Status status = CheckContent(**database);
  if (status.ok()) status = UseWriteAheadLog(**database);
  if (status.ok()) status = (*database)->Run(kSettings);
  if (status.ok()) status = Migrate(**database, Migrations());
  if (!status.ok()) return status;
  return std::unique_ptr<Catalog>(new Catalog(*std::move(opened), *std::move(database)));
}

absl::StatusOr<StoredDefinitions> Catalog::Load() {
  StoredDefinitions definitions;
  absl::Status status = LoadStreams(definitions);
  if (status.ok()) status = LoadConfKeys(definitions);
  if (status.ok()) status = LoadLastAlive(definitions);
  if (!status.ok()) return status;
  return definitions;
}

absl::Status Catalog::LoadStreams(StoredDefinitions& definitions) {
  auto rows = database_->Prepare(
      "SELECT name, definition, create_time, update_time, revision, paused, pause_time FROM stream ORDER BY name");
  if (!rows.ok()) return rows.status();
  while (true) {
    const auto row = rows->Step();
    if (!row.ok() || !*row) return row.status();
    StoredStream& stream = definitions.streams.emplace_back();
    absl::Status status = DefinitionFromText(rows->Text(1), stream.definition);
    if (status.ok() && stream.definition.name() != rows->Text(0)) {
      status = absl::InvalidArgumentError("its definition has another name");
    }
    if (!status.ok()) return NotUnderstood(path(), "stream", rows->Text(0), status);
    stream.create_time = ToTime(rows->Number(2));
    stream.update_time = ToTime(rows->Number(3));
    stream.revision = static_cast<uint64_t>(rows->Number(4));
    stream.paused = rows->Number(5) != 0;
    stream.pause_time = ToTime(rows->Number(6));
  }
}

absl::Status Catalog::LoadConfKeys(StoredDefinitions& definitions) {
  auto rows = database_->Prepare("SELECT name, settings, update_time, revision FROM conf_key ORDER BY name");
  if (!rows.ok()) return rows.status();
  while (true) {
    const auto row = rows->Step();
    if (!row.ok() || !*row) return row.status();
    StoredConfKey& conf_key = definitions.conf_keys.emplace_back();
    conf_key.name = rows->Text(0);
    const absl::Status status = DefinitionFromText(rows->Text(1), conf_key.settings);
    if (!status.ok()) return NotUnderstood(path(), "conf key", conf_key.name, status);
    conf_key.update_time = ToTime(rows->Number(2));
    conf_key.revision = static_cast<uint64_t>(rows->Number(3));
  }
}

absl::Status Catalog::LoadLastAlive(StoredDefinitions& definitions) {
  auto rows = database_->Prepare("SELECT time FROM last_alive");
  if (!rows.ok()) return rows.status();
  const auto row = rows->Step();
  if (row.ok() && *row) definitions.last_alive = ToTime(rows->Number(0));
  return row.status();
}

// In the same log as the changes, so a change that follows brings it to the disk.
void Catalog::Touch(ingest::WallTime now) {
  database_->Run("PRAGMA synchronous = NORMAL").IgnoreError();
  if (auto statement = database_->Reuse("INSERT OR REPLACE INTO last_alive VALUES (1, ?1)"); statement.ok()) {
    statement->Bind(1, ToNumber(now));
    statement->Step().status().IgnoreError();
  }
  database_->Run("PRAGMA synchronous = FULL").IgnoreError();
  if (has_changes_) has_changes_ = !database_->Checkpoint();
}

// Looked at before it is written: a change that is refused must not show if the folder is brought back.
absl::Status Catalog::Execute(Statement& statement) {
  if (database_->HasMoved()) return MovedError(path());
  has_changes_ = true;
  return statement.Step().status();
}

absl::Status Catalog::PutStream(const StoredStream& stream) {
  const std::string& name = stream.definition.name();
  const auto text = DefinitionToText(stream.definition);
  if (!text.ok()) return CannotKeep("stream", name, text.status());
  auto statement = database_->Reuse(
      "INSERT OR REPLACE INTO stream (name, definition, create_time, update_time, revision, paused, pause_time) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  if (!statement.ok()) return statement.status();
  statement->Bind(1, name)
      .Bind(2, *text)
      .Bind(3, ToNumber(stream.create_time))
      .Bind(4, ToNumber(stream.update_time))
      .Bind(5, static_cast<int64_t>(stream.revision))
      .Bind(6, stream.paused ? 1 : 0)
      .Bind(7, ToNumber(stream.pause_time));
  return Execute(*statement);
}

absl::Status Catalog::PutStreams(const std::vector<StoredStream>& streams) {
  absl::Status status = database_->Run("BEGIN IMMEDIATE");
  if (!status.ok()) return status;
  for (size_t i = 0; i < streams.size() && status.ok(); ++i) status = PutStream(streams[i]);
  if (status.ok()) status = database_->Run("COMMIT");
  // SQLite has rolled back by itself after some errors, and not after others.
  if (!status.ok()) database_->Run("ROLLBACK").IgnoreError();
  return status;
}

absl::Status Catalog::PutConfKey(const StoredConfKey& conf_key) {
  const auto text = DefinitionToText(conf_key.settings);
  if (!text.ok()) return CannotKeep("conf key", conf_key.name, text.status());
  auto statement = database_->Reuse(
      "INSERT OR REPLACE INTO conf_key (name, settings, update_time, revision) VALUES (?1, ?2, ?3, ?4)");
  if (!statement.ok()) return statement.status();
  statement->Bind(1, conf_key.name)
      .Bind(2, *text)
      .Bind(3, ToNumber(conf_key.update_time))
      .Bind(4, static_cast<int64_t>(conf_key.revision));
  return Execute(*statement);
}

absl::Status Catalog::DeleteStream(std::string_view name) { return Delete("DELETE FROM stream WHERE name = ?1", name); }

absl::Status Catalog::DeleteConfKey(std::string_view name) {
  return Delete("DELETE FROM conf_key WHERE name = ?1", name);
}

absl::Status Catalog::Delete(std::string_view sql, std::string_view name) {
  auto statement = database_->Reuse(sql);
  if (!statement.ok()) return statement.status();
  statement->Bind(1, name);
  return Execute(*statement);
}

}  // namespace inlet::catalog
