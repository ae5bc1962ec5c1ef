// The literals of DEFAULT.
#ifndef INLET_SERVICE_SQL_LITERAL_H_
#define INLET_SERVICE_SQL_LITERAL_H_

#include "absl/status/statusor.h"
#include "service/sql/lexer.h"
#include "service/sql/statement.h"

namespace inlet::sql {

bool TakesDefault(TypeKind kind);

// The value that the token is for a column of this type, which TakesDefault. Numbers and booleans may be quoted; a text
// must be. SQL_SYNTAX if it is none, or a number does not fit.
absl::StatusOr<DefaultValue> ReadDefault(TypeKind kind, const Token& token);

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_LITERAL_H_
