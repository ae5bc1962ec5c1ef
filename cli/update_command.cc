// What the verb update does.
#include <chrono>
#include <optional>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/definition.h"
#include "cli/field_path.h"
#include "cli/input_file.h"
#include "cli/message_json.h"
#include "cli/outcome_text.h"
#include "cli/service_error.h"
#include "cli/stream_text.h"
#include "cli/terminal.h"
#include "cli/words.h"
#include "ingest/text.h"
#include "service/config/input_fields.h"

namespace inlet::cli {
namespace {

// Nothing, after the error was printed, if the file cannot be used.
std::optional<StreamChanges> AllChanges(const UpdateCommand& command) {
  StreamChanges changes = command.changes;
  if (command.file.empty()) return changes;
  const std::optional<std::string> text = ReadInput(command.file);
  if (!text) return std::nullopt;
  absl::Status status = changes.Read(command.file == "-" ? "standard input" : command.file, *text);
  if (status.ok() && !changes.name().empty() && changes.name() != command.name) {
    status = absl::InvalidArgumentError(
        Concat({command.file, " is about ", changes.name(), ", not ", command.name, "; a stream keeps its name"}));
  }
  if (status.ok() && changes.empty()) status = absl::InvalidArgumentError(Concat({command.file, " changes nothing"}));
  if (status.ok()) return changes;
  PrintError(ToText(status));
  return std::nullopt;
}

v1::UpdateStreamRequest BuildRequest(const UpdateCommand& command, const StreamChanges& changes,
                                     const v1::Stream& present) {
  v1::UpdateStreamRequest request;
  *request.mutable_stream() = config::InputFieldsOf(present);
  request.mutable_stream()->set_name(command.name);
  changes.ApplyTo(*request.mutable_stream());
  // Keys of a map are changed in what was read just now: nobody else's change may get lost.
  const bool builds_on_present = command.etag.empty() && changes.NeedsPresent();
  request.mutable_stream()->set_etag(builds_on_present ? present.etag() : command.etag);
  for (const std::string& path : changes.mask()) request.mutable_update_mask()->add_paths(path);
  request.set_allow_missing(command.allow_missing);
  request.set_validate_only(command.dry_run);
  return request;
}

ChangeOutcome Outcome(const UpdateCommand& command, const v1::Stream& wanted, const std::optional<v1::Stream>& before,
                      const v1::Stream& after) {
  ChangeOutcome outcome;
  outcome.name = command.name;
  outcome.dry_run = command.dry_run;
  outcome.was_there = before.has_value();
  if (!before) return outcome;
  outcome.etag_stayed = before->etag() == after.etag();
  outcome.fields = DifferingPaths(config::InputFieldsOf(*before), config::InputFieldsOf(after));
  outcome.secrets = WrittenSecrets(wanted, config::InputFieldsOf(after));
  return outcome;
}

}  // namespace

int RunUpdate(const UpdateCommand& command, CommandContext& context) {
  const std::optional<StreamChanges> changes = AllChanges(command);
  if (!changes) return kExitUsage;
  std::optional<v1::Stream> before(std::in_place);
  grpc::Status status = context.client.Get(command.name, *before);
  const bool is_missing = ReadServiceError(status).reason == "STREAM_UNKNOWN";
  if (!status.ok() && !(is_missing && command.allow_missing)) return PrintStatus(status, context.invocation);
  if (is_missing) before.reset();
  v1::Stream after;
  const v1::UpdateStreamRequest request = BuildRequest(command, *changes, before.value_or(v1::Stream()));
  status = context.client.Call(context.client.streams(), &Client::Streams::UpdateStream, request, after);
  if (!status.ok()) return PrintStatus(status, context.invocation);
  if (command.dry_run) after.clear_status();  // of what would be, none is known
  context.output.buffer() += command.json ? JsonText(after)
                                          : OutcomeText(Outcome(command, request.stream(), before, after)) +
                                                ShowText(after, std::chrono::system_clock::now());
  return kExitOk;
}

}  // namespace inlet::cli
