// The command lines of update, and of the verbs about conf keys.
#include "cli/verb_arguments.h"
#include "cli/verb_parser.h"
#include "cli/words.h"
#include "ingest/nearest.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

using Arguments = std::vector<std::string>;
using Action = ConfKeyCommand::Action;

void Require(const absl::Status& status) {
  if (!status.ok()) throw CLI::ValidationError(ToText(status));
}

// An option that may be given many times, with one value each.
CLI::Option* AddRepeated(CLI::App& app, const std::string& name, Arguments& values, const std::string& help) {
  return app.add_option(name, values, help)->expected(1)->take_all();
}

struct ActionName {
  std::string_view word;
  Action action;
};
constexpr std::array kActions = {
    ActionName{"get", Action::kGet},       ActionName{"show", Action::kGet},    ActionName{"put", Action::kPut},
    ActionName{"delete", Action::kDelete}, ActionName{"drop", Action::kDelete},
};

Action ParseAction(const std::string& word) {
  for (const ActionName& known : kActions) {
    if (SameWord(known.word, word)) return known.action;
  }
  constexpr std::array<std::string_view, 3> kWords = {"get", "put", "delete"};
  throw CLI::ValidationError(
      Concat({"found \"", word, "\"", DidYouMean(Nearest(word, kWords)), "; give get, put or delete, and a name"}));
}

void TakeSettings(const Arguments& assignments, const Arguments& cleared, ConfKeyCommand& command) {
  for (const std::string& text : assignments) Require(command.changes.Set("setting", text));
  for (const std::string& path : cleared) Require(command.changes.Clear("--clear", path));
}

void CheckCounts(const ConfKeyCommand& command, const Arguments& assignments) {
  const bool is_put = command.action == Action::kPut;
  const bool has_changes = !command.file.empty() || !command.changes.empty();
  if (!is_put && (has_changes || command.replace || command.dry_run)) {
    throw CLI::ValidationError("settings, --from-file, --clear, --replace and --dry-run are for put");
  }
  if (is_put && !has_changes) throw CLI::ValidationError("give settings, KEY=VALUE each, or --from-file");
  if (!command.file.empty() && !assignments.empty()) {
    throw CLI::ValidationError("give settings or --from-file, not both");
  }
}

}  // namespace

Invocation ParseUpdate(const Arguments& arguments) {
  VerbParser parser("update", "Changes a stream while it runs. What is not named stays.");
  UpdateCommand command;
  Arguments assignments;
  Arguments cleared;
  CLI::App& app = parser.app();
  app.add_option("NAME", command.name, "The stream")->required()->option_text(" ");
  AddRepeated(app, "--set", assignments, "A field and its value; may be repeated")->option_text("FIELD=VALUE");
  AddRepeated(app, "--clear", cleared, "A field to unset; may be repeated")->option_text("FIELD");
  app.add_option("--from-file", command.file, "YAML or JSON with the fields to set; - is standard input")
      ->option_text("FILE");
  app.add_option("--etag", command.etag, "Only if it is still this definition (show)")->option_text("ETAG");
  app.add_flag("--allow-missing", command.allow_missing, "Make the stream if it is not there");
  app.add_flag("--dry-run", command.dry_run, "Check, show what would be, and change nothing");
  app.add_flag("--json", command.json, "Print the stream as JSON");
  Invocation invocation = parser.Parse(arguments);
  for (const std::string& text : assignments) Require(command.changes.Set("--set", text));
  for (const std::string& path : cleared) Require(command.changes.Clear("--clear", path));
  if (command.changes.empty() && command.file.empty()) {
    throw CLI::ValidationError("nothing to change; give --set, --clear or --from-file");
  }
  if (!command.changes.name().empty()) throw CLI::ValidationError("a stream keeps its name");
  invocation.command = command;
  return invocation;
}

Invocation ParseConfKeys(const Arguments& arguments) {
  VerbParser parser("conf-keys", "Lists the named settings that streams build on.");
  ConfKeysCommand command;
  CLI::Option* json = parser.app().add_flag("--json", command.json, "Print everything, as JSON");
  parser.app().add_flag("--names", command.names, "Print the names only, one a line")->excludes(json);
  Invocation invocation = parser.Parse(arguments);
  invocation.command = command;
  return invocation;
}

Invocation ParseConfKey(const Arguments& arguments) {
  VerbParser parser("conf-key", "Shows, writes or deletes named settings.");
  ConfKeyCommand command;
  Arguments words;
  Arguments cleared;
  CLI::App& app = parser.app();
  app.add_option("WORDS", words, "get NAME, put NAME KEY=VALUE ..., or delete NAME")->required()->option_text(" ");
  app.add_option("--from-file", command.file, "put: YAML or JSON with all settings; - is standard input")
      ->option_text("FILE");
  AddRepeated(app, "--clear", cleared, "put: a setting to unset; may be repeated")->option_text("KEY");
  app.add_flag("--replace", command.replace, "put: what is not named is unset, too");
  app.add_flag("--dry-run", command.dry_run, "put: check, show what would be, and change nothing");
  app.add_option("--etag", command.etag, "put, delete: only if it is still this key (get)")->option_text("ETAG");
  app.add_flag("--json", command.json, "get, put: print the key as JSON");
  Invocation invocation = parser.Parse(arguments);
  if (words.size() < 2) throw CLI::ValidationError("give get, put or delete, and a name");
  command.action = ParseAction(words[0]);
  command.name = words[1];
  const Arguments assignments(words.begin() + 2, words.end());
  TakeSettings(assignments, cleared, command);
  CheckCounts(command, assignments);
  invocation.command = command;
  return invocation;
}

}  // namespace inlet::cli
