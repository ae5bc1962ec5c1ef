// Compiles a CREATE STREAM statement into the definition that a caller could have sent as fields.
#ifndef INLET_SERVICE_STATEMENT_COMPILER_H_
#define INLET_SERVICE_STATEMENT_COMPILER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/redact.h"

namespace inlet::service {

struct CompiledStatement {
  // `sql` is the statement's text without comments, secrets in EXTRA and DATASOURCE redacted; `warnings` names the
  // options that change nothing.
  v1::Stream definition;
  // Where what a field says was written.
  struct Place {
    std::string field;     // its path in a request
    std::string position;  // "line 1, column 15"
    std::string spelling;  // what the statement calls it, such as TIMESTAMP; empty: as the field
  };
  std::vector<Place> places;
};

// Errors of the parser (service/sql/parser.h) and of EXTRA (service/config/settings_reader.h); OPTION_UNKNOWN for a
// TYPE or FORMAT that is not ours. Each message begins with line and column. Whether the values make sense together is
// for a later check. `shown_query`:
// names in query strings whose values are no secrets. Pure, any thread.
absl::StatusOr<CompiledStatement> CompileStatement(std::string_view text, const config::QueryNames& shown_query = {});

// An error of that later check, told as one of the statement: preceded by the place of the field at fault, and about
// the request's field `sql`.
absl::Status AtPlace(const absl::Status& status, const CompiledStatement& statement);

}  // namespace inlet::service

#endif  // INLET_SERVICE_STATEMENT_COMPILER_H_
