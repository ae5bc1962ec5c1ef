// The form of the catalog's file, version by version.
#ifndef INLET_SERVICE_CATALOG_MIGRATIONS_H_
#define INLET_SERVICE_CATALOG_MIGRATIONS_H_

#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "service/catalog/database.h"

namespace inlet::catalog {

// Entry i turns a file of version i into one of version i + 1; version 0 is an empty file. What was released is never
// changed: a later form is a further entry.
std::span<const std::string_view> Migrations();

// Brings the file to the last version, each step in a transaction of its own: a step that fails, or is cut off, has not
// happened. STORE_UNAVAILABLE: the file is of a version that is not known yet, or belongs to another program, or the
// errors of Database. Nothing is written then.
absl::Status Migrate(Database& database, std::span<const std::string_view> migrations);

}  // namespace inlet::catalog

#endif  // INLET_SERVICE_CATALOG_MIGRATIONS_H_
