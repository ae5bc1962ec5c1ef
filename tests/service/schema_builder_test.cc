// What a typed schema becomes, and what is wrong with one.
#include "service/schema_builder.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::service {
namespace {

using google::protobuf::util::MessageDifferencer;
using ingest::ColumnKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

v1::Schema Json(const std::string& json) {
  v1::Schema schema;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &schema).ok()) << json;
  return schema;
}

BuiltSchema Built(const std::string& json) {
  absl::StatusOr<BuiltSchema> built = BuildSchema(Json(json));
  EXPECT_TRUE(built.ok()) << json << "\n" << built.status();
  return built.ok() ? *std::move(built) : BuiltSchema{};
}

TEST(SchemaBuilder, NothingIsNoSchema) {
  const BuiltSchema built = Built("{}");
  EXPECT_EQ(built.schema, ingest::Schema());
  EXPECT_TRUE(MessageDifferencer::Equals(built.shown, v1::Schema()));
  EXPECT_THAT(built.warnings, IsEmpty());
}

TEST(SchemaBuilder, ColumnsAreReadAndSpeltInOneWay) {
  const BuiltSchema built = Built(R"_({"columns": [
      {"name": "id", "type": "bigint", "default_value": "7"}, {"name": "a b", "type": "array ( string )"},
      {"name": "at", "type": "Struct(lat float, `l n` ARRAY(datetime),)"}], "strict": true})_");
  const std::vector<ingest::Column>& columns = built.schema.columns;
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[0], (ingest::Column{"id", {ColumnKind::kBigint, {}, {}}, "7"}));
  EXPECT_EQ(columns[1].type.element.at(0).kind, ColumnKind::kString);
  EXPECT_EQ(columns[2].type.fields.at(1).name, "l n");
  EXPECT_TRUE(built.schema.strict);
  const v1::Schema expected = Json(R"_({"columns": [{"name": "id", "type": "BIGINT", "default_value": 7},
      {"name": "a b", "type": "ARRAY(STRING)"},
      {"name": "at", "type": "STRUCT(lat FLOAT, `l n` ARRAY(DATETIME))"}], "strict": true})_");
  EXPECT_TRUE(MessageDifferencer::Equals(built.shown, expected)) << built.shown.DebugString();
}

TEST(SchemaBuilder, WhatItShowsBuildsTheSame) {
  const BuiltSchema first = Built(R"_({"columns": [
      {"name": "a", "type": "BIGINT", "default_value": "9007199254740993"},
      {"name": "b", "type": "STRUCT(c FLOAT)"}, {"name": "t", "type": "DATETIME", "default_value": "01.02.2026"}],
      "timestamp": "t", "timestamp_format": "dd.MM.yyyy"})_");
  const absl::StatusOr<BuiltSchema> second = BuildSchema(first.shown);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(first.schema, second->schema);
  EXPECT_TRUE(MessageDifferencer::Equals(first.shown, second->shown));
}

struct GoodDefault {
  std::string type;
  std::string json;   // of the contract's value
  std::string shown;  // likewise
  std::string record;
};

TEST(SchemaBuilder, DefaultsAreTheValuesOfTheirType) {
  for (const GoodDefault& good : {
           GoodDefault{"BIGINT", "-5", "-5", "-5"},
           GoodDefault{"BIGINT", "5e0", "5", "5"},
           GoodDefault{"BIGINT", R"("+5")", "5", "5"},
           GoodDefault{"BIGINT", "9007199254740991", "9007199254740991", "9007199254740991"},
           GoodDefault{"BIGINT", R"("9007199254740992")", R"("9007199254740992")", "9007199254740992"},
           GoodDefault{"BIGINT", R"("-9223372036854775808")", R"("-9223372036854775808")", "-9223372036854775808"},
           GoodDefault{"FLOAT", "1.5", "1.5", "1.5"},
           GoodDefault{"FLOAT", "1e300", "1e300", "1e+300"},
           GoodDefault{"FLOAT", "3", "3", "3"},
           GoodDefault{"FLOAT", R"("1e300")", "1e300", "1e+300"},
           GoodDefault{"FLOAT", R"("0.1")", "0.1", "0.1"},
           GoodDefault{"STRING", R"("a\"\n")", R"("a\"\n")", R"("a\"\n")"},
           GoodDefault{"BOOLEAN", "false", "false", "false"},
           GoodDefault{"DATETIME", "1764425822000", "1764425822000", "1764425822000"},
           GoodDefault{"DATETIME", R"("2026-11-29T14:17:02Z")", R"("2026-11-29T14:17:02Z")",
                       R"("2026-11-29T14:17:02Z")"},
       }) {
    const std::string before = R"({"columns": [{"name": "a", "type": ")" + good.type + R"(", "default_value": )";
    const BuiltSchema built = Built(before + good.json + "}]}");
    ASSERT_EQ(built.schema.columns.size(), 1U) << good.json;
    EXPECT_EQ(built.schema.columns[0].default_json, good.record) << good.type << " " << good.json;
    EXPECT_TRUE(MessageDifferencer::Equals(built.shown, Json(before + good.shown + "}]}")))
        << built.shown.DebugString();
  }
}

