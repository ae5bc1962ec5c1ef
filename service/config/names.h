// How names of keys may be spelt: maxMessageBytes or max_message_bytes; in the environment in any case.
#ifndef INLET_SERVICE_CONFIG_NAMES_H_
#define INLET_SERVICE_CONFIG_NAMES_H_

#include <string>
#include <string_view>

namespace inlet::config {

// [A-Za-z][A-Za-z0-9_-]{0,62}: the names of streams and conf keys.
bool IsName(std::string_view text);

// ASCII only, as all keys are.
std::string Lower(std::string_view text);

bool EqualIgnoringCase(std::string_view a, std::string_view b);

// "max_message_bytes" of "maxMessageBytes", "root_ca_raw" of "rootCARaw".
std::string SnakeCase(std::string_view camel);

// `prefix`.`key`, or `key` alone if there is no prefix.
std::string JoinPath(std::string_view prefix, std::string_view key);

// For error messages: in quotes, at most 64 bytes of it, without control characters.
std::string Shown(std::string_view text);

// Without its spaces, tabs and line breaks.
std::string Spaceless(std::string_view text);

// Whether all of `text` is well-formed UTF-8.
bool IsUtf8(std::string_view text);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_NAMES_H_
