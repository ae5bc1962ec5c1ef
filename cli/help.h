// What --help says.
#ifndef INLET_CLI_HELP_H_
#define INLET_CLI_HELP_H_

#include <array>
#include <string_view>

namespace inlet::cli {

inline constexpr std::array kVerbs = {
    std::string_view("create"),     std::string_view("list"),        std::string_view("show"),
    std::string_view("subscribe"),  std::string_view("watch"),       std::string_view("update"),
    std::string_view("drop"),       std::string_view("pause"),       std::string_view("resume"),
    std::string_view("reconnect"),  std::string_view("connections"), std::string_view("close"),
    std::string_view("send"),       std::string_view("check"),       std::string_view("conf-keys"),
    std::string_view("conf-key"),   std::string_view("export"),      std::string_view("apply"),
    std::string_view("completion"), std::string_view("version")};

// Of `inletctl --help`.
std::string_view MainHelp();

// Examples of one verb, below its options.
std::string_view Examples(std::string_view verb);

}  // namespace inlet::cli

#endif  // INLET_CLI_HELP_H_
