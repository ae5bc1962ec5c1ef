// What is wrong with a statement, and where.
#include <gtest/gtest.h>

#include "ingest/error.h"
#include "service/sql/limits.h"
#include "service/sql/parser.h"

namespace inlet::sql {
namespace {

struct Fault {
  std::string_view text;
  size_t line;
  size_t column;
  // After `line L, column C: `.
  std::string_view message;
};

std::string Metadata(const ErrorDetail& detail, std::string_view key) {
  for (const auto& [name, value] : detail.metadata) {
    if (name == key) return value;
  }
  return "";
}

void ExpectFault(const Fault& fault, std::string_view reason) {
  const absl::Status status = ParseCreateStream(fault.text).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << fault.text;
  EXPECT_EQ(std::string(status.message()), ToString({fault.line, fault.column}) + ": " + std::string(fault.message))
      << fault.text;
  const ErrorDetail detail = GetErrorDetail(status);
  EXPECT_EQ(detail.reason, reason) << fault.text;
  EXPECT_EQ(Metadata(detail, "line"), std::to_string(fault.line)) << fault.text;
  EXPECT_EQ(Metadata(detail, "column"), std::to_string(fault.column)) << fault.text;
}

constexpr std::string_view kNameRule = "a name is a letter, then up to 62 letters, digits, hyphens and underscores";

TEST(SqlError, TheHeadOfAStatement) {
  for (const Fault& fault : {
           Fault{"", 1, 1, "found the end, expected CREATE STREAM, the only statement there is"},
           Fault{"DROP STREAM a", 1, 1, "found \"DROP\", expected CREATE STREAM, the only statement there is"},
           Fault{"CREATE TABLE a () WITH ()", 1, 8, "found \"TABLE\", expected STREAM after CREATE"},
           Fault{"CREATE", 1, 7, "found the end, expected STREAM after CREATE"},
           Fault{"CREATE STREAM () WITH ()", 1, 15, "found \"(\", expected a stream name"},
           Fault{"CREATE STREAM\n", 2, 1, "found the end, expected a stream name"},
           Fault{"CREATE STREAM 'a' () WITH ()", 1, 15, "found \"a\", expected a stream name without quotes"},
           Fault{"CREATE STREAM a WITH ()", 1, 17, "found \"WITH\", expected \"(\" after the stream name"},
           Fault{"CREATE STREAM a", 1, 16, "found the end, expected \"(\" after the stream name"},
           Fault{"CREATE STREAM a'() WITH ()", 1, 16,
                 "the quote after the stream name is not closed at the end of the statement"},
       }) {
    ExpectFault(fault, "SQL_SYNTAX");
  }
}

TEST(SqlError, NamesWithOddCharactersAtTheCharacter) {
  const std::string odd = "the stream name \"invalid.topic\" contains \".\"; " + std::string(kNameRule);
  ExpectFault({"CREATE STREAM invalid.topic () WITH ()", 1, 22, odd}, "SQL_SYNTAX");
  const std::string digit = "the stream name \"1a\" begins with \"1\"; " + std::string(kNameRule);
  ExpectFault({"CREATE STREAM\n  1a () WITH ()", 2, 3, digit}, "SQL_SYNTAX");
  ExpectFault(
      {"CREATE STREAM `a b` () WITH ()", 1, 17, "the stream name \"a b\" contains \" \"; " + std::string(kNameRule)},
      "SQL_SYNTAX");
  const std::string name(64, 'n');
  const std::string text = "CREATE STREAM " + name + " () WITH ()";
  const std::string length =
      "the stream name \"" + std::string(48, 'n') + "...\" has 64 characters; " + std::string(kNameRule);
  ExpectFault({text, 1, 78, length}, "SQL_SYNTAX");
}

TEST(SqlError, Columns) {
  constexpr std::string_view kTypes =
      "expected a type: BIGINT, FLOAT, STRING, DATETIME, BOOLEAN, BYTEA, ARRAY(type) or STRUCT(...)";
  const std::string integer = "found \"integer\", " + std::string(kTypes);
  const std::string flot = "found \"FLOT\", " + std::string(kTypes) + "; did you mean \"FLOAT\"?";
  const std::string none = "found \")\", " + std::string(kTypes);
  for (const Fault& fault : {
           Fault{"CREATE STREAM a (c integer) WITH ()", 1, 20, integer},
           Fault{"CREATE STREAM a (c FLOT) WITH ()", 1, 20, flot},
           Fault{"CREATE STREAM a (c) WITH ()", 1, 19, none},
           Fault{"CREATE STREAM a (c BIGINT d FLOAT) WITH ()", 1, 27,
                 "found \"d\", expected \",\" or \")\" after a column"},
           Fault{"CREATE STREAM a (c BIGINT,, d FLOAT) WITH ()", 1, 27, "found \",\", expected a column name"},
           Fault{"CREATE STREAM a (5 BIGINT) WITH ()", 1, 18,
                 "found \"5\", expected a column name; one that does not begin with a letter stands in back-quotes"},
           Fault{"CREATE STREAM a (c.d BIGINT) WITH ()", 1, 18,
                 "found \"c.d\", expected a column name of letters, digits, hyphens and underscores; others stand in "
                 "back-quotes"},
           Fault{"CREATE STREAM a (\"c\" BIGINT) WITH ()", 1, 18,
                 "found \"c\", expected a column name without quotes, or in back-quotes"},
           Fault{"CREATE STREAM a (`` BIGINT) WITH ()", 1, 18, "the column name \"\" is empty"},
           Fault{"CREATE STREAM a (`b\nc` BIGINT) WITH ()", 1, 18,
                 "the column name \"b c\" contains a control character"},
           Fault{"CREATE STREAM a (`c BIGINT) WITH ()", 1, 18, "a name that begins here is not closed with `"},
           Fault{"CREATE STREAM a (`c` BIGINT, c FLOAT) WITH ()", 1, 30,
                 "the column \"c\" is declared twice, first at line 1, column 18"},
           Fault{"CREATE STREAM a (c BIGINT,\n c FLOAT) WITH ()", 2, 2,
                 "the column \"c\" is declared twice, first at line 1, column 18"},
           Fault{"CREATE STREAM a (c ARRAY) WITH ()", 1, 25, "found \")\", expected \"(\" after ARRAY"},
           Fault{"CREATE STREAM a (c ARRAY(BIGINT, FLOAT)) WITH ()", 1, 32,
                 "found \",\", expected \")\" after the type of the ARRAY's elements"},
           Fault{"CREATE STREAM a (c STRUCT()) WITH ()", 1, 27, "found \")\", expected a column name"},
           Fault{"CREATE STREAM a (c STRUCT(d BIGINT DEFAULT 1)) WITH ()", 1, 36,
                 "a column of a STRUCT cannot have a DEFAULT"},
       }) {
    ExpectFault(fault, "SQL_SYNTAX");
  }
}

TEST(SqlError, Defaults) {
  for (const Fault& fault : {
           Fault{"CREATE STREAM a (c BYTEA DEFAULT 'x') WITH ()", 1, 26,
                 "a column of type BYTEA cannot have a DEFAULT"},
           Fault{"CREATE STREAM a (c DATETIME DEFAULT 1.5) WITH ()", 1, 37,
                 "found \"1.5\", expected milliseconds since 1970, or a time in quotes, as the DEFAULT of a DATETIME "
                 "column"},
           Fault{"CREATE STREAM a (c ARRAY(FLOAT) DEFAULT 5) WITH ()", 1, 33,
                 "a column of type ARRAY cannot have a DEFAULT"},
           Fault{"CREATE STREAM a (c BIGINT DEFAULT \"bar\") WITH ()", 1, 35,
                 "found \"bar\", expected an integer of 64 bits as the DEFAULT of a BIGINT column"},
           Fault{"CREATE STREAM a (c BIGINT DEFAULT 9223372036854775808) WITH ()", 1, 35,
                 "found \"9223372036854775808\", expected an integer of 64 bits as the DEFAULT of a BIGINT column"},
           Fault{"CREATE STREAM a (c BIGINT DEFAULT 1.5) WITH ()", 1, 35,
                 "found \"1.5\", expected an integer of 64 bits as the DEFAULT of a BIGINT column"},
           Fault{"CREATE STREAM a (c FLOAT DEFAULT nan) WITH ()", 1, 34,
                 "found \"nan\", expected a number as the DEFAULT of a FLOAT column"},
           Fault{"CREATE STREAM a (c FLOAT DEFAULT 1e400) WITH ()", 1, 34,
                 "found \"1e400\", expected a number as the DEFAULT of a FLOAT column"},
           Fault{"CREATE STREAM a (c FLOAT DEFAULT 12345678901234567890) WITH ()", 1, 34,
                 "no FLOAT is \"12345678901234567890\"; the nearest one is 12345678901234567168"},
           Fault{"CREATE STREAM a (c FLOAT DEFAULT '0.1234567890123456789') WITH ()", 1, 34,
                 "no FLOAT is \"0.1234567890123456789\"; the nearest one is 0.12345678901234568"},
           Fault{"CREATE STREAM a (c BOOLEAN DEFAULT 1) WITH ()", 1, 36,
                 "found \"1\", expected TRUE or FALSE as the DEFAULT of a BOOLEAN column"},
           Fault{"CREATE STREAM a (c STRING DEFAULT 1) WITH ()", 1, 35,
                 "found \"1\", expected a text in quotes as the DEFAULT of a STRING column"},
           Fault{"CREATE STREAM a (c STRING DEFAULT) WITH ()", 1, 34,
                 "found \")\", expected a text in quotes as the DEFAULT of a STRING column"},
       }) {
    ExpectFault(fault, "SQL_SYNTAX");
  }
}

TEST(SqlError, TheFormOfOptions) {
  for (const Fault& fault : {
           Fault{"CREATE STREAM a () WITHS ()", 1, 20, "found \"WITHS\", expected WITH and its options"},
           Fault{"CREATE STREAM a ()", 1, 19, "found the end, expected WITH and its options"},
           Fault{"CREATE STREAM a ()) WITH ()", 1, 19, "found \")\", expected WITH and its options"},
           Fault{"CREATE STREAM a () WITH DATASOURCE='/a'", 1, 25, "found \"DATASOURCE\", expected \"(\" after WITH"},
           Fault{"CREATE STREAM a () WITH )", 1, 25, "found \")\", expected \"(\" after WITH"},
           Fault{"CREATE STREAM a () WITH (TYPE 'x')", 1, 31, "found \"x\", expected \"=\" after TYPE"},
           Fault{"CREATE STREAM a () WITH (,TYPE='x')", 1, 26,
                 "found \",\", expected an option such as DATASOURCE, or \")\""},
           Fault{"CREATE STREAM a () WITH (TYPE='x'", 1, 34,
                 "found the end, expected \",\" and another option, or \")\""},
           Fault{"CREATE STREAM a () WITH (TYPE='x', ", 1, 36,
                 "found the end, expected an option such as DATASOURCE, or \")\""},
           Fault{"CREATE STREAM a () WITH (TYPE='x'))", 1, 35,
                 "found \")\", expected \";\" or the end of the statement"},
           Fault{"CREATE STREAM a () WITH (); CREATE STREAM b () WITH ()", 1, 29,
                 "found \"CREATE\", expected nothing after \";\": one statement at a time"},
           Fault{"CREATE STREAM a () WITH (TYPE='x'\n TYPE='y')", 2, 2,
                 "the option TYPE is given twice, first at line 1, column 26"},
           Fault{"CREATE STREAM a () WITH (ENDPOINT='/x', DATASOURCE='/x')", 1, 41,
                 "the option DATASOURCE is given twice, first at line 1, column 26"},
           Fault{"CREATE STREAM a () WITH (TYPE='x)", 1, 31, "a text that begins here is not closed with '"},
           Fault{"CREATE STREAM a () /* WITH ()", 1, 20, "a comment that begins here is not closed with */"},
           Fault{"CREATE STREAM a [] WITH ()", 1, 17, "found \"[\", expected \"(\" after the stream name"},
       }) {
    ExpectFault(fault, "SQL_SYNTAX");
  }
}

TEST(SqlError, TheValuesOfOptions) {
  for (const Fault& fault : {
           Fault{"CREATE STREAM a () WITH (FORMAT=json)", 1, 33,
                 "found \"json\", expected a text in quotes; write FORMAT=\"json\""},
           Fault{"CREATE STREAM a () WITH (RETAIN_SIZE=100)", 1, 38,
                 "found \"100\", expected a text in quotes; write RETAIN_SIZE=\"100\""},
           Fault{"CREATE STREAM a () WITH (FORMAT=TRUE)", 1, 33,
                 "found \"TRUE\", expected a text in quotes; write FORMAT=\"TRUE\""},
           Fault{"CREATE STREAM a () WITH (FORMAT=)", 1, 33,
                 "found \")\", expected a text in quotes as the value of FORMAT"},
           Fault{"CREATE STREAM a () WITH (STRICT_VALIDATION='true1')", 1, 44,
                 "found \"true1\", expected TRUE or FALSE as the value of STRICT_VALIDATION"},
           Fault{"CREATE STREAM a () WITH (SHARED=1)", 1, 33,
                 "found \"1\", expected TRUE or FALSE as the value of SHARED"},
           Fault{"CREATE STREAM a () WITH (RETAIN_SIZE='x')", 1, 38,
                 "found \"x\", expected a number of records (not bytes) in quotes as the value of RETAIN_SIZE"},
           Fault{"CREATE STREAM a () WITH (RETAIN_SIZE='-1')", 1, 38,
                 "found \"-1\", expected a number of records (not bytes) in quotes as the value of RETAIN_SIZE"},
           Fault{"CREATE STREAM a () WITH (EXTRA='secret')", 1, 32,
                 R"(EXTRA is not a JSON object of settings, such as EXTRA='{"maxMessageBytes": 65536}')"},
       }) {
    ExpectFault(fault, "SQL_SYNTAX");
  }
}

TEST(SqlError, UnknownOptionsNameTheNearest) {
  const Fault fault{"CREATE STREAM a () WITH (TYPE='x',\n  FORMATT='json')", 2, 3,
                    "unknown option \"FORMATT\"; did you mean \"FORMAT\"?"};
  ExpectFault(fault, "OPTION_UNKNOWN");
  const ErrorDetail detail = GetErrorDetail(ParseCreateStream(fault.text).status());
  EXPECT_EQ(Metadata(detail, "option"), "FORMATT");
  EXPECT_EQ(Metadata(detail, "nearest"), "FORMAT");
}

TEST(SqlError, UnknownOptionsLikeNoOtherListAll) {
  ExpectFault({"CREATE STREAM a () WITH (SOURCES='x')", 1, 26,
               "unknown option \"SOURCES\"; the options are DATASOURCE, TYPE, FORMAT, CONF_KEY, STRICT_VALIDATION, "
               "TIMESTAMP, TIMESTAMP_FORMAT, EXTRA, RETAIN_SIZE, SHARED, KEY"},
              "OPTION_UNKNOWN");
}

TEST(SqlError, OptionsOfTheDialectWithoutMeaningSayWhy) {
  ExpectFault(
      {"CREATE STREAM a () WITH (delimiter=',')", 1, 26,
       "the option DELIMITER has no meaning here: it belongs to the format delimited, and Inlet reads json only; "
       "leave it out"},
      "OPTION_UNKNOWN");
  for (const std::string_view name : {"SCHEMAID", "VERSION", "TEMP", "KIND"}) {
    const std::string text = "CREATE STREAM a () WITH (" + std::string(name) + "='x')";
    const absl::Status status = ParseCreateStream(text).status();
    EXPECT_NE(status.message().find("the option " + std::string(name) + " has no meaning here"), std::string::npos);
    EXPECT_EQ(Metadata(GetErrorDetail(status), "option"), name);
  }
}

TEST(SqlError, LimitsHoldAgainstHostileInput) {
  const std::string long_text(kLongestStatement + 1, ' ');
  ExpectFault({long_text, 1, 1, "the statement has 65537 bytes, more than the 65536 allowed"}, "SQL_SYNTAX");

  std::string deep = "CREATE STREAM a (c ";
  for (int i = 0; i < 9000; ++i) deep += "ARRAY(";
  ExpectFault({deep, 1, 20 + 6 * kDeepestType, "types are nested deeper than 32 levels"}, "SQL_SYNTAX");

  std::string many = "CREATE STREAM a (c STRUCT(";
  for (size_t i = 0; i < kMostColumns; ++i) many += "\nc" + std::to_string(i) + " BIGINT,";
  ExpectFault({many, kMostColumns + 1, 1, "more than 1000 columns, those of STRUCT included"}, "SQL_SYNTAX");

  const std::string name(kLongestColumnName + 1, 'c');
  const std::string text = "CREATE STREAM a (" + name + " BIGINT) WITH ()";
  const std::string message = "the column name \"" + std::string(48, 'c') + "...\" is longer than 128 bytes";
  ExpectFault({text, 1, 18, message}, "SQL_SYNTAX");
}

TEST(SqlError, WhatIsShownIsShortAndOnOneLine) {
  const std::string text = "CREATE STREAM a () WITH (SHARED='line\n" + std::string(1000, 'x') + "')";
  const std::string message =
      "found \"line " + std::string(43, 'x') + "...\", expected TRUE or FALSE as the value of SHARED";
  ExpectFault({text, 1, 33, message}, "SQL_SYNTAX");
}

}  // namespace
}  // namespace inlet::sql
