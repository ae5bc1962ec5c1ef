// The verb check: why a stream stays silent, stage by stage.
#ifndef INLET_CLI_CHECK_COMMAND_H_
#define INLET_CLI_CHECK_COMMAND_H_

#include "cli/commands.h"

namespace inlet::cli {

v1::CheckConnectionRequest BuildRequest(const CheckCommand& command);

// kExitOk if reachable; kExitError if not, or if the service answers with an error. `coloured`: for a terminal.
int RunCheck(const CheckCommand& command, CommandContext& context, bool coloured);

}  // namespace inlet::cli

#endif  // INLET_CLI_CHECK_COMMAND_H_
