// The definitions that apply shall bring about, read from files and folders.
#ifndef INLET_CLI_WANTED_DEFINITIONS_H_
#define INLET_CLI_WANTED_DEFINITIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::cli {

struct WantedStream {
  v1::Stream definition;             // as fields, also if it was written as a statement
  v1::CreateStreamRequest creation;  // as it was written
  std::string place;                 // "streams.yaml:12"
};

struct WantedConfKey {
  v1::ConfKey conf_key;
  std::string place;
};

// No two streams, and no two conf keys, have the same name. `default`, on which the other keys build, is the first key.
struct WantedDefinitions {
  std::vector<WantedStream> streams;
  std::vector<WantedConfKey> conf_keys;
};

// Adds what a text defines. Returns all mistakes: INVALID_ARGUMENT with line and key, as in files of the service.
std::vector<absl::Status> AddDefinitions(std::string_view source, std::string_view text, WantedDefinitions& wanted);

// The files among `paths`, and those of its folders that end in .yaml or .yml, in byte order, without hidden ones. "-"
// stays. NOT_FOUND and other errors of the system.
absl::StatusOr<std::vector<std::string>> ExpandFolders(const std::vector<std::string>& paths);

}  // namespace inlet::cli

#endif  // INLET_CLI_WANTED_DEFINITIONS_H_
