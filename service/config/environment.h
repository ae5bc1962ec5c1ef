// Which setting an environment variable overrides: FILE__SECTION__KEY in any case.
#ifndef INLET_SERVICE_CONFIG_ENVIRONMENT_H_
#define INLET_SERVICE_CONFIG_ENVIRONMENT_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace inlet::config {

// A section that exists, in the file that a variable's name begins with.
struct EnvironmentSection {
  std::string file;  // INLET or WEBSOCKET
  std::string name;  // "grpc", "streams.retention", "default"; empty: the file's own keys
  std::vector<std::string_view> keys;
};

struct Override {
  std::string variable;
  std::string text;
  size_t section = 0;  // index in the sections given
  std::string_view key;
};

// Those of `environment` that begin with a file's name and "__", each with the setting that it names, in the order of
// the sections. OPTION_UNKNOWN with the nearest name for one that names nothing; FIELD_INVALID for one that fits two
// sections, and for two that name the same setting.
absl::StatusOr<std::vector<Override>> ResolveEnvironment(
    const std::vector<std::pair<std::string, std::string>>& environment,
    const std::vector<EnvironmentSection>& sections);

// What to write instead of a variable that names nothing, in any case, though a setting is meant: INLET_GRPC_ADDRESS
// and its like, with one underscore, and those of eKuiper, which begin with KUIPER__. Empty for all others.
std::string_view HintForIgnored(std::string_view variable);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_ENVIRONMENT_H_
