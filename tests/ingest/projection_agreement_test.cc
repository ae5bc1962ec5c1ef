// Documents and schemas that nobody thought of: our records, rejects and event times against nlohmann's.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tests/ingest/random_records.h"
#include "tests/ingest/schema_oracle.h"

namespace inlet::ingest {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr uint64_t kDocuments = 10'000;
#elif defined(NDEBUG)
constexpr uint64_t kDocuments = 1'000'000;
#else
constexpr uint64_t kDocuments = 100'000;
#endif
constexpr uint64_t kParts = 4;  // which run side by side

// Of all parts. INLET_PROJECTION_DOCUMENTS asks for another number.
uint64_t Documents() {
  const char* const asked = std::getenv("INLET_PROJECTION_DOCUMENTS");
  return asked != nullptr ? std::strtoull(asked, nullptr, 10) : kDocuments;
}

void Damage(std::string& text, uint64_t seed) {
  constexpr std::string_view kBytes = "{}[]\",:\\u0019.eE+-tfn \x01\x80\xff\xc3\xed";
  text[seed % text.size()] = kBytes[seed / 7 % kBytes.size()];
}

class ProjectionAgreement : public testing::TestWithParam<uint64_t> {};

TEST_P(ProjectionAgreement, RecordsRejectsAndEventTimesAreThoseOfTheOracle) {
  constexpr uint64_t kMessagesOfASchema = 10;
  constexpr uint64_t kOneDamagedIn = 11;
  RandomRecords random(61'337 + GetParam());
  Decoder decoder;
  AgreementCounts counts;
  Schema schema;
  const uint64_t documents = Documents() / kParts;
  for (uint64_t i = 0; i < documents; ++i) {
    if (i % kMessagesOfASchema == 0) schema = random.NewSchema();
    std::string text = random.Message(schema);
    if (i % kOneDamagedIn == 0) Damage(text, i * 2'654'435'761);
    ASSERT_EQ(Disagreement(decoder, schema, text, counts), "") << "document " << i << ": " << text;
  }
  // Otherwise the test compares nothing.
  EXPECT_GT(counts.records, documents / 2);
  EXPECT_GT(counts.mismatches, documents / 10);
  EXPECT_GT(counts.event_times, documents / 50);
  EXPECT_GT(counts.refused, documents / 50);
}

INSTANTIATE_TEST_SUITE_P(Part, ProjectionAgreement, testing::Range(uint64_t{0}, kParts));

}  // namespace
}  // namespace inlet::ingest
