// What becomes of each kind of value in a column of each type: a row for each case, with strict beside it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/ingest/projector_fixture.h"

namespace inlet::ingest {
namespace {

using enum ColumnKind;

// "-": strict makes it a reject. Empty `strict`: the same as `lenient`.
struct Case {
  std::string value;
  std::string lenient;
  std::string strict;
};

class SchemaCoercion : public ProjectorTest {
 protected:
  void Expect(const ColumnType& type, const std::vector<Case>& cases) {
    for (const Case& row : cases) {
      const std::string message = R"({"a":)" + row.value + "}";
      EXPECT_EQ(Project(OneColumn(type), message), R"({"a":)" + row.lenient + "}") << row.value;
      const std::string& strict = row.strict.empty() ? row.lenient : row.strict;
      const Outcome outcome = Decode(OneColumn(type, true), message);
      if (strict != "-") {
        ASSERT_EQ(outcome.records.size(), 1U) << row.value;
        EXPECT_EQ(outcome.records[0], R"({"a":)" + strict + "}") << row.value;
      } else {
        ASSERT_EQ(outcome.rejects.size(), 1U) << row.value;
        EXPECT_EQ(outcome.rejects[0].reason, RejectReason::kSchemaMismatch) << row.value;
        EXPECT_EQ(outcome.rejects[0].byte_offset, 5U) << row.value;
      }
    }
  }
};

TEST_F(SchemaCoercion, Bigint) {
  Expect(Scalar(kBigint), {{"0", "0", ""},
                           {"-0", "0", ""},
                           {"7", "7", ""},
                           {"12345678", "12345678", ""},
                           {"-42", "-42", ""},
                           {"9007199254740993", "9007199254740993", ""},
                           {"999999999999999999", "999999999999999999", ""},
                           {"9223372036854775807", "9223372036854775807", ""},
                           {"-9223372036854775808", "-9223372036854775808", ""},
                           {"9223372036854775808", "null", "-"},
                           {"-9223372036854775809", "null", "-"},
                           {"123456789012345678901234567890", "null", "-"},
                           {"1e3", "1000", "-"},
                           {"5.0", "5", "-"},
                           {"50e-1", "5", "-"},
                           {"-0.0", "0", "-"},
                           {"0e999999999999", "0", "-"},
                           {"922337203685477580.7e1", "9223372036854775807", "-"},
                           {"922337203685477580.8e1", "null", "-"},
                           {"1.5", "null", "-"},
                           {"1e-1", "null", "-"},
                           {"1e400", "null", "-"},
                           {"1e99999999999999999999", "null", "-"},
                           {R"("5")", "5", "-"},
                           {R"("-5")", "-5", "-"},
                           {R"("5.0")", "5", "-"},
                           {R"("\u0035")", "5", "-"},
                           {R"("12345678901234")", "12345678901234", "-"},
                           {R"("5 ")", "null", "-"},
                           {R"("05")", "null", "-"},
                           {R"("+5")", "null", "-"},
                           {R"("0x5")", "null", "-"},
                           {R"("")", "null", "-"},
                           {"true", "null", "-"},
                           {"null", "null", "-"},
                           {"{}", "null", "-"},
                           {"[5]", "null", "-"}});
}

TEST_F(SchemaCoercion, Float) {
  Expect(Scalar(kFloat), {{"1.50", "1.50", ""},
                          {"1", "1", ""},
                          {"-0", "-0", ""},
                          {"1e3", "1e3", ""},
                          {"1E+400", "1E+400", ""},
                          {"9007199254740993", "9007199254740993", ""},
                          {"0.1234567890123456789", "0.1234567890123456789", ""},
                          {R"("1.50")", "1.50", "-"},
                          {R"("1\u002e5")", "1.5", "-"},
                          {R"("1e3")", "1e3", "-"},
                          {R"("NaN")", "null", "-"},
                          {R"("Infinity")", "null", "-"},
                          {R"("1.")", "null", "-"},
                          {R"(".5")", "null", "-"},
                          {R"("1,5")", "null", "-"},
                          {R"("")", "null", "-"},
                          {"false", "null", "-"},
                          {"null", "null", "-"},
                          {"{}", "null", "-"},
                          {"[1.5]", "null", "-"}});
}

TEST_F(SchemaCoercion, String) {
  Expect(Scalar(kString), {{R"("x")", R"("x")", ""},
                           {R"("")", R"("")", ""},
                           {R"("\u00e9\n")", R"("\u00e9\n")", ""},
                           {"123456789", R"("123456789")", "-"},
                           {"1.50", R"("1.50")", "-"},
                           {"1e3", R"("1e3")", "-"},
                           {"123456789012345678901234567890123456", R"("123456789012345678901234567890123456")", "-"},
                           {"true", R"("true")", "-"},
                           {"false", R"("false")", "-"},
                           {"null", "null", "-"},
                           {R"({"b": [1.0,"\n"]})", R"("{\"b\": [1.0,\"\\n\"]}")", "-"},
                           {"[\n\t1]", R"("[\n\t1]")", "-"},
                           {"[]", R"("[]")", "-"}});
}

TEST_F(SchemaCoercion, Datetime) {
  Expect(Scalar(kDatetime), {{"1795953600123", "1795953600123", ""},
                             {"0", "0", ""},
                             {"-1", "-1", ""},
                             {"1e12", "1000000000000", "-"},
                             {"1795953600123.0", "1795953600123", "-"},
                             {"1795953600123.5", "null", "-"},
                             {"9223372036854775807", "null", "-"},
                             {R"("2026-11-29T12:00:00.5+01:00")", R"("2026-11-29T12:00:00.5+01:00")", ""},
                             {R"("2026-11-29T12:00:00\u005a")", R"("2026-11-29T12:00:00\u005a")", ""},
                             {R"("1795953600123")", "1795953600123", "-"},
                             {R"("2026-11-29 12:00:00")", "null", "-"},
                             {R"("yesterday")", "null", "-"},
                             {"true", "null", "-"},
                             {"null", "null", "-"},
                             {"{}", "null", "-"},
                             {"[0]", "null", "-"}});
}

TEST_F(SchemaCoercion, ATimeInTheFormatOfTheSchemaIsADatetimeToo) {
  Schema schema = OneColumn(Scalar(kDatetime), true);
  schema.timestamp_format = "dd.MM.yyyy HH:mm";
  EXPECT_EQ(Project(schema, R"({"a":"29.11.2026 12:00"})"), R"({"a":"29.11.2026 12:00"})");
  EXPECT_EQ(Project(schema, R"({"a":"2026-11-29T12:00:00Z"})"), R"({"a":"2026-11-29T12:00:00Z"})");
  EXPECT_EQ(Project(schema, R"({"a":"29.11.2026"})"),
            R"(SCHEMA_MISMATCH: expected DATETIME in column "a", found a string that is no time)");
}

TEST_F(SchemaCoercion, Boolean) {
  Expect(Scalar(kBoolean), {{"true", "true", ""},
                            {"false", "false", ""},
                            {"1", "true", "-"},
                            {"0", "false", "-"},
                            {"1.0", "true", "-"},
                            {"10e-1", "true", "-"},
                            {"-0.0", "false", "-"},
                            {"2", "null", "-"},
                            {"-1", "null", "-"},
                            {"0.5", "null", "-"},
                            {R"("true")", "true", "-"},
                            {R"("false")", "false", "-"},
                            {R"("TRUE")", "null", "-"},
                            {R"("1")", "null", "-"},
                            {R"("")", "null", "-"},
                            {"null", "null", "-"},
                            {"{}", "null", "-"},
                            {"[true]", "null", "-"}});
}

TEST_F(SchemaCoercion, Bytea) {
  Expect(Scalar(kBytea), {{R"("")", R"("")", ""},
                          {R"("aGVsbG8=")", R"("aGVsbG8=")", ""},
                          {R"("+\/8=")", R"("+\/8=")", ""},
                          {R"("QUJD")", R"("QUJD")", ""},
                          {R"("QQ==")", R"("QQ==")", ""},
                          {R"("QQ=")", "null", "-"},
                          {R"("QQ")", "null", "-"},
                          {R"("Q===")", "null", "-"},
                          {R"("====")", "null", "-"},
                          {R"("QQ==QQ==")", "null", "-"},
                          {R"("-_8=")", "null", "-"},
                          {R"("QU JD")", "null", "-"},
                          {R"("hello")", "null", "-"},
                          {"1234", "null", "-"},
                          {"true", "null", "-"},
                          {"null", "null", "-"},
                          {"{}", "null", "-"},
                          {"[65]", "null", "-"}});
}

TEST_F(SchemaCoercion, Array) {
  Expect(ArrayOf(Scalar(kBigint)), {{"[]", "[]", ""},
                                    {"[ 1 , 2 ]", "[1,2]", ""},
                                    {R"([1])", "[1]", ""},
                                    {"{}", "null", "-"},
                                    {"1", "null", "-"},
                                    {R"("[1]")", "null", "-"},
                                    {"null", "null", "-"}});
  Expect(ArrayOf(ArrayOf(Scalar(kFloat))), {{"[[1,2],[],[3.0]]", "[[1,2],[],[3.0]]", ""}});
  EXPECT_EQ(Project(OneColumn(ArrayOf(Scalar(kBigint))), R"({"a":[1,"2",1.5,null,[3],{}]})"),
            R"({"a":[1,2,null,null,null,null]})");
}

TEST_F(SchemaCoercion, Struct) {
  Expect(StructOf({{"x", Scalar(kBigint), ""}}), {{R"({"x":1})", R"({"x":1})", ""},
                                                  {R"({"y":2,"x":1})", R"({"x":1})", ""},
                                                  {"[]", "null", "-"},
                                                  {"1", "null", "-"},
                                                  {R"("{\"x\":1}")", "null", "-"},
                                                  {"null", "null", "-"},
                                                  {"{}", "{}", "-"}});
}

}  // namespace
}  // namespace inlet::ingest
