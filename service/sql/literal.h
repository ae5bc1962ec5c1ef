// The literals of DEFAULT.
#ifndef INLET_SERVICE_SQL_LITERAL_H_
#define INLET_SERVICE_SQL_LITERAL_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "service/sql/lexer.h"
#include "service/sql/statement.h"

namespace inlet::sql {

bool TakesDefault(TypeKind kind);

// The integer that is the whole of `text`, with a sign or without one. Nothing if it is none of 64 bits.
std::optional<int64_t> ReadInteger(std::string_view text);

// The value that the token is for a column of this type, which TakesDefault. Numbers and booleans may be quoted, except
// for DATETIME: there a number is milliseconds and a text a time, which is not judged here. SQL_SYNTAX if it is none,
// or a number does not fit.
absl::StatusOr<DefaultValue> ReadDefault(TypeKind kind, const Token& token);

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_LITERAL_H_
