// What statements mean, and where they are said to be wrong.
#include "service/statement_compiler.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "ingest/error.h"

namespace inlet::service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

struct Good {
  std::string sql;
  std::string name;
  std::string datasource;
  std::string conf_key;
};

class CompiledStatements : public testing::TestWithParam<Good> {};

TEST_P(CompiledStatements, SayWhatFieldsWouldSay) {
  const auto compiled = CompileStatement(GetParam().sql);
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_EQ(compiled->definition.name(), GetParam().name);
  EXPECT_EQ(compiled->definition.datasource(), GetParam().datasource);
  EXPECT_EQ(compiled->definition.conf_key(), GetParam().conf_key);
  EXPECT_EQ(compiled->definition.sql(), GetParam().sql);
  EXPECT_THAT(compiled->definition.warnings(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    OfTheConnectorsDocumentation, CompiledStatements,
    testing::Values(
        Good{R"(CREATE STREAM websocketDemo() WITH (FORMAT="json", TYPE="websocket"))", "websocketDemo", "", ""},
        Good{R"(CREATE STREAM websocketDemo() WITH (DATASOURCE="/api/data", FORMAT="json", TYPE="websocket"))",
             "websocketDemo", "/api/data", ""},
        Good{R"(CREATE STREAM demo'() with(CONF_KEY="default", datasource="/api/data", type="websocket")')", "demo",
             "/api/data", "default"},
        Good{R"(CREATE STREAM demo'() with(format="json", datasource="/api/data", type="websocket")')", "demo",
             "/api/data", ""}));

INSTANTIATE_TEST_SUITE_P(
    InOtherSpellings, CompiledStatements,
    testing::Values(Good{R"(create stream d () with (endpoint='/x' Type='WebSocket' FORMAT='JSON');)", "d", "/x", ""},
                    Good{R"(CREATE STREAM d () WITH (STRICT_VALIDATION="false", DATASOURCE="/x"))", "d", "/x", ""}));

TEST(StatementCompiler, RetainSizeIsACountOfRecords) {
  const auto compiled = CompileStatement(R"(CREATE STREAM d () WITH (RETAIN_SIZE="500"))");
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_EQ(compiled->definition.retention().max_records(), 500U);
}

TEST(StatementCompiler, ExtraHoldsSettings) {
  const auto compiled = CompileStatement(R"(CREATE STREAM d () WITH (EXTRA="{\"maxMessageBytes\": 4096}"))");
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_EQ(compiled->definition.settings().max_message_bytes(), 4096U);
}

TEST(StatementCompiler, SecretsInExtraAreNotShown) {
  const auto compiled = CompileStatement(
      R"(CREATE STREAM d () WITH (DATASOURCE="/x", EXTRA='{"requestHeader": {"Authorization": "Bearer s3cr3t"}}'))");
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_EQ(compiled->definition.settings().request_header().at("Authorization"), "Bearer s3cr3t");
  EXPECT_THAT(compiled->definition.sql(), Not(HasSubstr("s3cr3t")));
  EXPECT_THAT(compiled->definition.sql(), HasSubstr("<redacted>"));
  EXPECT_THAT(compiled->definition.sql(), StartsWith(R"(CREATE STREAM d () WITH (DATASOURCE="/x", EXTRA=)"));
}

TEST(StatementCompiler, CommentsAreNotShown) {
  const auto compiled = CompileStatement(
      "CREATE STREAM d () WITH (DATASOURCE=\"/x\" /* EXTRA='{\"bearerTokens\":[\"s3cr3t\"]}' */) -- s3cr3t too");
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_THAT(compiled->definition.sql(), Not(HasSubstr("s3cr3t")));
  EXPECT_THAT(compiled->definition.sql(), StartsWith("CREATE STREAM d () WITH (DATASOURCE=\"/x\""));
}

TEST(StatementCompiler, OptionsThatChangeNothingAreNamed) {
  const auto compiled = CompileStatement(R"(CREATE STREAM d () WITH (SHARED="true", KEY="id"))");
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_THAT(compiled->definition.warnings(), ElementsAre(StartsWith("SHARED "), StartsWith("KEY ")));
}

TEST(StatementCompiler, ColumnsAndTheirOptionsAreTheSchema) {
  const auto compiled = CompileStatement(
      "create stream d (id bigint default 9007199254740993, `a b` struct(x array(float),), on boolean default true,)\n"
      "WITH (STRICT_VALIDATION=TRUE, TIMESTAMP='id', TIMESTAMP_FORMAT='yyyy-MM-dd')");
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  v1::Schema expected;
  const std::string json = R"_({"columns": [{"name": "id", "type": "BIGINT", "default_value": "9007199254740993"},
      {"name": "a b", "type": "STRUCT(x ARRAY(FLOAT))"}, {"name": "on", "type": "BOOLEAN", "default_value": true}],
      "strict": true, "timestamp": "id", "timestamp_format": "yyyy-MM-dd"})_";
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &expected).ok());
  const v1::Schema& schema = compiled->definition.schema();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(schema, expected)) << schema.DebugString();
}

