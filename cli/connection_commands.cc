// What the verbs connections, close and send do.
#include <chrono>
#include <optional>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/connection_text.h"
#include "cli/input_file.h"
#include "cli/message_json.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

// "1 connection", "2 connections"
std::string Count(uint32_t count) { return Concat({Grouped(count), count == 1 ? " connection" : " connections"}); }

// The line end that a shell puts behind a text is not part of the message.
std::optional<std::string> MessageText(const std::string& text) {
  if (text != "-") return text;
  std::optional<std::string> input = ReadInput("-");
  if (input && input->ends_with('\n')) input->pop_back();
  return input;
}

v1::SendRequest BuildRequest(const SendCommand& command, std::string text) {
  v1::SendRequest request;
  request.set_stream(command.stream);
  request.set_text(std::move(text));
  if (command.connection > 0) request.set_connection(command.connection);
  if (command.all) request.set_all(true);
  if (!command.variables.empty()) {
    request.mutable_variables()->mutable_values()->insert(command.variables.begin(), command.variables.end());
  }
  return request;
}

}  // namespace

int RunConnections(const ConnectionsCommand& command, CommandContext& context) {
  v1::ListConnectionsRequest request;
  request.set_stream(command.stream);
  v1::ListConnectionsResponse all;
  const grpc::Status status = context.client.List(request, all);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  if (command.json) {
    context.output.buffer() += JsonText(all);
  } else if (all.connections().empty()) {
    PrintNotice(Concat({"nobody is connected to ", command.stream}));
  } else {
    context.output.buffer() +=
        ConnectionsText({all.connections().begin(), all.connections().end()}, std::chrono::system_clock::now());
  }
  return kExitOk;
}

int RunClose(const CloseCommand& command, CommandContext& context) {
  v1::CloseConnectionRequest request;
  request.set_stream(command.stream);
  request.set_connection(command.connection);
  request.set_code(command.code);
  request.set_reason(command.reason);
  v1::CloseConnectionResponse response;
  const grpc::Status status =
      context.client.Call(context.client.connections(), &Client::Connections::CloseConnection, request, response);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  context.output.buffer() += Concat({"closed connection ", std::to_string(command.connection), "\n"});
  return kExitOk;
}

int RunSend(const SendCommand& command, CommandContext& context) {
  std::optional<std::string> text = MessageText(command.text);
  if (!text) return kExitUsage;
  if (!IsUtf8(*text)) {
    PrintError("the text is not UTF-8");
    return kExitUsage;
  }
  v1::SendResponse response;
  const grpc::Status status = context.client.Call(context.client.connections(), &Client::Connections::Send,
                                                  BuildRequest(command, *std::move(text)), response);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  context.output.buffer() += Concat({"sent to ", Count(response.sent()), "\n"});
  if (response.refused() == 0) return kExitOk;
  PrintError(Concat({"not to ", Count(response.refused()), " whose buffer is full, or that are closing"}));
  return kExitError;
}

}  // namespace inlet::cli
