// Decodes messages by a schema, for tests: what became of them as plain values.
#ifndef INLET_TESTS_INGEST_PROJECTOR_FIXTURE_H_
#define INLET_TESTS_INGEST_PROJECTOR_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest/compiled_schema.h"
#include "ingest/decoder.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::ingest {

inline ColumnType Scalar(ColumnKind kind) { return {kind, {}, {}}; }
inline ColumnType ArrayOf(const ColumnType& element) { return {ColumnKind::kArray, {element}, {}}; }
inline ColumnType StructOf(const std::vector<Column>& fields) { return {ColumnKind::kStruct, {}, fields}; }

inline Schema OneColumn(const ColumnType& type, bool strict = false) {
  Schema schema;
  schema.columns = {{"a", type, ""}};
  schema.strict = strict;
  return schema;
}

class ProjectorTest : public testing::Test {
 protected:
  struct Outcome {
    std::vector<std::string> records;
    std::vector<Reject> rejects;  // they point into the message
    std::vector<v1::Record> whole;
  };

  Outcome Decode(const Schema& schema, std::string_view text) {
    PaddedBuffer out;
    const auto compiled = CompiledSchema::Compile(schema);
    const DecodeResult result = decoder_.Decode(text, {WallTime(std::chrono::seconds(5)), 77}, compiled.get(), out);
    v1::SubscribeResponse response;
    EXPECT_TRUE(response.ParseFromArray(out.data(), static_cast<int>(out.size()))) << text;
    EXPECT_EQ(result.records, static_cast<uint32_t>(response.records_size()));
    EXPECT_EQ(result.rejects, result.first_rejects.size());
    Outcome outcome;
    outcome.rejects = result.first_rejects;
    outcome.whole.assign(response.records().begin(), response.records().end());
    for (const v1::Record& record : response.records()) outcome.records.push_back(record.json());
    return outcome;
  }

  // The one record that the message becomes; else its one reject.
  std::string Project(const Schema& schema, std::string_view text) {
    const Outcome outcome = Decode(schema, text);
    if (outcome.records.size() == 1 && outcome.rejects.empty()) return outcome.records[0];
    if (outcome.records.empty() && outcome.rejects.size() == 1) {
      return std::string(RejectReasonName(outcome.rejects[0].reason)) + ": " + outcome.rejects[0].detail;
    }
    return "neither one record nor one reject";
  }

  Decoder decoder_;
};

}  // namespace inlet::ingest

#endif  // INLET_TESTS_INGEST_PROJECTOR_FIXTURE_H_
