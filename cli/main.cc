// inletctl: the command line of Inlet's gRPC interface.
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <string>
#include <variant>
#include <vector>

#include "cli/arguments.h"
#include "cli/check_command.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/subscribe_command.h"
#include "cli/terminal.h"
#include "cli/watch_command.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

int PrintText(Output& output, std::string_view text) {
  output.buffer() += text;
  return kExitOk;
}

// Runs one verb. What it prints is in `output`, flushed or not.
class Runner {
 public:
  Runner(const Invocation& invocation, Output& output) : invocation_(invocation), output_(output) {}

  int operator()(const VersionCommand& /*command*/) const { return PrintText(output_, "inletctl " INLET_VERSION "\n"); }
  int operator()(const CompletionCommand& /*command*/) const { return PrintText(output_, BashCompletion()); }
  int operator()(const CreateCommand& command) const { return Call(RunCreate, command); }
  int operator()(const ListCommand& command) const { return Call(RunList, command); }
  int operator()(const ShowCommand& command) const { return Call(RunShow, command); }
  int operator()(const DropCommand& command) const { return Call(RunDrop, command); }
  int operator()(const SourceCommand& command) const { return Call(RunSource, command); }
  int operator()(const ConnectionsCommand& command) const { return Call(RunConnections, command); }
  int operator()(const CloseCommand& command) const { return Call(RunClose, command); }
  int operator()(const SendCommand& command) const { return Call(RunSend, command); }
  int operator()(const UpdateCommand& command) const { return Call(RunUpdate, command); }
  int operator()(const ConfKeysCommand& command) const { return Call(RunConfKeys, command); }
  int operator()(const ConfKeyCommand& command) const { return Call(RunConfKey, command); }
  int operator()(const ExportCommand& command) const { return Call(RunExport, command); }
  int operator()(const ApplyCommand& command) const { return Call(RunApply, command); }

  int operator()(const SubscribeCommand& command) const { return CallUntilStopped(RunSubscribe, command); }
  int operator()(const WatchCommand& command) const { return CallUntilStopped(RunWatch, command); }

  int operator()(const CheckCommand& command) const {
    const auto run = [](const CheckCommand& what, CommandContext& context) {
      return RunCheck(what, context, HasColours(STDOUT_FILENO));
    };
    return Call(run, command);
  }

 private:
  template <typename Run, typename C>
  int CallUntilStopped(const Run& run, const C& command) const {
    Stop stop;
    const Interrupt interrupt(stop, STDOUT_FILENO);  // Before gRPC makes threads.
    const int exit_code =
        Call([&](const C& what, CommandContext& context) { return run(what, context, stop); }, command);
    constexpr int kEndedBySignal = 128;
    return interrupt.signal() == 0 ? exit_code : kEndedBySignal + interrupt.signal();
  }

  template <typename Run, typename C>
  int Call(const Run& run, const C& command) const {
    Client client(invocation_.address, invocation_.timeout);
    CommandContext context{client, invocation_, output_};
    return run(command, context);
  }

  const Invocation& invocation_;
  Output& output_;
};

int PrintAnswer(const Answer& answer) {
  (answer.exit_code == kExitOk ? std::cout : std::cerr) << answer.text;
  return answer.exit_code;
}

int Run(const std::vector<std::string>& arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::variant<Invocation, Answer> parsed = ParseArguments(arguments);
  if (const Answer* answer = std::get_if<Answer>(&parsed)) return PrintAnswer(*answer);
  const auto& invocation = std::get<Invocation>(parsed);
  Output output(STDOUT_FILENO);
  const int exit_code = std::visit(Runner(invocation, output), invocation.command);
  output.Flush();
  if (output.error().empty()) return exit_code;
  PrintError(Concat({"cannot write: ", output.error()}));
  return kExitError;
}

}  // namespace
}  // namespace inlet::cli

int main(int argument_count, char** arguments) {
  try {
    return inlet::cli::Run({arguments + 1, arguments + argument_count});
  } catch (const std::exception& error) {
    std::cerr << "inletctl: " << error.what() << '\n';
    return inlet::cli::kExitError;
  }
}
