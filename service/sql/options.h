// The options of WITH: which there are, and what each one takes.
#ifndef INLET_SERVICE_SQL_OPTIONS_H_
#define INLET_SERVICE_SQL_OPTIONS_H_

#include "absl/status/statusor.h"
#include "service/sql/lexer.h"
#include "service/sql/statement.h"

namespace inlet::sql {

// OPTION_UNKNOWN if `word` is no option, or one of the dialect that means nothing here.
absl::StatusOr<OptionName> FindOptionName(const Token& word);

// SQL_SYNTAX if the option does not take such a value.
absl::StatusOr<OptionValue> ReadOptionValue(OptionName name, const Token& token);

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_OPTIONS_H_
