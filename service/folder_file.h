// Reads a file of one folder, and of no other place. Blocks as a disk does.
#ifndef INLET_SERVICE_FOLDER_FILE_H_
#define INLET_SERVICE_FOLDER_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace inlet::service {

// The file `path`, relative to `folder` or below it; symbolic links count by where they lead. PermissionDenied: outside
// of the folder. NotFound, or the code of the system's error: it cannot be read. ResourceExhausted: it is larger than
// `limit`. FailedPrecondition: it is no plain file. The message is the end of a sentence about the file.
absl::StatusOr<std::string> ReadFolderFile(const std::string& folder, const std::string& path, size_t limit);

}  // namespace inlet::service

#endif  // INLET_SERVICE_FOLDER_FILE_H_
