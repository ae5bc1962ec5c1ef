// What the verbs do: all but subscribe.
#include "cli/commands.h"

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <system_error>

#include "cli/address.h"
#include "cli/arguments.h"
#include "cli/service_error.h"
#include "cli/stream_text.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

std::string ReadAll(std::istream& in) { return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}; }

std::nullopt_t CannotRead(const std::string& path, int error) {
  PrintError(Concat({"cannot read ", path, ": ", std::generic_category().message(error)}));
  return std::nullopt;
}

// Nothing, after the error was printed, if the file cannot be read.
std::optional<std::string> ReadFile(const std::string& path) {
  if (path == "-") return ReadAll(std::cin);
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return CannotRead(path, EISDIR);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return CannotRead(path, errno);
  return ReadAll(file);
}

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
  const std::optional<std::string> sql = command.file.empty() ? command.statement : ReadFile(command.file);
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
  v1::ListStreamsResponse all;
  const grpc::Status status = context.client.List(all);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  std::string& out = context.output.buffer();
  const bool for_people = !command.names && !command.json;
  if (for_people && all.streams().empty()) {
    PrintNotice("there are no streams yet; inletctl create --help shows how to make one");
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
  for (const std::string& name : command.names) {
    const grpc::Status status = context.client.Drop(name);
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
