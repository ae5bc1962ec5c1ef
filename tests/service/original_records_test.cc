// What eKuiper's websocket source makes of a message, beside what Inlet makes of it: a row for each case, and why they
// differ. What is said of the original was measured, or read in its source; what is said of Inlet is tested here. Here
// are whole messages and what the statement says of them; tests/ingest/schema_parity_test.cc has the values in columns.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/compiled_schema.h"
#include "ingest/decoder.h"
#include "inlet/v1/inlet.pb.h"
#include "service/stream_plan.h"

namespace inlet::service {
namespace {

constexpr std::string_view kDropped = "dropped";  // the whole message, with an error

// Outcomes: the records as JSON, then the rejects, all joined by " | "; "nothing" if there are none.
struct Row {
  std::string message;
  std::string original;
  std::string ours;
  std::string why;  // empty: the same
};

ingest::Schema SchemaOf(const std::string& columns, const std::string& options) {
  v1::CreateStreamRequest request;
  request.set_sql("CREATE STREAM d (" + columns + ") WITH (" + options + ")");
  const absl::StatusOr<StreamPlan> plan = PlanStream(request, {}, {});
  EXPECT_TRUE(plan.ok()) << request.sql() << plan.status();
  return plan.ok() ? plan->spec.schema : ingest::Schema();
}

std::string OutcomeOf(const ingest::Schema& schema, const std::string& message) {
  ingest::Decoder decoder;
  ingest::PaddedBuffer out;
  const auto compiled = ingest::CompiledSchema::Compile(schema);
  const ingest::DecodeResult result = decoder.Decode(message, {}, compiled.get(), out);
  v1::SubscribeResponse response;
  EXPECT_TRUE(response.ParseFromArray(out.data(), static_cast<int>(out.size())));
  std::string outcome;
  const auto add = [&outcome](const std::string& part) { outcome += (outcome.empty() ? "" : " | ") + part; };
  for (const v1::Record& record : response.records()) add(record.json());
  for (const ingest::Reject& reject : result.first_rejects) {
    add("reject " + std::string(RejectReasonName(reject.reason)));
  }
  return outcome.empty() ? "nothing" : outcome;
}

bool AreTheSame(const Row& row) {
  if (row.original == kDropped) return row.ours.starts_with("reject ");
  return row.original == row.ours;
}

void ExpectRows(const std::string& columns, const std::string& options, const std::vector<Row>& rows) {
  const ingest::Schema schema = SchemaOf(columns, options);
  for (const Row& row : rows) {
    EXPECT_EQ(OutcomeOf(schema, row.message), row.ours) << columns << " " << row.message;
    EXPECT_EQ(AreTheSame(row), row.why.empty()) << "a difference has a reason: " << columns << " " << row.message;
  }
}

const std::string kNull = R"({"a":null})";
const std::string kNeighbours = "one value that does not fit does not cost its neighbours: it is null";
const std::string kText = "a number keeps its text, so that nothing is rounded";
const std::string kStrictJson = "strict RFC 8259: what is no JSON is not guessed at";

TEST(OriginalRecords, MessagesWithoutASchema) {
  const std::string deep = R"({"a":)" + std::string(400, '[') + std::string(400, ']') + "}";
  ExpectRows(
      "", "",
      {
          {R"({"a":1})", R"({"a":1})", R"({"a":1})", ""},
          {R"([{"a":1},{"a":2}])", R"({"a":1} | {"a":2})", R"({"a":1} | {"a":2})", ""},
          {"[]", "nothing", "nothing", ""},
          {"{}", "{}", "{}", ""},
          {R"([{"a":1},5])", "dropped", R"({"a":1} | reject NOT_AN_OBJECT)", "good elements pass"},
          {R"([{"a":1},null])", "dropped", R"({"a":1} | reject NOT_AN_OBJECT)", "good elements pass"},
          {"123", "dropped", "reject NOT_AN_OBJECT", ""},
          {R"("abc")", "dropped", "reject NOT_AN_OBJECT", ""},
          {"null", "dropped", "reject NOT_AN_OBJECT", ""},
          {"true", "dropped", "reject NOT_AN_OBJECT", ""},
          {"", "dropped", "reject INVALID_JSON", ""},
          {" \n", "dropped", "reject INVALID_JSON", ""},
          {"{\"a\":1}\n{\"a\":2}", "dropped", "reject INVALID_JSON", ""},
          {R"({"a":1} x)", "dropped", "reject INVALID_JSON", ""},
          {R"({"a":{"b":[{}]}})", R"({"a":{"b":[{}]}})", R"({"a":{"b":[{}]}})", ""},
          {deep, "dropped", deep, "nested up to 1,024 levels, not 300"},
          {R"({"a":1,"a":2})", R"({"a":2})", R"({"a":1,"a":2})", "the JSON view is the text that was received"},
          {R"({"a":9007199254740993})", R"({"a":9007199254740992})", R"({"a":9007199254740993})", kText},
          {R"({"a":9223372036854775808})", R"({"a":9223372036854775808})", R"({"a":9223372036854775808})", ""},
          {R"({"a":1e3})", R"({"a":1000})", R"({"a":1e3})", kText},
          {R"({"a":1.0})", R"({"a":1})", R"({"a":1.0})", kText},
          {R"({"a":1.50})", R"({"a":1.5})", R"({"a":1.50})", kText},
          {R"({"a":1e400})", "+Inf, which cannot be encoded later", R"({"a":1e400})", kText},
          {R"({"a":nan})", "NaN, which cannot be encoded later", "reject INVALID_JSON", kStrictJson},
          {R"({"a":inf})", "+Inf, which cannot be encoded later", "reject INVALID_JSON", kStrictJson},
          {R"({"a":007})", R"({"a":7})", "reject INVALID_JSON", kStrictJson},
          {R"({"a":+7})", "dropped", "reject INVALID_JSON", ""},
          {R"({"a":1.})", "dropped", "reject INVALID_JSON", ""},
          {R"({"a":0x10})", "dropped", "reject INVALID_JSON", ""},
          {"{\"a\":\"\n\"}", R"({"a":"\n"})", "reject INVALID_JSON", kStrictJson},
          {R"({"a":"\q"})", R"({"a":"\\q"})", "reject INVALID_JSON", kStrictJson},
          {R"({"a":"\ud800"})", R"({"a":"\\ud800"})", R"({"a":"\ud800"})", "the text stays; a Struct gets U+FFFD"},
          {"{\"a\":\"\xff\"}", "{\"a\":\"\xEF\xBF\xBD\"}", "reject INVALID_UTF8", "RFC 6455: it closes with 1007"},
          {R"({"b":1,"a":2})", R"({"a":2,"b":1})", R"({"b":1,"a":2})", "the order of the keys is the sender's"},
      });
}

// Theirs with useInt64ForWholeNumber, which Inlet does not need.
TEST(OriginalRecords, WholeNumbersAs64Bits) {
  ExpectRows("", "",
             {
                 {R"({"a":9007199254740993})", R"({"a":9007199254740993})", R"({"a":9007199254740993})", ""},
                 {R"({"a":9223372036854775808})", "dropped", R"({"a":9223372036854775808})", kText},
                 {R"({"a":1e3})", "dropped", R"({"a":1e3})", kText},
                 {R"({"a":1.0})", R"({"a":1})", R"({"a":1.0})", kText},
             });
}

// Theirs with another FORMAT, whose statements Inlet refuses (original_statements_test.cc), or with decompression.
TEST(OriginalRecords, OtherFormats) {
  const std::string json = "JSON is the one format";
  ExpectRows("", "",
             {
                 {"any bytes", R"({"self":"any bytes"})", "reject INVALID_JSON", json},  // binary
                 {"1,2", R"({"a":"1","b":"2"})", "reject INVALID_JSON", json},           // delimited, fields a and b
                 {"a=1&b=2&b=3", R"({"a":"1","b":["2","3"]})", "reject INVALID_JSON", json},              // urlencoded
                 {"\x08\x01", "the fields of its message type", "reject INVALID_JSON", json},             // protobuf
                 {"\x1f\x8b\x08", R"({"a":1})", "reject INVALID_UTF8", "permessage-deflate compresses"},  // gzip
             });
}

// Theirs: an empty map; meta() gives nothing.
TEST(OriginalRecords, MetadataIsOfEachRecord) {
  ingest::Decoder decoder;
  ingest::PaddedBuffer out;
  decoder.Decode(R"([{"a":1},{"a":2}])", {ingest::WallTime(std::chrono::seconds(5)), 7}, nullptr, out);
  v1::SubscribeResponse response;
  ASSERT_TRUE(response.ParseFromArray(out.data(), static_cast<int>(out.size())));
  ASSERT_EQ(response.records_size(), 2);
  for (const v1::Record& record : response.records()) {
    EXPECT_EQ(record.receive_time().seconds(), 5);
    EXPECT_EQ(record.connection(), 7U);
  }
}

// Theirs uses TIMESTAMP only in a rule that sets isEventTime; else an event has the time of its processing.
TEST(OriginalRecords, AnEventHasItsTimeForEveryReader) {
  ingest::Decoder decoder;
  ingest::PaddedBuffer out;
  const auto schema = ingest::CompiledSchema::Compile(SchemaOf("ts BIGINT", "TIMESTAMP='ts'"));
  decoder.Decode(R"({"ts":1764425822000})", {}, schema.get(), out);
  v1::SubscribeResponse response;
  ASSERT_TRUE(response.ParseFromArray(out.data(), static_cast<int>(out.size())));
  ASSERT_EQ(response.records_size(), 1);
  EXPECT_EQ(response.records(0).event_time().seconds(), 1'764'425'822);
}

TEST(OriginalRecords, WhatASchemaKeeps) {
  ExpectRows(
      "a BIGINT", "",
      {
          {R"({"a":1,"z":2})", R"({"a":1})", R"({"a":1})", ""},
          {R"({"a":1,"z":null})", R"({"a":1,"z":null})", R"({"a":1})", "what is not declared is dropped, null too"},
          {"{}", "{}", "{}", ""},
          {kNull, kNull, kNull, ""},
          {R"([{"a":1},{"a":"x"}])", "dropped", R"({"a":1} | {"a":null})", kNeighbours},
          {R"([{"a":1},5])", "dropped", R"({"a":1} | reject NOT_AN_OBJECT)", "good elements pass"},
          {R"({"a":1,"a":2})", R"({"a":2})", R"({"a":2})", ""},
      });
  ExpectRows("a BIGINT DEFAULT 7", "", {{"{}", "{}", R"({"a":7})", "a default holds in both modes"}});
  ExpectRows("b BIGINT, a BIGINT", "",
             {{R"({"a":1,"b":2})", R"({"a":1,"b":2})", R"({"b":2,"a":1})", "columns have the order of the statement"}});
}

TEST(OriginalRecords, Strict) {
  const std::string strict = "STRICT_VALIDATION='true'";
  ExpectRows("a BIGINT", strict,
             {
                 {R"({"a":1,"z":2})", R"({"a":1})", R"({"a":1})", ""},
                 {R"([{"a":1},{"a":"x"}])", "dropped", R"({"a":1} | reject SCHEMA_MISMATCH)", "good elements pass"},
             });
  ExpectRows("a BIGINT DEFAULT 7", strict, {{"{}", R"({"a":7})", R"({"a":7})", ""}});
  ExpectRows("a FLOAT DEFAULT 1.5", strict, {{"{}", R"({"a":1.5})", R"({"a":1.5})", ""}});
  ExpectRows("a BOOLEAN DEFAULT true", strict, {{"{}", R"({"a":true})", R"({"a":true})", ""}});
  ExpectRows("a STRING DEFAULT 'x'", strict, {{"{}", R"({"a":"x"})", R"({"a":"x"})", ""}});
  ExpectRows("a DATETIME", strict + ", TIMESTAMP='a', TIMESTAMP_FORMAT='yyyy-MM-dd'",
             {{R"({"a":"2026-11-29"})", "a time", R"({"a":"2026-11-29"})", "the text stays; event_time is the time"},
              {R"({"a":"yesterday"})", "dropped", "reject SCHEMA_MISMATCH", ""}});
}

}  // namespace
}  // namespace inlet::service
