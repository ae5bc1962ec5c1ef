// Makes the catalog's file, whole or not at all.
#ifndef INLET_SERVICE_CATALOG_CREATION_H_
#define INLET_SERVICE_CATALOG_CREATION_H_

#include <string_view>

#include "absl/status/status.h"
#include "service/catalog/data_folder.h"

namespace inlet::catalog {

// Makes a catalog without definitions of that name if there is no such file: under another name, which it gives up when
// it is on the disk. So a file without content is never one of ours: STORE_UNAVAILABLE, as for a -wal without its file.
absl::Status MakeCatalogFile(const DataFolder& folder, std::string_view name);

}  // namespace inlet::catalog

#endif  // INLET_SERVICE_CATALOG_CREATION_H_
