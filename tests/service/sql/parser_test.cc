// Statements that are good, and what they mean.
#include "service/sql/parser.h"

#include <gtest/gtest.h>

#include "service/sql/column_parser.h"
#include "service/sql/limits.h"

namespace inlet::sql {
namespace {

CreateStream Parsed(std::string_view text) {
  absl::StatusOr<CreateStream> statement = ParseCreateStream(text);
  EXPECT_TRUE(statement.ok()) << text << "\n" << statement.status();
  return statement.ok() ? *std::move(statement) : CreateStream{};
}

TEST(ParseCreateStream, TakesTheDocumentationsStatementsWordForWord) {
  for (const std::string_view text : {
           R"(CREATE STREAM demo'() with(CONF_KEY="default", datasource="/api/data", type="websocket")')",
           R"(CREATE STREAM demo'() with(format="json", datasource="/api/data", type="websocket")')",
           R"(CREATE STREAM demo() with(format="json", datasource="/api/data", type="websocket"))",
           R"(CREATE STREAM demo () WITH (DATASOURCE="/api/data", FORMAT="json", TYPE="websocket"))",
       }) {
    const CreateStream statement = Parsed(text);
    EXPECT_EQ(statement.name, "demo");
    EXPECT_EQ(OptionText(statement, OptionName::kDatasource), "/api/data");
    EXPECT_EQ(OptionText(statement, OptionName::kType), "websocket");
    EXPECT_EQ(statement.options.size(), 3U);
  }
  const CreateStream short_form = Parsed(R"(CREATE STREAM websocketDemo() WITH (FORMAT="json", TYPE="websocket"))");
  EXPECT_EQ(short_form.name, "websocketDemo");
  EXPECT_EQ(FindOption(short_form, OptionName::kDatasource), nullptr);
}

TEST(ParseCreateStream, TakesKeywordsAndOptionNamesInAnyCaseButKeepsTheCaseOfNamesAndValues) {
  const CreateStream statement = Parsed("create Stream DeMo (A BigInt) wItH (DataSource='/Api', CONF_key=\"X\");");
  EXPECT_EQ(statement.name, "DeMo");
  EXPECT_EQ(statement.columns.at(0).name, "A");
  EXPECT_EQ(OptionText(statement, OptionName::kDatasource), "/Api");
  EXPECT_EQ(OptionText(statement, OptionName::kConfKey), "X");
}

TEST(ParseCreateStream, EndpointIsDatasource) {
  EXPECT_EQ(OptionText(Parsed("CREATE STREAM a () WITH (ENDPOINT=\"/x\")"), OptionName::kDatasource), "/x");
}

TEST(ParseCreateStream, CommasBetweenOptionsMayBeLeftOut) {
  EXPECT_EQ(Parsed("CREATE STREAM a () WITH (TYPE='t' FORMAT='f' KEY='k',)").options.size(), 3U);
  EXPECT_EQ(Parsed("CREATE STREAM a () WITH ()").options.size(), 0U);
}

TEST(ParseCreateStream, ValuesAreTypedByTheirOption) {
  const CreateStream statement = Parsed(
      "CREATE STREAM a () WITH (SHARED=true, STRICT_VALIDATION=\"False\", RETAIN_SIZE=\"100\", EXTRA=' {\"a\":\"\\'\"} "
      "')");
  EXPECT_EQ(FindOption(statement, OptionName::kShared)->value, OptionValue(true));
  EXPECT_EQ(FindOption(statement, OptionName::kStrictValidation)->value, OptionValue(false));
  EXPECT_EQ(FindOption(statement, OptionName::kRetainSize)->value, OptionValue(uint64_t{100}));
  EXPECT_EQ(OptionText(statement, OptionName::kExtra), " {\"a\":\"'\"} ");
  EXPECT_EQ(OptionText(statement, OptionName::kShared), "");
}

TEST(ParseCreateStream, OptionsKnowTheirPlaces) {
  constexpr std::string_view kText = "CREATE STREAM a ()\n WITH (TYPE = 'x', EXTRA\n=\n \"{}\")";
  const CreateStream statement = Parsed(kText);
  const Option& extra = *FindOption(statement, OptionName::kExtra);
  EXPECT_EQ(ToString(extra.position), "line 2, column 20");
  EXPECT_EQ(ToString(extra.value_position), "line 4, column 2");
  EXPECT_EQ(kText.substr(extra.value_range.begin, extra.value_range.end - extra.value_range.begin), "\"{}\"");
  EXPECT_EQ(ToString(statement.name_position), "line 1, column 15");
}

TEST(ParseCreateStream, ReadsTheWholeTreeOfTypes) {
  const CreateStream statement = Parsed(R"(CREATE STREAM a (
      id BIGINT DEFAULT -7, price FLOAT DEFAULT "1.5", note STRING DEFAULT 'n/a', live BOOLEAN DEFAULT TRUE,
      at DATETIME, raw BYTEA, list ARRAY(ARRAY(FLOAT)), box STRUCT(x BIGINT, y STRUCT(z STRING),),
    ) WITH (TYPE="websocket"))");
  ASSERT_EQ(statement.columns.size(), 8U);
  EXPECT_EQ(statement.columns[0].default_value, DefaultValue(int64_t{-7}));
  EXPECT_EQ(statement.columns[1].default_value, DefaultValue(1.5));
  EXPECT_EQ(statement.columns[2].default_value, DefaultValue(std::string("n/a")));
  EXPECT_EQ(statement.columns[3].default_value, DefaultValue(true));
  EXPECT_EQ(statement.columns[4].type.kind, TypeKind::kDatetime);
  EXPECT_EQ(statement.columns[6].type.element.at(0).element.at(0).kind, TypeKind::kFloat);
  const ColumnType& box = statement.columns[7].type;
  EXPECT_EQ(box.fields.at(1).name, "y");
  EXPECT_EQ(box.fields.at(1).type.fields.at(0).type.kind, TypeKind::kString);
  EXPECT_EQ(statement.columns[5].position.line, 3U);
}

TEST(ParseCreateStream, ADatetimeTakesMillisecondsOrATextAsDefault) {
  const CreateStream statement =
      Parsed("CREATE STREAM a (c DATETIME DEFAULT -5, d DATETIME DEFAULT '2026-01-01') WITH ()");
  EXPECT_EQ(statement.columns.at(0).default_value, DefaultValue(int64_t{-5}));
  EXPECT_EQ(statement.columns.at(1).default_value, DefaultValue(std::string("2026-01-01")));
}

TEST(ParseCreateStream, AnyTextInBackQuotesIsAName) {
  const CreateStream statement =
      Parsed("CREATE STREAM `a-1` (`c.d e` BIGINT, `5` FLOAT, `x``y` STRING, `\u00e4` STRUCT(`(,)` STRING)) WITH ()");
  EXPECT_EQ(statement.name, "a-1");
  ASSERT_EQ(statement.columns.size(), 4U);
  EXPECT_EQ(statement.columns[0].name, "c.d e");
  EXPECT_EQ(statement.columns[1].name, "5");
  EXPECT_EQ(statement.columns[2].name, "x`y");
  EXPECT_EQ(statement.columns[3].name, "\u00e4");
  EXPECT_EQ(statement.columns[3].type.fields.at(0).name, "(,)");
}

TEST(ParseColumnType, ReadsOneTypeAndNothingElse) {
  const absl::StatusOr<ColumnType> type = ParseColumnType(" array( struct(a bigint, `b c` String,) ) ");
  ASSERT_TRUE(type.ok()) << type.status();
  EXPECT_EQ(type->element.at(0).fields.at(1).name, "b c");
  for (const auto& [text, message] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"BIGINT BIGINT", "line 1, column 8: found \"BIGINT\", expected nothing after the type"},
           {"BIGINT;", "line 1, column 7: found \";\", expected nothing after the type"},
           {"ARRAY(FLOAT", "line 1, column 12: found the end, expected \")\" after the type of the ARRAY's elements"},
       }) {
    EXPECT_EQ(ParseColumnType(text).status().message(), std::string(message));
  }
}

TEST(ParseCreateStream, KeywordsAreGoodNames) {
  EXPECT_EQ(Parsed("CREATE STREAM stream (type STRING, WITH BIGINT) WITH ()").columns.size(), 2U);
}

TEST(ParseCreateStream, SkipsComments) {
  EXPECT_EQ(Parsed("-- first\nCREATE /* a */ STREAM -- name:\n x -- no columns\n() WITH () -- end").name, "x");
}

TEST(ParseCreateStream, TakesTypesAsDeepAndColumnsAsManyAsTheLimits) {
  std::string type;
  for (size_t i = 0; i < kDeepestType; ++i) type += "ARRAY(";
  Parsed("CREATE STREAM a (c " + type + "BIGINT" + std::string(kDeepestType, ')') + ") WITH ()");
  std::string columns;
  for (size_t i = 0; i < kMostColumns; ++i) columns += "c" + std::to_string(i) + " BIGINT,";
  EXPECT_EQ(Parsed("CREATE STREAM a (" + columns + ") WITH ()").columns.size(), kMostColumns);
}

}  // namespace
}  // namespace inlet::sql
