// Reads what the user named as input.
#ifndef INLET_CLI_INPUT_FILE_H_
#define INLET_CLI_INPUT_FILE_H_

#include <optional>
#include <string>

namespace inlet::cli {

// The whole file; "-": standard input. Nothing, after the error was printed, if it cannot be read.
std::optional<std::string> ReadInput(const std::string& path);

}  // namespace inlet::cli

#endif  // INLET_CLI_INPUT_FILE_H_
