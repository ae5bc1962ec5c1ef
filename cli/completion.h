// The script that teaches bash to complete inletctl's command line.
#ifndef INLET_CLI_COMPLETION_H_
#define INLET_CLI_COMPLETION_H_

#include <string_view>

namespace inlet::cli {

// Names of streams are asked from the service (`inletctl list --names`, for at most a second).
std::string_view BashCompletion();

}  // namespace inlet::cli

#endif  // INLET_CLI_COMPLETION_H_
