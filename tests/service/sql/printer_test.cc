// Printed statements mean what was parsed, and replaced values leave all else alone.
#include "service/sql/printer.h"

#include <gtest/gtest.h>

#include "service/sql/parser.h"

namespace inlet::sql {
namespace {

TEST(ToSql, PrintsOneCanonicalLine) {
  const auto statement = ParseCreateStream(
      "create stream a'(w datetime default '2026-01-01', x bigint default +5, f float default 1e22, s string default "
      "'q\"\\'', l array(bytea),\n"
      "t struct(u datetime)) with (endpoint='/p' shared=\"true\" retain_size='07')'");
  ASSERT_TRUE(statement.ok()) << statement.status();
  EXPECT_EQ(ToSql(*statement),
            "CREATE STREAM a (w DATETIME DEFAULT \"2026-01-01\", x BIGINT DEFAULT 5, f FLOAT DEFAULT 1e+22, s STRING "
            "DEFAULT \"q\\\"'\", l ARRAY(BYTEA), "
            "t STRUCT(u DATETIME)) WITH (DATASOURCE=\"/p\", SHARED=TRUE, RETAIN_SIZE=\"7\")");
}

TEST(ToSql, NamesHaveBackQuotesWhereTheyNeedThem) {
  const auto statement =
      ParseCreateStream("CREATE STREAM a (`b` ARRAY(STRUCT(`c``d` BIGINT, `e_-1` FLOAT)), `-` FLOAT) WITH ()");
  ASSERT_TRUE(statement.ok()) << statement.status();
  EXPECT_EQ(ToSql(*statement), "CREATE STREAM a (b ARRAY(STRUCT(`c``d` BIGINT, e_-1 FLOAT)), `-` FLOAT) WITH ()");
}

TEST(ToSql, WhatItPrintsParsesToTheSame) {
  const auto first = ParseCreateStream(R"(CREATE STREAM a (x FLOAT DEFAULT -0.1) WITH (EXTRA='{"a":"\\\\ \"\n"}'))");
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = ParseCreateStream(ToSql(*first));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(OptionText(*second, OptionName::kExtra), OptionText(*first, OptionName::kExtra));
  EXPECT_EQ(second->columns.at(0).default_value, first->columns.at(0).default_value);
  EXPECT_EQ(ToSql(*second), ToSql(*first));
}

TEST(RewriteValues, ReplacesValuesAndTouchesNothingElse) {
  constexpr std::string_view kText = "create stream d'() with(extra='{\"k\":\"secret\"}',  datasource=\"/a?t=1\")' ;";
  const auto statement = ParseCreateStream(kText);
  ASSERT_TRUE(statement.ok()) << statement.status();
  EXPECT_EQ(RewriteValues(kText, *statement,
                          {{FindOption(*statement, OptionName::kDatasource), "/a?t=<redacted>"},
                           {FindOption(*statement, OptionName::kExtra), "{\"k\":\"<redacted>\"}"}}),
            "create stream d'() with(extra=\"{\\\"k\\\":\\\"<redacted>\\\"}\",  datasource=\"/a?t=<redacted>\")' ;");
  EXPECT_EQ(RewriteValues(kText, *statement, {}), kText);
}

TEST(RewriteValues, CommentsGo) {
  constexpr std::string_view kText =
      "/* a */create/**/stream d () -- b\nwith (/* c */ key=\"/* kept */ -- kept\" /* d */); -- e";
  const auto statement = ParseCreateStream(kText);
  ASSERT_TRUE(statement.ok()) << statement.status();
  EXPECT_EQ(RewriteValues(kText, *statement, {}), " create stream d ()  \nwith (  key=\"/* kept */ -- kept\"  );  ");
  constexpr std::string_view kStray = "create stream d'() with() -- it is'";
  const auto stray = ParseCreateStream(kStray);
  ASSERT_TRUE(stray.ok()) << stray.status();
  EXPECT_EQ(RewriteValues(kStray, *stray, {}), "create stream d'() with()  '");
}

}  // namespace
}  // namespace inlet::sql
