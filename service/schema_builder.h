// Turns the schema of a definition into the plain values that the data plane runs on.
#ifndef INLET_SERVICE_SCHEMA_BUILDER_H_
#define INLET_SERVICE_SCHEMA_BUILDER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/schema.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::service {

struct BuiltSchema {
  // As it was given, types and defaults in their one spelling: schemas that mean the same are equal.
  v1::Schema shown;
  ingest::Schema schema;
  // What was accepted and has no effect, or may surprise.
  std::vector<std::string> warnings;
};

// FIELD_INVALID about `stream.schema...`: a name that is missing, given twice or unfit, a type that cannot be read
// (service/sql/column_parser.h, whose limits hold for all columns together), a default of another type, a timestamp
// that is none of the columns or cannot hold a time, a format that cannot be read or has no timestamp. NOT_IMPLEMENTED
// for fields of a newer contract. Without columns `timestamp` may be any key. Pure, any thread.
absl::StatusOr<BuiltSchema> BuildSchema(const v1::Schema& given);

}  // namespace inlet::service

#endif  // INLET_SERVICE_SCHEMA_BUILDER_H_
