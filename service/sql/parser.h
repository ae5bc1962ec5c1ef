// Reads a CREATE STREAM statement.
//
//   CREATE STREAM name ( [ column type [DEFAULT literal] , ... [,] ] ) WITH ( OPTION = value [,] ... ) [;]
//   value := "text" | 'text' | TRUE | FALSE
//
// Types and literals: column_parser.h. A name may stand in back-quotes, where two of them are one that is meant. Inside
// quotes \" \' and \\ stand for the character itself; any other backslash is kept, so that JSON's own escapes pass.
// Keywords, types and option names in any case. Comments: -- to the end of the line, /* */. A quote right after the
// name that closes at the end of the statement is dropped: demo'() with(...)' is what a shell would make of it.
#ifndef INLET_SERVICE_SQL_PARSER_H_
#define INLET_SERVICE_SQL_PARSER_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "service/sql/statement.h"

namespace inlet::sql {

// All errors are INVALID_ARGUMENT, carry `line` and `column`, and say them in the message:
// `line 1, column 15: found "(", expected a stream name`.
//  * SQL_SYNTAX: anything that breaks the grammar, a limit, or the form of an option's value; an option given twice.
//  * OPTION_UNKNOWN (option, nearest): an option that does not exist, or one of the dialect that has no meaning here.
// What the values of TYPE, FORMAT, CONF_KEY, DATASOURCE and EXTRA mean is not judged, only that EXTRA looks like an
// object. Pure; any thread; linear in the length of the text.
absl::StatusOr<CreateStream> ParseCreateStream(std::string_view text);

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_PARSER_H_