struct Bad {
  std::string json;
  std::string field;
  std::string message;  // after the field
};

TEST(SchemaBuilder, FaultsNameTheirField) {
  const std::string wide(129, 'n');
  const std::string deep = [] {
    std::string type;
    for (int i = 0; i < 33; ++i) type += "ARRAY(";
    return type;
  }();
  for (const Bad& bad : {
           Bad{R"({"columns": [{"type": "BIGINT"}]})", "columns[0].name", "the name \"\" is empty"},
           Bad{R"({"columns": [{"name": ")" + wide + R"(", "type": "BIGINT"}]})", "columns[0].name",
               "the name \"" + wide.substr(0, 48) + "...\" is longer than 128 bytes"},
           Bad{R"({"columns": [{"name": "a\tb", "type": "BIGINT"}]})", "columns[0].name",
               "the name \"a b\" contains a control character"},
           Bad{R"({"columns": [{"name": "a", "type": "FLOAT"}, {"name": "a", "type": "FLOAT"}]})", "columns[1].name",
               "\"a\" is declared twice"},
           Bad{R"({"columns": [{"name": "a"}]})", "columns[0].type",
               "line 1, column 1: found the end, expected a type: BIGINT, FLOAT, STRING, DATETIME, BOOLEAN, BYTEA, "
               "ARRAY(type) or STRUCT(...)"},
           Bad{R"({"columns": [{"name": "a", "type": "BIGIN"}]})", "columns[0].type",
               "line 1, column 1: found \"BIGIN\", expected a type: BIGINT, FLOAT, STRING, DATETIME, BOOLEAN, BYTEA, "
               "ARRAY(type) or STRUCT(...); did you mean \"BIGINT\"?"},
           Bad{R"({"columns": [{"name": "a", "type": ")" + deep + R"("}]})", "columns[0].type",
               "line 1, column 193: types are nested deeper than 32 levels"},
           Bad{R"_({"columns": [{"name": "a", "type": "STRUCT(b FLOAT, b FLOAT)"}]})_", "columns[0].type",
               "line 1, column 17: the column \"b\" is declared twice, first at line 1, column 8"},
           Bad{R"({"columns": [{"name": "a", "type": "BYTEA", "default_value": "eA=="}]})", "columns[0].defaultValue",
               "a column of type BYTEA cannot have a default"},
           Bad{R"_({"columns": [{"name": "a", "type": "ARRAY(FLOAT)", "default_value": [1]}]})_",
               "columns[0].defaultValue", "a column of type ARRAY cannot have a default"},
           Bad{R"({"columns": [{"name": "a", "type": "FLOAT", "default_value": null}]})", "columns[0].defaultValue",
               "the default of a column of type FLOAT must be a number"},
           Bad{R"({"columns": [{"name": "a", "type": "FLOAT", "default_value": "one"}]})", "columns[0].defaultValue",
               "the default of a column of type FLOAT must be a number"},
           Bad{R"({"columns": [{"name": "a", "type": "FLOAT", "default_value": "12345678901234567890"}]})",
               "columns[0].defaultValue",
               "no FLOAT is \"12345678901234567890\"; the nearest one is 12345678901234567168"},
           Bad{R"({"columns": [{"name": "a", "type": "BOOLEAN", "default_value": 1}]})", "columns[0].defaultValue",
               "the default of a column of type BOOLEAN must be true or false"},
           Bad{R"({"columns": [{"name": "a", "type": "STRING", "default_value": 1}]})", "columns[0].defaultValue",
               "the default of a column of type STRING must be a string"},
           Bad{R"({"columns": [{"name": "a", "type": "BIGINT", "default_value": 1.5}]})", "columns[0].defaultValue",
               "the default of a column of type BIGINT must be an integer of 64 bits, in a string from 2^53 on"},
           Bad{R"({"columns": [{"name": "a", "type": "BIGINT", "default_value": 9007199254740993}]})",
               "columns[0].defaultValue",
               "the default of a column of type BIGINT must be an integer of 64 bits, in a string from 2^53 on"},
           Bad{R"({"columns": [{"name": "a", "type": "DATETIME", "default_value": true}]})", "columns[0].defaultValue",
               "the default of a column of type DATETIME must be milliseconds since 1970, or a time in a string"},
           Bad{R"({"columns": [{"name": "a", "type": "DATETIME", "default_value": "yesterday"}]})",
               "columns[0].defaultValue",
               "the default is no time: write milliseconds since 1970, or as 2026-11-29T14:17:02Z"},
           Bad{R"({"columns": [{"name": "a", "type": "DATETIME", "default_value": 9e15}]})", "columns[0].defaultValue",
               "the default is no time: write milliseconds since 1970, or as 2026-11-29T14:17:02Z"},
           Bad{R"({"columns": [{"name": "b", "type": "DATETIME"}], "timestamp": "a"})", "timestamp",
               "\"a\" is none of the columns"},
           Bad{R"({"columns": [{"name": "time", "type": "DATETIME"}], "timestamp": "tiem"})", "timestamp",
               "\"tiem\" is none of the columns; did you mean \"time\"?"},
           Bad{R"_({"columns": [{"name": "a", "type": "STRUCT(ts DATETIME)"}], "timestamp": "a"})_", "timestamp",
               "the column \"a\" is STRUCT, which holds no times: make it DATETIME, BIGINT, FLOAT or STRING"},
           Bad{R"({"timestamp_format": "yyyy-MM-dd"})", "timestampFormat",
               "there is no timestamp whose text it could be"},
       }) {
    const absl::Status status = BuildSchema(Json(bad.json)).status();
    EXPECT_EQ(std::string(status.message()), "stream.schema." + bad.field + ": " + bad.message) << bad.json;
    EXPECT_EQ(GetErrorDetail(status).reason, "FIELD_INVALID") << bad.json;
    EXPECT_EQ(GetErrorDetail(status).field, "stream.schema." + bad.field) << bad.json;
  }
}

