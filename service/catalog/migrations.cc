// The form of the catalog's file, version by version.
#include "service/catalog/migrations.h"

#include <array>
#include <cstdint>
#include <string>

#include "ingest/text.h"
#include "service/catalog/store_error.h"

namespace inlet::catalog {
namespace {

// "INLT": what `file` and SQLite's own tools tell our files by.
constexpr int64_t kApplicationId = 0x494e4c54;

// Times are nanoseconds since 1970. Definitions are the contract's JSON, so that a person can read and mend them.
constexpr std::array<std::string_view, 3> kMigrations = {
    R"(CREATE TABLE stream (
         name TEXT PRIMARY KEY,
         definition TEXT NOT NULL,
         create_time INTEGER NOT NULL,
         update_time INTEGER NOT NULL,
         revision INTEGER NOT NULL,
         paused INTEGER NOT NULL
       ) STRICT, WITHOUT ROWID;
       CREATE TABLE conf_key (
         name TEXT PRIMARY KEY,
         settings TEXT NOT NULL,
         update_time INTEGER NOT NULL,
         revision INTEGER NOT NULL
       ) STRICT, WITHOUT ROWID;)",
    // One row: when the service ran last.
    "CREATE TABLE last_alive (id INTEGER PRIMARY KEY CHECK (id = 1), time INTEGER NOT NULL) STRICT;",
    // Of a paused stream; 0: nobody knows.
    "ALTER TABLE stream ADD COLUMN pause_time INTEGER NOT NULL DEFAULT 0;",
};

// A file that has tables and does not carry our mark is somebody else's.
absl::Status CheckOwner(Database& database) {
  const auto owner = database.QueryNumber("PRAGMA application_id");
  if (!owner.ok()) return owner.status();
  if (*owner == kApplicationId) return absl::OkStatus();
  const auto tables = database.QueryNumber("SELECT count(*) FROM sqlite_master");
  if (!tables.ok()) return tables.status();
  if (*owner == 0 && *tables == 0) return absl::OkStatus();
  return StoreUnavailable(
      Concat({database.path(), " is another program's database: move it away, or choose another folder with dataDir"}));
}

absl::Status Step(Database& database, std::string_view migration, size_t version) {
  const std::string number = std::to_string(version);
  absl::Status status =
      database.Run(Concat({"BEGIN IMMEDIATE; ", migration, "; PRAGMA user_version = ", number,
                           "; PRAGMA application_id = ", std::to_string(kApplicationId), "; COMMIT"}));
  // SQLite has rolled back by itself after some errors, and not after others.
  if (!status.ok()) database.Run("ROLLBACK").IgnoreError();
  return status;
}

}  // namespace

std::span<const std::string_view> Migrations() { return kMigrations; }

absl::Status Migrate(Database& database, std::span<const std::string_view> migrations) {
  if (absl::Status owner = CheckOwner(database); !owner.ok()) return owner;
  const auto version = database.QueryNumber("PRAGMA user_version");
  if (!version.ok()) return version.status();
  const auto known = static_cast<int64_t>(migrations.size());
  if (*version < 0 || *version > known) {
    return StoreUnavailable(Concat({database.path(), " has the form ", std::to_string(*version),
                                    " of a newer Inlet, and this one knows up to ", std::to_string(known),
                                    ": start the newer one, or choose another folder with dataDir"}));
  }
  for (auto next = static_cast<size_t>(*version); next < migrations.size(); ++next) {
    if (absl::Status status = Step(database, migrations[next], next + 1); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace inlet::catalog
