// Errors about a place in a statement.
#ifndef INLET_SERVICE_SQL_SQL_ERROR_H_
#define INLET_SERVICE_SQL_SQL_ERROR_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "service/sql/lexer.h"

namespace inlet::sql {

// INVALID_ARGUMENT, SQL_SYNTAX: `line 1, column 15: ` and the message.
absl::Status SyntaxError(const TextPosition& position, std::string_view message);

// INVALID_ARGUMENT, OPTION_UNKNOWN, likewise.
absl::Status OptionUnknown(const TextPosition& position, std::string_view message, std::string_view option,
                           std::string_view nearest);

// SyntaxError `found "(", expected a stream name`; of a bad token, what is wrong with it.
absl::Status Unexpected(const Token& found, std::string_view expected);

// In quotes, shortened if it is long, on one line.
std::string Shown(std::string_view text);

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_SQL_ERROR_H_
