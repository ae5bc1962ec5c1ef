// The literals of DEFAULT.
#ifndef INLET_SERVICE_SQL_LITERAL_H_
#define INLET_SERVICE_SQL_LITERAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "ingest/exact_double.h"
#include "service/sql/lexer.h"
#include "service/sql/statement.h"

namespace inlet::sql {

bool TakesDefault(TypeKind kind);

// The integer that is the whole of `text`, with a sign or without one. Nothing if it is none of 64 bits.
std::optional<int64_t> ReadInteger(std::string_view text);

// The number that is the whole of `text`, likewise. Nothing if it is none, or not finite.
std::optional<ingest::NearestDouble> ReadFloat(std::string_view text);

// Why a number that is not exact is no default: `no FLOAT is "16777217.00000000001"; the nearest one is 16777217`.
std::string RoundingFault(std::string_view text, double nearest);

// The value that the token is for a column of this type, which TakesDefault. Numbers and booleans may be quoted, except
// for DATETIME: there a number is milliseconds and a text a time, which is not judged here. SQL_SYNTAX if it is none,
// or a number does not fit, or would be rounded.
absl::StatusOr<DefaultValue> ReadDefault(TypeKind kind, const Token& token);

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_LITERAL_H_