TEST(SchemaBuilder, AFormatThatCannotBeReadTellsTheLetter) {
  const absl::Status status = BuildSchema(Json(R"({"timestamp": "t", "timestamp_format": "yyyy-qq"})")).status();
  EXPECT_THAT(std::string(status.message()), StartsWith("stream.schema.timestampFormat: "));
  EXPECT_THAT(std::string(status.message()), HasSubstr("q"));
}

TEST(SchemaBuilder, TheDefaultOfTheTimestampIsOfItsFormat) {
  const std::string before = R"({"columns": [{"name": "t", "type": "DATETIME", "default_value": )";
  const std::string after = R"(}], "timestamp": "t", "timestamp_format": "dd.MM.yyyy"})";
  EXPECT_EQ(Built(before + R"("29.11.2026")" + after).schema.columns.at(0).default_json, R"("29.11.2026")");
  EXPECT_FALSE(BuildSchema(Json(before + R"("2026-11-29T14:17:02Z")" + after)).ok());
}

TEST(SchemaBuilder, ColumnsOfAllLevelsAreLimitedTogether) {
  v1::Schema schema;
  for (int i = 0; i < 500; ++i) {
    v1::Column& column = *schema.add_columns();
    column.set_name("c" + std::to_string(i));
    column.set_type("ARRAY(STRUCT(x FLOAT))");
  }
  EXPECT_TRUE(BuildSchema(schema).ok());
  schema.mutable_columns(499)->set_type("ARRAY(STRUCT(x FLOAT, y FLOAT))");
  EXPECT_EQ(std::string(BuildSchema(schema).status().message()),
            "stream.schema.columns: more than 1000 columns, those of STRUCT included");
}

TEST(SchemaBuilder, FieldsOfANewerContractAreRefused) {
  v1::Schema schema;
  v1::Column& column = *schema.add_columns();
  column.set_name("a");
  column.set_type("FLOAT");
  column.GetReflection()->MutableUnknownFields(&column)->AddVarint(77, 1);
  EXPECT_EQ(BuildSchema(schema).status().code(), absl::StatusCode::kUnimplemented);
}

TEST(SchemaBuilder, WithoutColumnsAnyKeyMayGiveTheTime) {
  const BuiltSchema built = Built(R"({"timestamp": "ts", "strict": true})");
  EXPECT_EQ(built.schema.timestamp, "ts");
  EXPECT_THAT(built.warnings, IsEmpty());
}

TEST(SchemaBuilder, WhatMaySurpriseIsWarnedOf) {
  EXPECT_THAT(Built(R"({"strict": true})").warnings,
              ElementsAre("strict validation has no effect: there are no columns"));
  const std::string column = R"("columns": [{"name": "t", "type": "BIGINT"}], "timestamp": "t")";
  EXPECT_THAT(Built("{" + column + "}").warnings, IsEmpty());
  for (const std::string strict : {"", R"(, "strict": true)"}) {
    EXPECT_THAT(Built(Concat({"{", column, R"(, "timestamp_format": "yyyy-MM-dd")", strict, "}"})).warnings,
                ElementsAre("the timestamp format has no effect: the column \"t\" holds numbers, as BIGINT, which are "
                            "milliseconds since 1970"));
  }
}

}  // namespace
}  // namespace inlet::service
