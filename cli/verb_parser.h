// The command line of one verb: CLI11 with the options that all verbs share, and complaints that say what to do.
#ifndef INLET_CLI_VERB_PARSER_H_
#define INLET_CLI_VERB_PARSER_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/invocation.h"

namespace inlet::cli {

// CLI11 writes what it reads into this and into the variables that options are bound to: they outlive the parse.
class VerbParser {
 public:
  VerbParser(const std::string& verb, const std::string& description);

  CLI::App& app() { return app_; }

  // `arguments`: options, then `--` and the words (verb_words.h). The result has no command yet. Throws CLI::Error;
  // CLI::Success carries the help that was asked for.
  Invocation Parse(std::vector<std::string> arguments);

 private:
  void CheckOptions(const std::vector<std::string>& arguments) const;
  const CLI::Option& FindOption(const std::string& name) const;
  void ParseRest(std::vector<std::string> arguments);
  std::chrono::milliseconds Timeout() const;

  Invocation invocation_;
  std::string timeout_ = "10s";
  CLI::App app_;
};

}  // namespace inlet::cli

#endif  // INLET_CLI_VERB_PARSER_H_
