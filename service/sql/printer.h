// Writes statements: the canonical text of a parsed one, and the given text as it may be shown.
#ifndef INLET_SERVICE_SQL_PRINTER_H_
#define INLET_SERVICE_SQL_PRINTER_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/sql/statement.h"

namespace inlet::sql {

// One line that parses to an equal statement (positions aside): keywords upper-case, texts in double quotes.
std::string ToSql(const CreateStream& statement);

// A type as statements write it, such as STRUCT(a FLOAT, `b c` ARRAY(STRING)): equal types, equal texts.
std::string ToSql(const ColumnType& type);

// The shortest text that reads back as the same number, which is finite.
std::string NumberText(double number);

// A text as a quoted value.
std::string Quote(std::string_view text);

// The statement's own text without its comments and with the values of some options replaced, all else untouched: how
// secrets are redacted. `statement` must come from parsing this very `text`, and have the options; each is paired with
// the new value, unquoted.
std::string RewriteValues(std::string_view text, const CreateStream& statement,
                          const std::vector<std::pair<const Option*, std::string>>& replacements);

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_PRINTER_H_
