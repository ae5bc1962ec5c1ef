// The verb watch: a line for each change of a stream's status, as long as nobody stops it.
#ifndef INLET_CLI_WATCH_COMMAND_H_
#define INLET_CLI_WATCH_COMMAND_H_

#include <chrono>
#include <string>

#include "cli/commands.h"
#include "cli/stop.h"

namespace inlet::cli {

// What is printed of a response, with its line end; empty for what is no change. `now`: when it came.
std::string WatchLine(const v1::WatchStreamResponse& response, std::chrono::system_clock::time_point now);

// A call that is lost once it was answered is made again.
int RunWatch(const WatchCommand& command, CommandContext& context, Stop& stop);

}  // namespace inlet::cli

#endif  // INLET_CLI_WATCH_COMMAND_H_
