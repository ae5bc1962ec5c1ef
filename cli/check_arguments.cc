// The command line of check.
#include "cli/verb_arguments.h"
#include "cli/verb_parser.h"
#include "cli/words.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

using Arguments = std::vector<std::string>;

// A statement, or the datasource of a stream: a URL or a path.
void TakeTarget(const Arguments& words, CheckCommand& command) {
  std::string text;
  for (const std::string& word : words) text += Concat({text.empty() ? "" : " ", word});
  const std::string first = LowerCase(text.substr(0, text.find(' ')));
  (first == "create" ? command.sql : command.datasource) = text;
}

}  // namespace

Invocation ParseCheck(const Arguments& arguments) {
  VerbParser parser("check", "Tells whether a connection would work, and if not, at which stage it breaks and why.");
  CheckCommand command;
  Arguments words;
  std::string wait = "0s";
  CLI::App& app = parser.app();
  CLI::Option* target =
      app.add_option("TARGET", words, "A URL, a path, or a CREATE STREAM statement")->option_text(" ");
  CLI::Option* stream = app.add_option("--stream", command.stream, "Instead: a stream that exists")
                            ->option_text("NAME")
                            ->excludes(target);
  CLI::Option* conf_key = app.add_option("--conf-key", command.conf_key, "The section of settings")->option_text("KEY");
  CLI::Option* datasource =
      app.add_option("--datasource", command.datasource, "With --conf-key: path and query, or a URL")
          ->option_text("PATH")
          ->excludes(target);
  stream->excludes(conf_key)->excludes(datasource);
  app.add_option("--wait-for-message", wait, "Send the open messages, and wait for a message")->option_text("DURATION");
  app.add_flag("--json", command.json, "Print the answer as JSON");
  Invocation invocation = parser.Parse(arguments);
  if (target->count() > 0) TakeTarget(words, command);
  const auto duration = ParseDuration(wait);
  if (!duration) throw CLI::ValidationError("--wait-for-message", "give a duration such as 5s");
  command.wait_for_message = *duration;
  if (app.get_option("--timeout")->count() == 0) invocation.timeout += *duration;
  if (!command.sql.empty() && !command.conf_key.empty()) {
    throw CLI::ValidationError("--conf-key", "the statement names it: CONF_KEY=\"...\"");
  }
  if (target->count() + stream->count() + conf_key->count() + datasource->count() == 0) {
    throw CLI::ValidationError("check", "give a URL, --stream or --conf-key");
  }
  invocation.command = command;
  return invocation;
}

}  // namespace inlet::cli
