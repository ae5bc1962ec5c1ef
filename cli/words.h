// Small things about words that people type.
#ifndef INLET_CLI_WORDS_H_
#define INLET_CLI_WORDS_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace inlet::cli {

// Equal but for the case of ASCII letters.
bool SameWord(std::string_view a, std::string_view b);

std::string LowerCase(std::string_view text);

// At white space.
std::vector<std::string> SplitWords(std::string_view text);

// Whether protobuf takes it as a text.
bool IsUtf8(std::string_view text);

// The message of an error.
std::string ToText(const absl::Status& status);

// 500ms, 20s, 2m, 1h, 7d, and sums such as 1h30m; parts may have a fraction. Nothing if it is none of these, or beyond
// ten thousand years.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

}  // namespace inlet::cli

#endif  // INLET_CLI_WORDS_H_
