// The command lines of single verbs. Each function takes options, then `--` and the words (verb_words.h), and throws
// CLI::Error, which carries the complaint, or the help that was asked for.
#ifndef INLET_CLI_VERB_ARGUMENTS_H_
#define INLET_CLI_VERB_ARGUMENTS_H_

#include <string>
#include <vector>

#include "cli/invocation.h"

namespace inlet::cli {

Invocation ParseCheck(const std::vector<std::string>& arguments);
Invocation ParsePause(const std::vector<std::string>& arguments);
Invocation ParseResume(const std::vector<std::string>& arguments);
Invocation ParseReconnect(const std::vector<std::string>& arguments);
Invocation ParseConnections(const std::vector<std::string>& arguments);
Invocation ParseClose(const std::vector<std::string>& arguments);
Invocation ParseSend(const std::vector<std::string>& arguments);
Invocation ParseUpdate(const std::vector<std::string>& arguments);
Invocation ParseConfKeys(const std::vector<std::string>& arguments);
Invocation ParseConfKey(const std::vector<std::string>& arguments);
Invocation ParseExport(const std::vector<std::string>& arguments);
Invocation ParseApply(const std::vector<std::string>& arguments);

// What several verbs read. `option`: its name, for the complaint.

// KEY=VALUE each; a key may not come twice.
Pairs ParsePairs(const std::string& option, const std::vector<std::string>& texts);
// States in any case, separated by commas.
std::vector<v1::StreamStatus::State> ParseStates(const std::string& text);
// Digits alone, up to `most`.
uint64_t ParseNumber(const std::string& option, const std::string& text, uint64_t most);

}  // namespace inlet::cli

#endif  // INLET_CLI_VERB_ARGUMENTS_H_
