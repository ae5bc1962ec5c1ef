// Reads the command line. CLI11 is here and in verb_parser.h alone.
#ifndef INLET_CLI_ARGUMENTS_H_
#define INLET_CLI_ARGUMENTS_H_

#include <string>
#include <variant>
#include <vector>

#include "cli/invocation.h"

namespace inlet::cli {

// 0: ok. 1: an error was answered, or there was no answer. 2: the command line is wrong. 3: apply would change
// something, and was asked to tell so. Above 128: ended by the signal.
inline constexpr int kExitOk = 0;
inline constexpr int kExitError = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitDiffers = 3;

// The program ends here: help (to standard output, exit code 0) or a complaint (to standard error, 2).
struct Answer {
  int exit_code = kExitOk;
  std::string text;
};

// `arguments` without the program's name. Reads INLET_ADDRESS and the clock (for --from -1h). Does not throw.
std::variant<Invocation, Answer> ParseArguments(const std::vector<std::string>& arguments);

}  // namespace inlet::cli

#endif  // INLET_CLI_ARGUMENTS_H_
