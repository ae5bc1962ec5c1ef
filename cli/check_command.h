// The verb check: why a stream stays silent, stage by stage.
#ifndef INLET_CLI_CHECK_COMMAND_H_
#define INLET_CLI_CHECK_COMMAND_H_

#include "cli/invocation.h"
#include "cli/output.h"
#include "inlet/v1/inlet.grpc.pb.h"

namespace inlet::cli {

v1::CheckConnectionRequest BuildRequest(const CheckCommand& command);

// kExitOk if reachable; kExitError if not, or if the service answers with an error. `coloured`: for a terminal.
int RunCheck(const CheckCommand& command, v1::ConnectionService::StubInterface& stub, const Invocation& invocation,
             Output& output, bool coloured);

}  // namespace inlet::cli

#endif  // INLET_CLI_CHECK_COMMAND_H_
