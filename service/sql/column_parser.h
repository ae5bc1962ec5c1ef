// Reads the columns of a statement, and types that stand alone.
//
//   columns := ( [ column type [DEFAULT literal] , ... [,] ] )
//   type    := BIGINT | FLOAT | STRING | DATETIME | BOOLEAN | BYTEA | ARRAY(type) | STRUCT(column type, ...)
#ifndef INLET_SERVICE_SQL_COLUMN_PARSER_H_
#define INLET_SERVICE_SQL_COLUMN_PARSER_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/sql/statement.h"
#include "service/sql/token_reader.h"

namespace inlet::sql {

// Each call reads its part and leaves `reader` at what follows. Errors are SQL_SYNTAX, limits (limits.h) included; they
// count over all calls.
class ColumnParser {
 public:
  // `reader` outlives it.
  explicit ColumnParser(TokenReader& reader) : reader_(reader) {}

  // After "(", up to and with ")". None at all are columns, too.
  absl::StatusOr<std::vector<Column>> ParseColumns();
  absl::StatusOr<ColumnType> ParseType() { return ParseType(0); }

 private:
  absl::Status ParseList(std::vector<Column>& columns, size_t depth);
  absl::StatusOr<Column> ParseColumn(size_t depth);
  absl::Status ParseColumnName(Column& column);
  absl::StatusOr<TypeKind> ParseTypeName();
  absl::StatusOr<ColumnType> ParseType(size_t depth);
  absl::Status ParseInsideOfType(ColumnType& type, size_t depth);
  absl::Status ParseFields(ColumnType& type, size_t depth);
  absl::Status ParseDefault(Column& column, size_t depth);

  TokenReader& reader_;
  size_t column_count_ = 0;
};

// The type that is the whole of `text`, such as "ARRAY(STRING)". Errors as ColumnParser. Pure; any thread.
absl::StatusOr<ColumnType> ParseColumnType(std::string_view text);

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_COLUMN_PARSER_H_
