// Reads the command line: the verb first (verb_words.h), then its options by CLI11, each verb a parser of its own.
#include "cli/arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>

#include "cli/help.h"
#include "cli/verb_arguments.h"
#include "cli/verb_parser.h"
#include "cli/verb_words.h"
#include "cli/words.h"
#include "ingest/nearest.h"
#include "ingest/text.h"

namespace inlet::cli {
namespace {

const std::vector<std::string> kHelp = {"--help"};

using Arguments = std::vector<std::string>;

Invocation ParseCreate(const Arguments& arguments) {
  VerbParser parser("create", "Makes a stream and says where its peers connect.");
  CreateCommand command;
  CLI::App& app = parser.app();
  CLI::Option* statement =
      app.add_option("STATEMENT", command.statement, "A CREATE STREAM statement")->option_text(" ");
  CLI::Option* file = app.add_option("-f,--file", command.file, "Instead: a file that holds it; - is standard input")
                          ->option_text("FILE");
  CLI::Option* name = app.add_option("--name", command.name, "Instead: the stream's name")->option_text("NAME");
  app.add_option("--datasource", command.datasource, "With --name: the path (/ and the name)")
      ->needs(name)
      ->option_text("PATH");
  app.add_option("--conf-key", command.conf_key, "With --name: the section of settings")
      ->needs(name)
      ->option_text("KEY");
  app.add_flag("--validate-only", command.validate_only, "Check, and make nothing");
  app.add_flag("--allow-existing", command.allow_existing, "No error if just this stream is there already");
  app.add_flag("--json", command.json, "Print the stream as JSON");
  Invocation invocation = parser.Parse(arguments);
  const size_t given = statement->count() + file->count() + name->count();
  if (given != 1) throw CLI::ValidationError("give one statement, or --file, or --name");
  invocation.command = command;
  return invocation;
}

Invocation ParseList(const Arguments& arguments) {
  VerbParser parser("list", "Lists all streams, or those in some states and with some labels.");
  ListCommand command;
  std::string states;
  Arguments labels;
  CLI::App& app = parser.app();
  app.add_option("--state", states, "Those in one of these states, such as listening,failed")->option_text("STATE,...");
  app.add_option("--label", labels, "Those with this label; may be repeated")
      ->option_text("KEY=VALUE")
      ->expected(1)
      ->take_all();
  CLI::Option* json = app.add_flag("--json", command.json, "Print everything, as JSON");
  app.add_flag("--names", command.names, "Print the names only, one a line")->excludes(json);
  Invocation invocation = parser.Parse(arguments);
  if (!states.empty()) command.states = ParseStates(states);
  command.labels = ParsePairs("--label", labels);
  invocation.command = command;
  return invocation;
}

Invocation ParseShow(const Arguments& arguments) {
  VerbParser parser("show", "Shows one stream in full.");
  ShowCommand command;
  parser.app().add_option("NAME", command.name, "The stream")->required()->option_text(" ");
  parser.app().add_flag("--json", command.json, "Print it as JSON");
  Invocation invocation = parser.Parse(arguments);
  invocation.command = command;
  return invocation;
}

Invocation ParseDrop(const Arguments& arguments) {
  VerbParser parser("drop", "Removes streams. Their connections are closed, their records are gone.");
  DropCommand command;
  parser.app().add_option("NAME", command.names, "The streams")->required()->option_text("...");
  parser.app().add_flag("--missing-ok", command.missing_ok, "No error if one is not there");
  parser.app().add_option("--etag", command.etag, "Only if it is still this definition (show)")->option_text("ETAG");
  Invocation invocation = parser.Parse(arguments);
  if (!command.etag.empty() && command.names.size() > 1) throw CLI::ValidationError("--etag is for one stream");
  invocation.command = command;
  return invocation;
}

FromPosition From(const std::string& text) {
  absl::StatusOr<FromPosition> from = ParseFrom(text, std::chrono::system_clock::now());
  if (!from.ok()) throw CLI::ValidationError(ToText(from.status()));
  return *std::move(from);
}

// 0: no end.
uint32_t MaxRecords(const std::string& text) {
  if (text.empty()) return 0;
  uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (stopped == end && error == std::errc() && number > 0) return number;
  throw CLI::ValidationError(Concat({"--max: found \"", text, "\"; give a number from 1 to 4294967295"}));
}

// It would end at once with nothing, whatever is there.
void RefuseFuture(const SubscribeCommand& command, const std::string& from) {
  const auto* start = std::get_if<FromTime>(&command.from);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const bool in_future =
      start != nullptr && start->time.seconds() > std::chrono::duration_cast<std::chrono::seconds>(now).count();
  if (in_future && command.until_now) {
    throw CLI::ValidationError(Concat({"--from ", from, " is in the future, and --until-now ends before it"}));
  }
}

// The epoch that a stream's status shows is that of its records.
void RefuseBareOffset(const SubscribeCommand& command, const std::string& from) {
  const auto* start = std::get_if<FromOffset>(&command.from);
  if (!command.rejects || start == nullptr || !start->epoch.empty()) return;
  throw CLI::ValidationError(
      Concat({"--from ", from,
              " with --rejects: give EPOCH:OFFSET, as --output full shows them; rejects have an epoch of "
              "their own"}));
}

Invocation ParseSubscribe(const Arguments& arguments) {
  using View = SubscribeCommand::View;
  using Output = SubscribeCommand::Output;
  const std::map<std::string, View> views = {{"json", View::kJson}, {"data", View::kData}};
  const std::map<std::string, Output> outputs = {{"json", Output::kJson}, {"full", Output::kFull}};
  VerbParser parser("subscribe", "Prints the records of a stream as they come, one line of JSON each.");
  SubscribeCommand command;
  std::string from = "latest";
  std::string max;
  std::string view = "json";
  std::string output = "json";
  CLI::App& app = parser.app();
  app.add_option("NAME", command.name, "The stream")->required()->option_text(" ");
  app.add_option("--from", from, "Where to start; see Positions below (latest)")->option_text("POSITION");
  app.add_option("--max", max, "End after so many records")->option_text("NUMBER");
  app.add_flag("--until-now", command.until_now, "End at the end of what is there now");
  app.add_option("--output", output,
                 "json: the record alone (default); full: with offset, times, connection and origin")
      ->check(CLI::IsMember({"json", "full"}))
      ->option_text("json|full");
  app.add_option("--view", view, "json: the text as received (default); data: as the service decodes it")
      ->check(CLI::IsMember({"json", "data"}))
      ->option_text("json|data");
  app.add_flag("--rejects", command.rejects, "What could not become a record, and why, instead of the records");
  app.add_flag("-q,--quiet", command.quiet, "No notices and gaps on standard error");
  Invocation invocation = parser.Parse(arguments);
  command.from = From(from);
  command.max_records = MaxRecords(max);
  RefuseFuture(command, from);
  RefuseBareOffset(command, from);
  command.view = views.at(view);
  command.output = outputs.at(output);
  invocation.command = command;
  return invocation;
}

Invocation ParseWatch(const Arguments& arguments) {
  VerbParser parser("watch", "Prints a line for each change of a stream, or of all.");
  WatchCommand command;
  parser.app().add_option("NAME", command.name, "The stream; without it, all and those to come")->option_text(" ");
  parser.app().add_flag("--json", command.json, "Print each response as a line of JSON");
  Invocation invocation = parser.Parse(arguments);
  invocation.command = command;
  return invocation;
}

Invocation ParseCompletion(const Arguments& arguments) {
  VerbParser parser("completion", "Prints a completion script.");
  std::string shell;
  parser.app().add_option("SHELL", shell, "bash")->required()->check(CLI::IsMember({"bash"}))->option_text(" ");
  Invocation invocation = parser.Parse(arguments);
  invocation.command = CompletionCommand{};
  return invocation;
}

Invocation ParseVersion(const Arguments& arguments) {
  VerbParser parser("version", "Prints the version.");
  Invocation invocation = parser.Parse(arguments);
  invocation.command = VersionCommand{};
  return invocation;
}

using Parse = Invocation (*)(const Arguments&);

const std::map<std::string, Parse, std::less<>>& Parsers() {
  static const std::map<std::string, Parse, std::less<>> parsers = {
      {"create", ParseCreate},      {"list", ParseList},       {"show", ParseShow},
      {"drop", ParseDrop},          {"version", ParseVersion}, {"subscribe", ParseSubscribe},
      {"watch", ParseWatch},        {"check", ParseCheck},     {"completion", ParseCompletion},
      {"pause", ParsePause},        {"resume", ParseResume},   {"reconnect", ParseReconnect},
      {"close", ParseClose},        {"send", ParseSend},       {"connections", ParseConnections},
      {"update", ParseUpdate},      {"export", ParseExport},   {"apply", ParseApply},
      {"conf-keys", ParseConfKeys}, {"conf-key", ParseConfKey}};
  return parsers;
}

std::string VerbList() {
  std::string verbs;
  for (const std::string_view verb : kVerbs) {
    verbs += Concat({verbs.empty() ? "" : verb == kVerbs.back() ? " and " : ", ", verb});
  }
  return Concat({"\nThe verbs are ", verbs, "; inletctl --help tells more.\n"});
}

Answer UnknownVerb(std::string_view verb) {
  return {kExitUsage,
          Concat({"inletctl: there is no verb \"", verb, "\"", DidYouMean(Nearest(verb, kVerbs)), VerbList()})};
}

// Options alone: one that there is not, or a forgotten verb.
Answer OptionsAlone(const std::string& option) {
  constexpr std::array<std::string_view, 4> kKnown = {"--help", "--version", "--address", "--timeout"};
  const std::string name = option.substr(0, option.find('='));
  const bool known = std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end();
  const std::string fault =
      known ? std::string("a verb is missing") : Concat({"unknown option ", name, DidYouMean(Nearest(name, kKnown))});
  return {kExitUsage, Concat({"inletctl: ", fault, VerbList()})};
}

Answer WithoutVerb(const Arguments& options) {
  const auto given = [&options](std::string_view option) {
    return std::find(options.begin(), options.end(), option) != options.end();
  };
  if (given("--help") || given("-h")) return {kExitOk, std::string(MainHelp())};
  if (options.empty()) return {kExitUsage, std::string(MainHelp())};
  return OptionsAlone(options.front());
}

Answer UsageError(const CLI::Error& error, std::string_view verb) {
  return {kExitUsage, Concat({"inletctl: ", error.what(), "\ninletctl ", verb, " --help tells more.\n"})};
}

std::variant<Invocation, Answer> ParseVerb(std::string_view verb, Parse parse, const Arguments& arguments) {
  const bool wants_help = std::any_of(arguments.begin(), arguments.end(),
                                      [](const std::string& word) { return word == "--help" || word == "-h"; });
  try {
    return parse(wants_help ? kHelp : arguments);
  } catch (const CLI::Success& help) {
    return Answer{kExitOk, help.what()};
  } catch (const CLI::Error& error) {
    return UsageError(error, verb);
  }
}

// `help create` is `create --help`.
std::variant<Invocation, Answer> Help(const Arguments& about) {
  const auto parser = about.empty() ? Parsers().end() : Parsers().find(LowerCase(about.back()));
  if (parser == Parsers().end()) return Answer{kExitOk, std::string(MainHelp())};
  return ParseVerb(parser->first, parser->second, kHelp);
}

}  // namespace

std::variant<Invocation, Answer> ParseArguments(const std::vector<std::string>& arguments) {
  const VerbWords words = FindVerb(arguments);
  if (words.verb.empty() && words.rest == Arguments{"--version"}) return Invocation{{}, {}, VersionCommand{}};
  if (words.verb.empty()) return WithoutVerb(words.rest);
  if (words.verb == "help") return Help(words.rest);
  const auto parser = Parsers().find(words.verb);
  if (parser == Parsers().end()) return UnknownVerb(words.verb);
  if (!std::all_of(words.rest.begin(), words.rest.end(), IsUtf8)) {
    const std::string_view what = words.verb == "create" ? "the statement" : "the name";
    return Answer{kExitUsage, Concat({"inletctl: ", what, " is not UTF-8\n"})};
  }
  return ParseVerb(words.verb, parser->second, words.rest);
}

}  // namespace inlet::cli
