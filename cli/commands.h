// What the verbs do. Each prints its result and returns the exit code.
#ifndef INLET_CLI_COMMANDS_H_
#define INLET_CLI_COMMANDS_H_

#include <string>

#include "cli/client.h"
#include "cli/invocation.h"
#include "cli/output.h"

namespace inlet::cli {

// Where a command speaks to and prints.
struct CommandContext {
  Client& client;
  const Invocation& invocation;
  Output& output;
};

int RunCreate(const CreateCommand& command, CommandContext& context);
int RunList(const ListCommand& command, CommandContext& context);
int RunShow(const ShowCommand& command, CommandContext& context);
// All names are tried, whatever becomes of the first.
int RunDrop(const DropCommand& command, CommandContext& context);
int RunSource(const SourceCommand& command, CommandContext& context);

// kExitUsage if a file cannot be read or understood.
int RunUpdate(const UpdateCommand& command, CommandContext& context);
int RunConfKeys(const ConfKeysCommand& command, CommandContext& context);
int RunConfKey(const ConfKeyCommand& command, CommandContext& context);
int RunExport(const ExportCommand& command, CommandContext& context);
// kExitDiffers after a dry run that would change something, if the command asks for it.
int RunApply(const ApplyCommand& command, CommandContext& context);

int RunConnections(const ConnectionsCommand& command, CommandContext& context);
int RunClose(const CloseCommand& command, CommandContext& context);
// kExitError also if a connection refused the text.
int RunSend(const SendCommand& command, CommandContext& context);

}  // namespace inlet::cli

#endif  // INLET_CLI_COMMANDS_H_
