// A second opinion on projection, by nlohmann's reader and plain code that knows nothing of ours.
#ifndef INLET_TESTS_INGEST_SCHEMA_ORACLE_H_
#define INLET_TESTS_INGEST_SCHEMA_ORACLE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/decoder.h"
#include "ingest/schema.h"

namespace inlet::ingest {

// What was compared, so that a test can see that it compares something.
struct AgreementCounts {
  uint64_t records = 0;
  uint64_t mismatches = 0;
  uint64_t event_times = 0;
  uint64_t refused = 0;  // messages that are no records, with a schema as without one
};

// Decodes `text` by `schema`. Empty if what became of it is what nlohmann and the rules say, and otherwise what is
// wrong. A text that nlohmann judges otherwise than RFC 8259 is compared no further than without a schema.
std::string Disagreement(Decoder& decoder, const Schema& schema, std::string_view text, AgreementCounts& counts);

}  // namespace inlet::ingest

#endif  // INLET_TESTS_INGEST_SCHEMA_ORACLE_H_
