// What eKuiper makes of a CREATE STREAM statement, beside what Inlet makes of it: a row for each case of its grammar,
// and why they differ. What is said of the original was read in its source and its tests; of Inlet it is tested here.
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/stream_plan.h"

namespace inlet::service {
namespace {

using testing::HasSubstr;

constexpr std::string_view kAccepted = "accepted";

struct Row {
  std::string sql;
  std::string original;  // kAccepted, or its error
  std::string ours;      // kAccepted, or a part of the error
  std::string why;       // of a difference in what is accepted; empty: there is none
};

void ExpectRows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    v1::CreateStreamRequest request;
    request.set_sql(row.sql);
    const absl::StatusOr<StreamPlan> plan = PlanStream(request, {}, {});
    const bool accepted = row.ours == kAccepted;
    EXPECT_EQ(plan.ok(), accepted) << row.sql << "\n" << plan.status();
    const std::string answer = accepted ? std::string(kAccepted) : std::string(plan.status().message());
    EXPECT_THAT(answer, HasSubstr(row.ours)) << row.sql;
    EXPECT_EQ(accepted == (row.original == kAccepted), row.why.empty()) << "a difference has a reason: " << row.sql;
  }
}

TEST(OriginalStatements, WhatIsAccepted) {
  ExpectRows({
      {"create stream d (a bigint, b Float) with (type='websocket')", "accepted", "accepted", ""},
      {"CREATE STREAM d (A BIGINT, a FLOAT) WITH ()", "accepted", "accepted", ""},
      {"CREATE STREAM d () WITH ();", "accepted", "accepted", ""},
      {"CREATE STREAM d (a BIGINT, b ARRAY(STRUCT(x DATETIME, y BYTEA)),) WITH ()", "accepted", "accepted", ""},
      {"CREATE STREAM d (a BOOLEAN DEFAULT true) WITH ()", "accepted", "accepted", ""},
      {"CREATE STREAM d () WITH (DATASOURCE='/x' FORMAT='json')", "accepted", "accepted", ""},
      {"CREATE STREAM d () WITH (FORMAT='JSON', TYPE=\"websocket\")", "accepted", "accepted", ""},
      {"CREATE STREAM d (a BIGINT) WITH (STRICT_VALIDATION=TRUE)", "accepted", "accepted", ""},
      {"CREATE STREAM d () WITH (STRICT_VALIDATION='true')", "accepted", "accepted", ""},  // no effect; ours warns
      {"CREATE STREAM d () WITH (SHARED='true', KEY='id')", "accepted", "accepted", ""},   // no effect; ours warns
      {"CREATE STREAM d () WITH (TIMESTAMP='ts')", "accepted", "accepted", ""},
      {"CREATE STREAM d () WITH (RETAIN_SIZE='100')", "accepted", "accepted",
       ""},  // theirs is of tables; ours of the log
      {"CREATE STREAM d () WITH (EXTRA='{\"maxMessageBytes\": 65536}')", "accepted", "accepted", ""},
      {"CREATE STREAM d (a DATETIME DEFAULT 5) WITH ()", "DEFAULT clause is not supported for datetime", "accepted",
       "a time may have a default like other scalars"},
      {"CREATE STREAM d () WITH (TYPE='WebSocket')", "source type WebSocket not found, when a rule starts", "accepted",
       "types are words, in any case"},
      {"CREATE STREAM d () WITH ()", "accepted as mqtt", "accepted", "a stream without TYPE is a websocket"},
  });
}

