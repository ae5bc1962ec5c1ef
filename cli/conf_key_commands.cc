// What the verbs conf-keys and conf-key do.
#include <optional>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/conf_key_text.h"
#include "cli/definition.h"
#include "cli/field_path.h"
#include "cli/input_file.h"
#include "cli/message_json.h"
#include "cli/outcome_text.h"
#include "cli/service_error.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

grpc::Status Get(const std::string& name, Client& client, v1::ConfKey& conf_key) {
  v1::GetConfKeyRequest request;
  request.set_name(name);
  return client.Call(client.conf_keys(), &Client::ConfKeys::GetConfKey, request, conf_key);
}

// Nothing, after the error was printed, if the file cannot be used.
std::optional<StreamChanges> AllChanges(const ConfKeyCommand& command) {
  StreamChanges changes = command.changes;
  if (command.file.empty()) return changes;
  const std::optional<std::string> text = ReadInput(command.file);
  if (!text) return std::nullopt;
  const absl::Status status = changes.Read(command.file == "-" ? "standard input" : command.file, *text);
  if (status.ok()) return changes;
  PrintError(ToText(status));
  return std::nullopt;
}

v1::PutConfKeyRequest BuildRequest(const ConfKeyCommand& command, const StreamChanges& changes,
                                   const v1::ConfKey& present) {
  // A file holds all settings; assignments change those that are there.
  const bool builds_on_present = command.file.empty() && !command.replace;
  v1::Stream holder;
  if (builds_on_present) *holder.mutable_settings() = present.settings();
  changes.ApplyTo(holder);
  v1::PutConfKeyRequest request;
  request.mutable_conf_key()->set_name(command.name);
  *request.mutable_conf_key()->mutable_settings() = holder.settings();
  request.mutable_conf_key()->set_etag(command.etag.empty() && builds_on_present ? present.etag() : command.etag);
  request.set_validate_only(command.dry_run);
  return request;
}

ChangeOutcome Outcome(const ConfKeyCommand& command, const v1::ConfKey& wanted,
                      const std::optional<v1::ConfKey>& before, const v1::ConfKey& after) {
  ChangeOutcome outcome;
  outcome.name = command.name;
  outcome.dry_run = command.dry_run;
  outcome.was_there = before.has_value();
  if (!before) return outcome;
  outcome.etag_stayed = before->etag() == after.etag();
  outcome.fields = DifferingPaths(before->settings(), after.settings());
  outcome.secrets = WrittenSecrets(wanted.settings(), after.settings());
  return outcome;
}

std::string ReconnectingText(const ConfKeyCommand& command, const v1::PutConfKeyResponse& response) {
  std::string text;
  for (const std::string& name : response.reconnecting_streams()) {
    text += Concat({command.dry_run ? "would reconnect " : "reconnecting ", name, "\n"});
  }
  return text;
}

int Show(const ConfKeyCommand& command, CommandContext& context) {
  v1::ConfKey conf_key;
  const grpc::Status status = Get(command.name, context.client, conf_key);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  context.output.buffer() += command.json ? JsonText(conf_key) : ConfKeyText(conf_key);
  return kExitOk;
}

int Put(const ConfKeyCommand& command, CommandContext& context) {
  const std::optional<StreamChanges> changes = AllChanges(command);
  if (!changes) return kExitUsage;
  std::optional<v1::ConfKey> before(std::in_place);
  grpc::Status status = Get(command.name, context.client, *before);
  const bool is_missing = ReadServiceError(status).reason == "CONF_KEY_UNKNOWN";
  if (!status.ok() && !is_missing) return PrintStatus(status, context.invocation);
  if (is_missing) before.reset();
  v1::PutConfKeyResponse response;
  const v1::PutConfKeyRequest request = BuildRequest(command, *changes, before.value_or(v1::ConfKey()));
  status = context.client.Call(context.client.conf_keys(), &Client::ConfKeys::PutConfKey, request, response);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  context.output.buffer() += command.json
                                 ? JsonText(response)
                                 : OutcomeText(Outcome(command, request.conf_key(), before, response.conf_key())) +
                                       ReconnectingText(command, response);
  return kExitOk;
}

int Delete(const ConfKeyCommand& command, CommandContext& context) {
  v1::DeleteConfKeyRequest request;
  request.set_name(command.name);
  request.set_etag(command.etag);
  v1::DeleteConfKeyResponse response;
  const grpc::Status status =
      context.client.Call(context.client.conf_keys(), &Client::ConfKeys::DeleteConfKey, request, response);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  context.output.buffer() += Concat({"deleted ", command.name, "\n"});
  return kExitOk;
}

}  // namespace

int RunConfKeys(const ConfKeysCommand& command, CommandContext& context) {
  v1::ListConfKeysResponse all;
  const grpc::Status status = context.client.List(v1::ListConfKeysRequest(), all);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  std::string& out = context.output.buffer();
  if (command.names) {
    for (const v1::ConfKey& conf_key : all.conf_keys()) out += Concat({conf_key.name(), "\n"});
  } else if (command.json) {
    out += JsonText(all);
  } else {
    out += ConfKeysText({all.conf_keys().begin(), all.conf_keys().end()});
  }
  return kExitOk;
}

int RunConfKey(const ConfKeyCommand& command, CommandContext& context) {
  switch (command.action) {
    case ConfKeyCommand::Action::kGet:
      return Show(command, context);
    case ConfKeyCommand::Action::kPut:
      return Put(command, context);
    default:
      return Delete(command, context);
  }
}

}  // namespace inlet::cli
