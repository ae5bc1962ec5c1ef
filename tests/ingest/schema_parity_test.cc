// Every case that the original was measured on: theirs beside ours, and why ours differs where it does.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/ingest/projector_fixture.h"

namespace inlet::ingest {
namespace {

using enum ColumnKind;

// What is written for a value; or that nothing is.
constexpr const char* kDouble = "the nearest double";
constexpr const char* kDropped = "dropped";  // theirs: the whole message, with its neighbours; ours: a reject

constexpr const char* kOneValue = "a value that does not fit is null: its record, and the message, are not lost";
constexpr const char* kExactText = "numbers are never rounded, and keep their text";
constexpr const char* kExactOnly = "a conversion is exact, or it is not made";
constexpr const char* kByValue = "an integer is one by its value, not by how it is written";
constexpr const char* kText = "the text of a value is a string that loses nothing";
constexpr const char* kTime = "a column of times holds times";
constexpr const char* kBytes = "a column of bytes holds what can be decoded";
constexpr const char* kStrictKind = "strict takes no value of another kind";
constexpr const char* kStandard = "JSON is RFC 8259 and UTF-8, as the reader's own parser will ask for";
constexpr const char* kOwn = "a bad element is a reject of its own; its neighbours pass";
constexpr const char* kDeclared = "what is not declared is dropped, whatever its value";
constexpr const char* kDefault = "a default is there to be used";
constexpr const char* kNull = "strict means the same for every type";

struct Row {
  ColumnType type;
  std::string value;  // of the column `a`; empty: it is missing
  std::string theirs;
  std::string ours;
  const char* why = nullptr;  // null: they are the same
};

class SchemaParity : public ProjectorTest {
 protected:
  void Expect(const std::vector<Row>& rows, bool strict) {
    for (const Row& row : rows) {
      const std::string message = row.value.empty() ? "{}" : R"({"a":)" + row.value + "}";
      const Outcome outcome = Decode(OneColumn(row.type, strict), message);
      std::string ours = kDropped;
      if (!outcome.records.empty()) {
        const std::string& record = outcome.records[0];
        ours = record == "{}" ? "absent" : record.substr(5, record.size() - 6);
      }
      EXPECT_EQ(ours, row.ours) << row.value;
      EXPECT_EQ(row.ours == row.theirs, row.why == nullptr) << row.value << ": a difference has a reason";
    }
  }
};

TEST_F(SchemaParity, WithoutStrictValidation) {
  const ColumnType bigint = Scalar(kBigint);
  const ColumnType number = Scalar(kFloat);
  const ColumnType string = Scalar(kString);
  const ColumnType boolean = Scalar(kBoolean);
  const ColumnType time = Scalar(kDatetime);
  const ColumnType bytes = Scalar(kBytea);
  const ColumnType structure = StructOf({{"x", Scalar(kBigint), ""}});
  const ColumnType array = ArrayOf(Scalar(kBigint));
  const std::vector<Row> rows = {
      {bigint, "123", "123", "123"},
      {bigint, "9007199254740993", "9007199254740993", "9007199254740993"},
      {bigint, "1.5", kDropped, "null", kOneValue},
      {bigint, "1e3", kDropped, "1000", kByValue},
      {bigint, "1.0", kDropped, "1", kByValue},
      {bigint, "9223372036854775808", kDropped, "null", kOneValue},
      {bigint, R"("5")", kDropped, "5", kByValue},
      {bigint, R"("x")", kDropped, "null", kOneValue},
      {bigint, "true", kDropped, "null", kOneValue},
      {bigint, "{}", kDropped, "null", kOneValue},
      {bigint, "[]", kDropped, "null", kOneValue},
      {number, "123", "123", "123"},
      {number, "9007199254740993", "9007199254740992", "9007199254740993", kExactText},
      {number, "1.50", "1.5", "1.50", kExactText},
      {number, "18446744073709551617", kDouble, "18446744073709551617", kExactText},
      {number, R"("1.5")", kDropped, "1.5", kExactOnly},
      {number, R"("x")", kDropped, "null", kOneValue},
      {number, "true", kDropped, "null", kOneValue},
      {number, "{}", kDropped, "null", kOneValue},
      {number, "[1]", kDropped, "null", kOneValue},
      {string, R"("x")", R"("x")", R"("x")"},
      {string, "123", R"("123")", R"("123")"},
      {string, "123456789", R"("1.23456789e+08")", R"("123456789")", kExactText},
      {string, "1.5", R"("1.5")", R"("1.5")"},
      {string, "1.50", R"("1.5")", R"("1.50")", kExactText},
      {string, "9223372036854775808", R"("9.223372036854776e+18")", R"("9223372036854775808")", kExactText},
      {string, "true", kDropped, R"("true")", kText},
      {string, "{}", kDropped, R"("{}")", kText},
      {string, "[1]", kDropped, R"("[1]")", kText},
      {boolean, "true", "true", "true"},
      {boolean, "0", "false", "false"},
      {boolean, "1", "true", "true"},
      {boolean, "2", "true", "null", kExactOnly},
      {boolean, "0.5", "true", "null", kExactOnly},
      {boolean, "9223372036854775808", "true", "null", kExactOnly},
      {boolean, R"("true")", "true", "true"},
      {boolean, R"("t")", "true", "null", kExactOnly},
      {boolean, R"("1")", "true", "null", kExactOnly},
      {boolean, R"("x")", kDropped, "null", kOneValue},
      {boolean, "{}", kDropped, "null", kOneValue},
      {boolean, "[true]", kDropped, "null", kOneValue},
      {time, "1795953600123", "1795953600123", "1795953600123"},
      {time, "1.5", "1.5", "null", kTime},
      {time, "9223372036854775808", kDouble, "null", kTime},
      {time, R"("2026-11-29T12:00:00Z")", R"("2026-11-29T12:00:00Z")", R"("2026-11-29T12:00:00Z")"},
      {time, R"("soon")", R"("soon")", "null", kTime},
      {time, "true", kDropped, "null", kOneValue},
      {time, "{}", kDropped, "null", kOneValue},
      {time, "[1]", kDropped, "null", kOneValue},
      {bytes, R"("QUJD")", R"("QUJD")", R"("QUJD")"},
      {bytes, R"("not base64")", R"("bm90IGJhc2U2NA==")", "null", kBytes},
      {bytes, "1", kDropped, "null", kOneValue},
      {bytes, "1.5", kDropped, "null", kOneValue},
      {bytes, "9223372036854775808", kDropped, "null", kOneValue},
      {bytes, "true", kDropped, "null", kOneValue},
      {bytes, "{}", kDropped, "null", kOneValue},
      {bytes, "[1]", kDropped, "null", kOneValue},
      {structure, R"({"x":1,"y":2})", R"({"x":1})", R"({"x":1})"},
      {structure, "1", kDropped, "null", kOneValue},
      {structure, "1.5", kDropped, "null", kOneValue},
      {structure, R"("x")", kDropped, "null", kOneValue},
      {structure, "true", kDropped, "null", kOneValue},
      {structure, "[]", kDropped, "null", kOneValue},
      {array, "[1,2]", "[1,2]", "[1,2]"},
      {array, R"([1,"x"])", kDropped, "[1,null]", kOneValue},
      {array, "1", kDropped, "null", kOneValue},
      {array, "1.5", kDropped, "null", kOneValue},
      {array, R"("x")", kDropped, "null", kOneValue},
      {array, "true", kDropped, "null", kOneValue},
      {array, "{}", kDropped, "null", kOneValue},
      {bigint, "", "absent", "absent"},
      {bigint, "null", "null", "null"},
      {array, "null", "null", "null"},
  };
  Expect(rows, false);
}

TEST_F(SchemaParity, WithStrictValidation) {
  const std::vector<Row> rows = {
      {Scalar(kBigint), "5", "5", "5"},
      {Scalar(kBigint), "5.0", kDropped, kDropped},
      {Scalar(kBigint), "1e3", kDropped, kDropped},
      {Scalar(kBigint), R"("5")", kDropped, kDropped},
      {Scalar(kBigint), "", kDropped, kDropped},
      {Scalar(kBigint), "null", kDropped, kDropped},
      {Scalar(kString), "5", R"("5")", kDropped, kStrictKind},
      {Scalar(kBoolean), "1", "true", kDropped, kStrictKind},
      {Scalar(kBoolean), R"("true")", "true", kDropped, kStrictKind},
      {Scalar(kDatetime), R"("soon")", kDropped, kDropped},
      {Scalar(kDatetime), "1795953600123", "1795953600123", "1795953600123"},
      {ArrayOf(Scalar(kBigint)), "null", "null", kDropped, kNull},
      {StructOf({{"x", Scalar(kBigint), ""}}), "null", "null", kDropped, kNull},
      {StructOf({{"x", Scalar(kBigint), ""}}), R"("{\"x\":1}")", kDropped, kDropped},
  };
  Expect(rows, true);
}

struct MessageRow {
  std::string message;
  std::string theirs;  // records, a blank between two; kDropped
  std::string ours;
  const char* why = nullptr;
};

std::string Joined(const std::vector<std::string>& records) {
  std::string text;
  for (const std::string& record : records) text += (text.empty() ? "" : " ") + record;
  return text;
}

TEST_F(SchemaParity, WholeMessages) {
  const std::vector<MessageRow> rows = {
      {R"({"a":1,"b":2})", R"({"a":1})", R"({"a":1})"},
      {R"({"a":1,"z":null})", R"({"a":1,"z":null})", R"({"a":1})", kDeclared},
      {R"([{"a":1},{"a":2}])", R"({"a":1} {"a":2})", R"({"a":1} {"a":2})"},
      {R"({"a":1,"a":2})", R"({"a":2})", R"({"a":2})"},
      {R"([{"a":1},5])", kDropped, R"({"a":1})", kOwn},
      {R"([{"a":1},null])", kDropped, R"({"a":1})", kOwn},
      {R"([{"a":1},{"a":"x"}])", kDropped, R"({"a":1} {"a":null})", kOneValue},
      {"[]", "", ""},
      {"{}", "{}", "{}"},
      {"123", kDropped, kDropped},
      {R"("abc")", kDropped, kDropped},
      {"null", kDropped, kDropped},
      {"", kDropped, kDropped},
      {R"({"a":1}{"a":2})", kDropped, kDropped},
      {R"({"a":007})", R"({"a":7})", kDropped, kStandard},
      {R"({"a":+7})", kDropped, kDropped},
      {R"({"a":NaN})", "{\"a\":NaN}", kDropped, kStandard},
      {"{\"a\":1,\"b\":\"\n\"}", R"({"a":1})", kDropped, kStandard},
      {R"({"a":1,"b":"\q"})", R"({"a":1})", kDropped, kStandard},
      {"{\"a\":1,\"b\":\"\xff\"}", R"({"a":1})", kDropped, kStandard},
      {R"({"a":1,"b":1e400})", R"({"a":1})", R"({"a":1})"},
  };
  const Schema schema = OneColumn(Scalar(kBigint));
  for (const MessageRow& row : rows) {
    const Outcome outcome = Decode(schema, row.message);
    const bool dropped = outcome.records.empty() && !outcome.rejects.empty();
    EXPECT_EQ(dropped ? kDropped : Joined(outcome.records), row.ours) << row.message;
    EXPECT_EQ(row.ours == row.theirs, row.why == nullptr) << row.message << ": a difference has a reason";
  }
}

TEST_F(SchemaParity, DefaultsAreUsedWithoutStrictToo) {
  struct DefaultRow {
    ColumnKind kind;
    std::string value;
    bool strict;
    std::string theirs;
    const char* why = nullptr;
  };
  const std::vector<DefaultRow> rows = {
      {kBigint, "7", true, R"({"a":7})"},        {kFloat, "1.5", true, R"({"a":1.5})"},
      {kBoolean, "true", true, R"({"a":true})"}, {kString, R"("x")", true, R"({"a":"x"})"},
      {kBigint, "7", false, "{}", kDefault},     {kFloat, "1.5", false, "{}", kDefault},
      {kBoolean, "true", false, "{}", kDefault}, {kString, R"("x")", false, "{}", kDefault},
  };
  for (const DefaultRow& row : rows) {
    Schema schema = OneColumn(Scalar(row.kind), row.strict);
    schema.columns[0].default_json = row.value;
    const std::string ours = R"({"a":)" + row.value + "}";
    EXPECT_EQ(Project(schema, "{}"), ours);
    EXPECT_EQ(ours == row.theirs, row.why == nullptr) << row.value;
  }
}

Schema TwoColumns(bool strict) {
  Schema schema;
  schema.columns = {{"a", Scalar(kBigint), ""}, {"b", Scalar(kBigint), ""}};
  schema.strict = strict;
  return schema;
}

// Theirs names the last one: "b has wrong type:string, expect:bigint".
TEST_F(SchemaParity, OfSeveralValuesThatDoNotFitTheFirstColumnIsNamed) {
  EXPECT_EQ(Project(TwoColumns(true), R"({"b":"y","a":"x"})"),
            R"(SCHEMA_MISMATCH: expected BIGINT in column "a", found a string)");
}

// Theirs reads the columns that a rule uses: a rule of `a` gets the message, and one of `b` does not.
TEST_F(SchemaParity, EveryReaderGetsTheSameRecord) {
  EXPECT_EQ(Project(TwoColumns(false), R"({"a":1,"b":"y"})"), R"({"a":1,"b":null})");
  EXPECT_EQ(Decode(TwoColumns(true), R"({"a":1,"b":"y"})").rejects.size(), 1U);
}

}  // namespace
}  // namespace inlet::ingest