TEST(OriginalStatements, WhatIsRefused) {
  ExpectRows({
      {"CREATE STREAM d (a integer) WITH ()", "found \"integer\", expect valid stream field types(...)",
       "line 1, column 20: found \"integer\", expected a type: BIGINT, FLOAT,", ""},
      {"CREATE STREAM d () WITH (SOURCES='x')", "found \"SOURCES\", unknown option keys(...)",
       "unknown option \"SOURCES\"; the options are DATASOURCE, TYPE", ""},
      {"CREATE STREAM d () WITH (STRICT_VALIDATION='true1')", "found \"true1\", expect TRUE/FALSE value",
       "found \"true1\", expected TRUE or FALSE as the value of STRICT_VALIDATION", ""},
      {"CREATE STREAM d () WITH (SHARED='true1')", "found \"true1\", expect TRUE/FALSE value",
       "found \"true1\", expected TRUE or FALSE as the value of SHARED", ""},
      {"CREATE STREAM d () WITH (TEMP='true1')", "found \"true1\", expect TRUE/FALSE value",
       "the option TEMP has no meaning here", ""},
      {"CREATE STREAM d () WITH (RETAIN_SIZE='x')", "found \"x\", expect number value in RETAIN_SIZE option",
       "found \"x\", expected a number of records", ""},
      {"CREATE STREAM d () WITH (RETAIN_SIZE=100)", "found \"100\", expect string or boolean value in option",
       "write RETAIN_SIZE=\"100\"", ""},
      {"CREATE STREAM d () WITH (FORMAT json)", "found \"json\", expect equals(=) in options",
       "found \"json\", expected \"=\" after FORMAT", ""},
      {"CREATE STREAM d () WITH DATASOURCE='/x'", "found \"DATASOURCE\", expect stream options",
       "found \"DATASOURCE\", expected \"(\" after WITH", ""},
      {"CREATE STREAM d () WITHS ()", "found \"WITHS\", expected is with", "found \"WITHS\", expected WITH", ""},
      {"CREATE STREAM d ()) WITH ()", "found \")\", expect stream options", "found \")\", expected WITH", ""},
      {"CREATE STREAM d () WITH ())", "found \")\", expected semicolon or EOF",
       "found \")\", expected \";\" or the end of the statement", ""},
      {"CREATE STREAM () WITH ()", "found \"(\", expected stream name", "found \"(\", expected a stream name", ""},
      {"CREATE STREAM d WITH ()", "found \"WITH\", expected lparen after stream name",
       "found \"WITH\", expected \"(\" after the stream name", ""},
      {"CREATE STREAM d () WITH (EXTRA='x')", "invalid extra option, expect JSON string",
       "EXTRA is not a JSON object of settings", ""},
      {"CREATE STREAM d () WITH (FORMAT='xml')", "option 'format=xml' is invalid", "FORMAT \"xml\" is not known", ""},
      {"CREATE STREAM d (a BYTEA, b BYTEA) WITH (FORMAT='binary')", "'binary' format stream can have only one field",
       "FORMAT \"binary\" is not known", ""},
      {"CREATE STREAM d (a BIGINT) WITH (FORMAT='binary')", "'binary' format stream can have only 'bytea' type field",
       "FORMAT \"binary\" is not known", ""},
      {"CREATE STREAM d (a STRUCT(b BIGINT) DEFAULT 1) WITH ()", "DEFAULT clause is not supported for its type",
       "a column of type STRUCT cannot have a DEFAULT", ""},
      {"CREATE STREAM d (a BYTEA DEFAULT 'x') WITH ()", "DEFAULT clause is not supported for bytea",
       "a column of type BYTEA cannot have a DEFAULT", ""},
      {"CREATE STREAM d (a ARRAY(FLOAT) DEFAULT 1) WITH ()", "DEFAULT clause is not supported for *ast.ArrayType",
       "a column of type ARRAY cannot have a DEFAULT", ""},
      {"CREATE STREAM d (a BIGINT DEFAULT 'bar') WITH ()", "cannot convert string(bar) to int64",
       "found \"bar\", expected an integer of 64 bits as the DEFAULT", ""},
      {"CREATE STREAM invalid.topic () WITH ()", "id 'invalid.topic' contains invalid characters",
       "the stream name \"invalid.topic\" contains \".\"", ""},
  });
}

TEST(OriginalStatements, WhatTheOriginalTakesAndInletRefuses) {
  ExpectRows({
      {"CREATE STREAM d () WITH (TYPE='websocket', TYPE='websocket')", "accepted", "the option TYPE is given twice",
       "the last one would win silently"},
      {"CREATE STREAM d () WITH (TYPE='mqtt')", "accepted", "the only value is \"websocket\"",
       "there is no other source, and the creator is who can mend it"},
      {"CREATE STREAM d () WITH (DATASOURCE='no/slash')", "accepted", "line 1, column 37",
       "the creator is told, not a rule that cannot start"},
      {"CREATE STREAM d () WITH (CONF_KEY='nowhere')", "accepted", "nowhere",
       "an unknown key would silently be another role"},
      {"CREATE STREAM d (a BYTEA) WITH (FORMAT='binary')", "accepted", "FORMAT \"binary\" is not known",
       "JSON is the one format"},
      {"CREATE STREAM d () WITH (FORMAT='urlencoded')", "accepted", "FORMAT \"urlencoded\" is not known",
       "JSON is the one format"},
      {"CREATE STREAM d () WITH (FORMAT='protobuf', SCHEMAID='file.Message')", "accepted",
       "the option SCHEMAID has no meaning here", "JSON is the one format"},
      {"CREATE STREAM d () WITH (FORMAT='custom', SCHEMAID='file.Message')", "accepted",
       "the option SCHEMAID has no meaning here", "JSON is the one format"},
      {"CREATE STREAM d () WITH (EXTRA='{\"sendIntervall\": 5}')", "accepted", "sendIntervall",
       "a key that nothing reads is a slip of the pen"},
      {"CREATE STREAM d (a FLOAT DEFAULT 12345678901234567890) WITH ()", "accepted",
       "no FLOAT is \"12345678901234567890\"", "no number is rounded in silence"},
      {"CREATE STREAM d () WITH (FORMAT='delimited', DELIMITER=',')", "accepted",
       "the option DELIMITER has no meaning here", "JSON is the one format"},
      {"CREATE STREAM d () WITH (SCHEMAID='x')", "accepted", "the option SCHEMAID has no meaning here",
       "it belongs to other formats"},
      {"CREATE STREAM d () WITH (VERSION='1')", "accepted", "the option VERSION has no meaning here",
       "an etag guards against a lost update"},
      {"CREATE STREAM d () WITH (TEMP='true')", "accepted", "the option TEMP has no meaning here",
       "whether definitions last is the service's data_dir"},
      {"CREATE STREAM d () WITH (KIND='scan')", "accepted", "the option KIND has no meaning here", "it is of tables"},
      {"CREATE STREAM d (a BIGINT) WITH (TIMESTAMP='ts')", "accepted", "TIMESTAMP: \"ts\" is none of the columns",
       "no record would have a time"},
      {"CREATE STREAM d () WITH (TIMESTAMP_FORMAT='yyyy')", "accepted",
       "TIMESTAMP_FORMAT: there is no timestamp whose text it could be", "it would do nothing"},
  });
}

}  // namespace
}  // namespace inlet::service
