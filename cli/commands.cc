// What the verbs do: all but subscribe.
#include "cli/commands.h"

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include "cli/arguments.h"
#include "cli/stream_text.h"
#include "cli/terminal.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

std::string ReadAll(std::istream& in) { return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}; }

// The file's text; nothing if it cannot be read.
std::optional<std::string> ReadFile(const std::string& path) {
  if (path == "-") return ReadAll(std::cin);
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text = ReadAll(file);
  if (file.bad()) return std::nullopt;
  return text;
}

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

}  // namespace

int RunCreate(const CreateCommand& command, CommandContext& context) {
  const std::optional<v1::CreateStreamRequest> request = BuildRequest(command);
  if (!request) {
    PrintError(Concat({"cannot read ", command.file}));
    return kExitError;
  }
  v1::Stream stream;
  const grpc::Status status = context.client.Create(*request, stream);
  if (!status.ok()) return PrintStatus(status, context.address);
  context.output.buffer() += command.json ? JsonText(stream) : CreatedText(stream, command.validate_only);
  for (const std::string& warning : stream.warnings()) PrintNotice(Concat({"warning: ", warning}));
  return kExitOk;
}

int RunList(const ListCommand& command, CommandContext& context) {
  v1::ListStreamsResponse all;
  const grpc::Status status = context.client.List(all);
  if (!status.ok()) return PrintStatus(status, context.address);
  std::string& out = context.output.buffer();
  if (command.names) {
    for (const v1::Stream& stream : all.streams()) out += Concat({stream.name(), "\n"});
  } else if (command.json) {
    out += JsonText(all);
  } else {
    out += ListText({all.streams().begin(), all.streams().end()});
  }
  if (all.streams().empty() && !command.names && !command.json) {
    PrintNotice("there are no streams yet; inletctl create --help shows how to make one");
  }
  return kExitOk;
}

int RunShow(const ShowCommand& command, CommandContext& context) {
  v1::Stream stream;
  const grpc::Status status = context.client.Get(command.name, stream);
  if (!status.ok()) return PrintStatus(status, context.address);
  context.output.buffer() += command.json ? JsonText(stream) : ShowText(stream, std::chrono::system_clock::now());
  return kExitOk;
}

int RunDrop(const DropCommand& command, CommandContext& context) {
  int exit_code = kExitOk;
  for (const std::string& name : command.names) {
    const grpc::Status status = context.client.Drop(name, command.missing_ok);
    if (status.ok()) {
      context.output.buffer() += Concat({"dropped ", name, "\n"});
    } else {
      exit_code = PrintStatus(status, context.address);
    }
  }
  return exit_code;
}

}  // namespace inlet::cli