struct Bad {
  std::string sql;
  absl::StatusCode code;
  std::string reason;
  std::string message;  // a part of it
};

class RefusedStatements : public testing::TestWithParam<Bad> {};

TEST_P(RefusedStatements, AreToldWhereAndWhy) {
  const auto compiled = CompileStatement(GetParam().sql);
  EXPECT_EQ(compiled.status().code(), GetParam().code) << compiled.status();
  EXPECT_EQ(GetErrorDetail(compiled.status()).reason, GetParam().reason);
  EXPECT_THAT(std::string(compiled.status().message()), StartsWith("line "));
  EXPECT_THAT(std::string(compiled.status().message()), HasSubstr(GetParam().message));
}

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

INSTANTIATE_TEST_SUITE_P(
    OfEachKind, RefusedStatements,
    testing::Values(
        Bad{"CREATE STREAM", kInvalid, "SQL_SYNTAX", "expected"},
        Bad{"CREATE STREAM d () WITH (TYPE=\"mqtt\")", kInvalid, "OPTION_UNKNOWN",
            R"(line 1, column 31: TYPE "mqtt" is not known: the only value is "websocket")"},
        Bad{"CREATE STREAM d ()\n WITH (FORMAT=\"delimited\")", kInvalid, "OPTION_UNKNOWN",
            R"(line 2, column 15: FORMAT "delimited" is not known: the only value is "json")"},
        Bad{"CREATE STREAM d (id BIGIN) WITH ()", kInvalid, "SQL_SYNTAX", "did you mean \"BIGINT\""},
        Bad{"CREATE STREAM d () WITH (RETAIN_SIZE=\"1.5\")", kInvalid, "SQL_SYNTAX", "expected a number of records"},
        Bad{"CREATE STREAM d () WITH (EXTRA='{\"maxMesageBytes\": 1}')", kInvalid, "OPTION_UNKNOWN", "maxMessageBytes"},
        Bad{"CREATE STREAM d () WITH (EXTRA='{\"maxMessageBytes\": \"x\"}')", kInvalid, "FIELD_INVALID", "EXTRA"},
        Bad{"CREATE STREAM d () WITH (DATASORCE=\"/x\")", kInvalid, "OPTION_UNKNOWN", "DATASOURCE"}));

TEST(StatementCompiler, LaterErrorsAreToldAtTheirPlace) {
  const auto compiled = CompileStatement(R"(CREATE STREAM d () WITH (DATASOURCE="x"))");
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  const absl::Status told = AtPlace(FieldInvalid("stream.datasource", "a path begins with /"), *compiled);
  EXPECT_EQ(told.message(), "line 1, column 37: a path begins with /");
  EXPECT_EQ(GetErrorDetail(told).field, "sql");
  EXPECT_EQ(GetErrorDetail(told).reason, "FIELD_INVALID");
}

TEST(StatementCompiler, FaultsOfTheSchemaSpeakTheStatementsLanguage) {
  const auto compiled =
      CompileStatement("CREATE STREAM d (a DATETIME,\n b DATETIME) WITH (TIMESTAMP=\"c\", TIMESTAMP_FORMAT=\"q\")");
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  const auto told = [&compiled](const std::string& field) {
    return std::string(AtPlace(FieldInvalid(field, field + ": why"), *compiled).message());
  };
  EXPECT_EQ(told("stream.schema.columns[1].defaultValue"), "line 2, column 2: column \"b\": why");
  EXPECT_EQ(told("stream.schema.timestamp"), "line 2, column 30: TIMESTAMP: why");
  EXPECT_EQ(told("stream.schema.timestampFormat"), "line 2, column 52: TIMESTAMP_FORMAT: why");
}

}  // namespace
}  // namespace inlet::service
