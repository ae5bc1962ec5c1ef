// Where the service's own files define streams: the key streams.definitions, and the files of a folder.
#ifndef INLET_SERVICE_CONFIG_DEFINITION_FILES_H_
#define INLET_SERVICE_CONFIG_DEFINITION_FILES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/config/app_config.h"
#include "service/config/definition_reader.h"

namespace inlet::config {

// A file's text; of a longer one, one byte more than `limit`, so that a parser sees that it is too large. Errors carry
// the code of the system's: NotFound if there is none.
absl::StatusOr<std::string> ReadConfigFile(const std::string& path, size_t limit);

// Errors of ReadDefinedStreams.
absl::StatusOr<std::vector<DefinedStream>> ReadStreamsSetting(const UnreadSetting& setting);

// Adds what the files *.yaml and *.yml of the folder define, in byte order of their names; hidden ones are left out,
// and links are followed, as a mounted ConfigMap has them. An empty name is no folder. Errors of ReadDefinitions and
// ReadConfigFile; FIELD_INVALID for conf keys, which have their place in sources/websocket.yaml, and for a name that
// `streams` has already.
absl::Status AddDefinitionFolder(const std::string& folder, std::vector<DefinedStream>& streams);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_DEFINITION_FILES_H_
