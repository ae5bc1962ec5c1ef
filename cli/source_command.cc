// What the verbs pause, resume and reconnect do.
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

using Action = SourceCommand::Action;

grpc::Status Act(Action action, const std::string& name, Client& client, v1::Stream& stream) {
  v1::PauseStreamRequest pause;
  v1::ResumeStreamRequest resume;
  v1::ReconnectStreamRequest reconnect;
  switch (action) {
    case Action::kPause:
      pause.set_name(name);
      return client.Call(client.streams(), &Client::Streams::PauseStream, pause, stream);
    case Action::kResume:
      resume.set_name(name);
      return client.Call(client.streams(), &Client::Streams::ResumeStream, resume, stream);
    default:
      reconnect.set_name(name);
      return client.Call(client.streams(), &Client::Streams::ReconnectStream, reconnect, stream);
  }
}

std::string StateText(const v1::StreamStatus& status) {
  const std::string state = LowerCase(v1::StreamStatus::State_Name(status.state()));
  return status.reason().empty() ? state : Concat({state, ": ", status.reason()});
}

}  // namespace

int RunSource(const SourceCommand& command, CommandContext& context) {
  int exit_code = kExitOk;
  for (const std::string& name : command.names) {
    v1::Stream stream;
    const grpc::Status status = Act(command.action, name, context.client, stream);
    if (status.ok()) {
      context.output.buffer() += Concat({name, " is ", StateText(stream.status()), "\n"});
    } else {
      exit_code = PrintStatus(status, context.invocation);
    }
  }
  return exit_code;
}

}  // namespace inlet::cli
