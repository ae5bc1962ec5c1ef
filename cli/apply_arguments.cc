// The command lines of export and apply.
#include "cli/verb_arguments.h"
#include "cli/verb_parser.h"
#include "ingest/text.h"

namespace inlet::cli {

Invocation ParseExport(const std::vector<std::string>& arguments) {
  VerbParser parser("export", "Prints the definitions of streams and conf keys as YAML, for apply.");
  ExportCommand command;
  parser.app().add_option("NAME", command.names, "These streams and their conf keys; else all")->option_text("...");
  parser.app().add_option("-o,--output", command.file, "Write it to this file")->option_text("FILE");
  Invocation invocation = parser.Parse(arguments);
  invocation.command = command;
  return invocation;
}

Invocation ParseApply(const std::vector<std::string>& arguments) {
  VerbParser parser("apply", "Makes and changes streams and conf keys until they are as files say.");
  ApplyCommand command;
  std::vector<std::string> prune;
  CLI::App& app = parser.app();
  app.add_option("-f,--file", command.files,
                 "A file, or a folder of .yaml and .yml files; - is standard input; may be repeated")
      ->expected(1)
      ->take_all()
      ->option_text("FILE");
  app.allow_extras();  // taken only to be told where they belong
  CLI::Option* dry_run = app.add_flag("--dry-run", command.dry_run, "Check all, show the plan, and change nothing");
  app.add_flag("--exit-code", command.exit_code, "With --dry-run: exit code 3 if something would change")
      ->needs(dry_run);
  app.add_option("--prune", prune, "Remove streams with this label that the files do not define; may be repeated")
      ->expected(1)
      ->take_all()
      ->option_text("KEY=VALUE");
  Invocation invocation = parser.Parse(arguments);
  std::vector<std::string> words = app.remaining();
  std::erase(words, "--");
  if (!words.empty()) throw CLI::ValidationError(Concat({"did you mean apply -f ", words.front(), "?"}));
  if (command.files.empty()) throw CLI::ValidationError("which files? Give -f FILE; - is standard input");
  command.prune = ParsePairs("--prune", prune);
  invocation.command = command;
  return invocation;
}

}  // namespace inlet::cli
