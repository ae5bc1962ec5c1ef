// Any message by any schema: what becomes of it is what nlohmann and the rules say. The first 8 bytes make the schema.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "ingest/decoder.h"
#include "tests/ingest/random_records.h"
#include "tests/ingest/schema_oracle.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace inlet::ingest;
  uint64_t seed = 0;
  if (size < sizeof seed) return 0;
  std::memcpy(&seed, data, sizeof seed);
  const std::string_view text(reinterpret_cast<const char*>(data) + sizeof seed, size - sizeof seed);
  static Decoder decoder;
  static AgreementCounts counts;
  const Schema schema = RandomRecords(seed).NewSchema();
  const std::string wrong = Disagreement(decoder, schema, text, counts);
  if (wrong.empty()) return 0;
  std::fprintf(stderr, "does not hold: %s\n", wrong.c_str());
  std::abort();
}
