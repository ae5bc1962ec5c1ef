// A value that does not fit its column, and the sentence about it.
#ifndef INLET_INGEST_SCHEMA_MISMATCH_H_
#define INLET_INGEST_SCHEMA_MISMATCH_H_

#include <cstddef>
#include <string>
#include <vector>

#include "ingest/compiled_schema.h"

namespace inlet::ingest {

struct SchemaMismatch {
  // On the way to the value: a column of a table, or an element of an array.
  struct Step {
    const CompiledColumn* column = nullptr;
    size_t index = 0;
  };
  enum class Wanted { kType, kTime };

  std::vector<Step> path;  // from the value outwards; its last step is a column
  const CompiledType* type = nullptr;
  char found = '\0';  // the value's first byte; NUL: there is no such member
  size_t position = 0;
  Wanted wanted = Wanted::kType;
  bool is_integer = false;  // an integer of 64 bits that a strict column does not take as it is written: 5.0, 1e3
};

// `expected BIGINT in column "a.b[3]", found a string`. Nothing of the message is in it, and at most 120 bytes of the
// columns' names.
std::string DescribeMismatch(const SchemaMismatch& mismatch);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_SCHEMA_MISMATCH_H_
