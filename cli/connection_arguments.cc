// The command lines of pause, resume and reconnect, and of connections, close and send.
#include <limits>

#include "cli/verb_arguments.h"
#include "cli/verb_parser.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

using Arguments = std::vector<std::string>;
using Action = SourceCommand::Action;

Invocation ParseSource(const Arguments& arguments, const std::string& verb, const std::string& help, Action action) {
  VerbParser parser(verb, help);
  SourceCommand command;
  command.action = action;
  parser.app().add_option("NAME", command.names, "The streams")->required()->option_text("...");
  Invocation invocation = parser.Parse(arguments);
  invocation.command = command;
  return invocation;
}

std::string Join(Arguments::const_iterator begin, Arguments::const_iterator end) {
  std::string text;
  for (auto word = begin; word != end; ++word) text += Concat({word == begin ? "" : " ", *word});
  return text;
}

}  // namespace

Invocation ParsePause(const Arguments& arguments) {
  return ParseSource(arguments, "pause", "Closes the source of streams; keeps their records and readers.",
                     Action::kPause);
}

Invocation ParseResume(const Arguments& arguments) {
  return ParseSource(arguments, "resume", "Opens the source of paused streams.", Action::kResume);
}

Invocation ParseReconnect(const Arguments& arguments) {
  return ParseSource(arguments, "reconnect", "Closes all connections of streams; those that dial do so at once.",
                     Action::kReconnect);
}

Invocation ParseConnections(const Arguments& arguments) {
  VerbParser parser("connections", "Lists who is connected to a stream.");
  ConnectionsCommand command;
  parser.app().add_option("NAME", command.stream, "The stream")->required()->option_text(" ");
  parser.app().add_flag("--json", command.json, "Print everything, as JSON");
  Invocation invocation = parser.Parse(arguments);
  invocation.command = command;
  return invocation;
}

Invocation ParseClose(const Arguments& arguments) {
  VerbParser parser("close", "Ends one connection of a stream with a close frame.");
  CloseCommand command;
  std::string id;
  std::string code;
  CLI::App& app = parser.app();
  app.add_option("NAME", command.stream, "The stream")->required()->option_text(" ");
  app.add_option("ID", id, "The connection, as the verb connections shows it")->required()->option_text(" ");
  app.add_option("--code", code, "The closing code (1000)")->option_text("NUMBER");
  app.add_option("--reason", command.reason, "The closing reason, at most 123 bytes")->option_text("TEXT");
  Invocation invocation = parser.Parse(arguments);
  command.connection = ParseNumber("ID", id, std::numeric_limits<uint64_t>::max());
  if (!code.empty()) {
    command.code = static_cast<uint32_t>(ParseNumber("--code", code, std::numeric_limits<uint32_t>::max()));
  }
  invocation.command = command;
  return invocation;
}

Invocation ParseSend(const Arguments& arguments) {
  VerbParser parser("send", "Sends one text message to the remote server of a stream, or to its peers.");
  SendCommand command;
  Arguments words;
  Arguments where;
  std::string id;
  CLI::App& app = parser.app();
  app.add_option("WORDS", words, "The stream, then the text; - is standard input")
      ->required()
      ->option_text("NAME TEXT");
  CLI::Option* to = app.add_option("--to", id, "To this connection")->option_text("ID");
  CLI::Option* some = app.add_option("--where", where, "To those whose path has this value; may be repeated")
                          ->option_text("VARIABLE=VALUE")
                          ->expected(1)
                          ->take_all()
                          ->excludes(to);
  app.add_flag("--all", command.all, "To all connections of the stream")
      ->option_text(" ")  // what it excludes would be listed in an order that differs between runs
      ->excludes(to)
      ->excludes(some);
  Invocation invocation = parser.Parse(arguments);
  if (words.size() < 2) throw CLI::ValidationError("give the stream and the text; - is standard input");
  command.stream = words.front();
  command.text = Join(words.begin() + 1, words.end());
  if (to->count() > 0) command.connection = ParseNumber("--to", id, std::numeric_limits<uint64_t>::max());
  if (to->count() > 0 && command.connection == 0) throw CLI::ValidationError("--to: connections count from 1");
  command.variables = ParsePairs("--where", where);
  invocation.command = command;
  return invocation;
}

}  // namespace inlet::cli
