// The verb subscribe.
#ifndef INLET_CLI_SUBSCRIBE_COMMAND_H_
#define INLET_CLI_SUBSCRIBE_COMMAND_H_

#include "cli/commands.h"
#include "cli/stop.h"

namespace inlet::cli {

// Returns when the subscription has ended, its output is closed, or a stop is requested. `output` gets the records,
// standard error all else.
int RunSubscribe(const SubscribeCommand& command, CommandContext& context, Stop& stop);

}  // namespace inlet::cli

#endif  // INLET_CLI_SUBSCRIBE_COMMAND_H_
