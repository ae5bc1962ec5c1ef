// What --help says.
#ifndef INLET_CLI_HELP_H_
#define INLET_CLI_HELP_H_

#include <array>
#include <string_view>

namespace inlet::cli {

inline constexpr std::array<std::string_view, 15> kVerbs = {"create", "list",  "show",   "subscribe",  "watch",
                                                            "drop",   "pause", "resume", "reconnect",  "connections",
                                                            "close",  "send",  "check",  "completion", "version"};

// Of `inletctl --help`.
std::string_view MainHelp();

// Examples of one verb, below its options.
std::string_view Examples(std::string_view verb);

}  // namespace inlet::cli

#endif  // INLET_CLI_HELP_H_
