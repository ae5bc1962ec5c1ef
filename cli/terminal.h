// What goes to standard error, and whether there are colours.
#ifndef INLET_CLI_TERMINAL_H_
#define INLET_CLI_TERMINAL_H_

#include <grpcpp/support/status.h>

#include <string>
#include <string_view>

#include "cli/invocation.h"

namespace inlet::cli {

// Text that may come from the other side: control characters, which a terminal would obey, as ?.
std::string Harmless(std::string_view text);

// A terminal that may have colours: not with NO_COLOR set, not with TERM=dumb.
bool HasColours(int file_descriptor);

// A line on standard error; dim, for what happens beside the records.
void PrintNotice(std::string_view text);

// A line on standard error, red.
void PrintError(std::string_view text);

// What went wrong with a call, and a hint if there is one. Returns kExitError.
int PrintStatus(const grpc::Status& status, const Invocation& invocation);

}  // namespace inlet::cli

#endif  // INLET_CLI_TERMINAL_H_
