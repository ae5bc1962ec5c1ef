// What the verbs create, list, show and drop do.
#include "cli/commands.h"

#include <chrono>
#include <optional>

#include "cli/address.h"
#include "cli/arguments.h"
#include "cli/input_file.h"
#include "cli/message_json.h"
#include "cli/service_error.h"
#include "cli/stream_text.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

bool IsText(const v1::CreateStreamRequest& request) {
  const v1::Stream& stream = request.stream();
  return IsUtf8(request.sql()) && IsUtf8(stream.name()) && IsUtf8(stream.datasource()) && IsUtf8(stream.conf_key());
}

// Nothing, after the error was printed, if there is no statement to send.
std::optional<v1::CreateStreamRequest> BuildRequest(const CreateCommand& command) {
  v1::CreateStreamRequest request;
  request.set_validate_only(command.validate_only);
  request.set_allow_existing(command.allow_existing);
  if (!command.name.empty()) {
    request.mutable_stream()->set_name(command.name);
    request.mutable_stream()->set_datasource(command.datasource);
    request.mutable_stream()->set_conf_key(command.conf_key);
    return request;
  }
  const std::optional<std::string> sql = command.file.empty() ? command.statement : ReadInput(command.file);
  if (!sql) return std::nullopt;
  request.set_sql(*sql);
  return request;
}

// The answer does not tell whether the stream was there before, so it is first asked for a new one.
grpc::Status Create(v1::CreateStreamRequest request, CommandContext& context, v1::Stream& stream, Creation& creation) {
  const bool allow_existing = request.allow_existing();
  creation = request.validate_only() ? Creation::kValidated : Creation::kNew;
  if (request.validate_only()) return context.client.Create(request, stream);
  request.set_allow_existing(false);
  grpc::Status status = context.client.Create(request, stream);
  if (!allow_existing || ReadServiceError(status).reason != "STREAM_EXISTS") return status;
  creation = Creation::kExisting;
  request.set_allow_existing(true);
  return context.client.Create(request, stream);
}

}  // namespace

int RunCreate(const CreateCommand& command, CommandContext& context) {
  const std::optional<v1::CreateStreamRequest> request = BuildRequest(command);
  if (!request) return kExitUsage;
  if (!IsText(*request)) {
    PrintError("the statement is not UTF-8");
    return kExitUsage;
  }
  v1::Stream stream;
  Creation creation{};
  const grpc::Status status = Create(*request, context, stream, creation);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  const std::string option = AddressOption(context.invocation.address);
  context.output.buffer() += command.json ? JsonText(stream) : CreatedText(stream, creation, option);
  for (const std::string& warning : stream.warnings()) PrintNotice(Concat({"warning: ", warning}));
  return kExitOk;
}

int RunList(const ListCommand& command, CommandContext& context) {
  v1::ListStreamsRequest request;
  request.mutable_states()->Assign(command.states.begin(), command.states.end());
  request.mutable_labels()->insert(command.labels.begin(), command.labels.end());
  v1::ListStreamsResponse all;
  const grpc::Status status = context.client.List(request, all);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  std::string& out = context.output.buffer();
  const bool for_people = !command.names && !command.json;
  if (for_people && all.streams().empty()) {
    const bool chosen = !command.states.empty() || !command.labels.empty();
    PrintNotice(chosen ? "there are no such streams"
                       : "there are no streams yet; inletctl create --help shows how to make one");
    return kExitOk;
  }
  if (command.names) {
    for (const v1::Stream& stream : all.streams()) out += Concat({stream.name(), "\n"});
  } else if (command.json) {
    out += JsonText(all);
  } else {
    out += ListText({all.streams().begin(), all.streams().end()});
  }
  return kExitOk;
}

int RunShow(const ShowCommand& command, CommandContext& context) {
  v1::Stream stream;
  const grpc::Status status = context.client.Get(command.name, stream);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  context.output.buffer() += command.json ? JsonText(stream) : ShowText(stream, std::chrono::system_clock::now());
  return kExitOk;
}

int RunDrop(const DropCommand& command, CommandContext& context) {
  int exit_code = kExitOk;
  v1::DeleteStreamRequest request;
  request.set_etag(command.etag);
  for (const std::string& name : command.names) {
    request.set_name(name);
    v1::DeleteStreamResponse response;
    const grpc::Status status =
        context.client.Call(context.client.streams(), &Client::Streams::DeleteStream, request, response);
    if (status.ok()) {
      context.output.buffer() += Concat({"dropped ", name, "\n"});
    } else if (command.missing_ok && ReadServiceError(status).reason == "STREAM_UNKNOWN") {
      context.output.buffer() += Concat({name, " was not there\n"});
    } else {
      exit_code = PrintStatus(status, context.invocation);
    }
  }
  return exit_code;
}

}  // namespace inlet::cli
