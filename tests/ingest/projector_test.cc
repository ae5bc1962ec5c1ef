// Which columns a record has, in which order, and what becomes of a message that does not fit.
#include "ingest/projector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "ingest/text.h"
#include "tests/ingest/projector_fixture.h"

namespace inlet::ingest {
namespace {

using enum ColumnKind;
using testing::ElementsAre;

const ColumnType kAnyNumber = Scalar(kFloat);
const ColumnType kText = Scalar(kString);

Schema ThreeColumns(bool strict = false) {
  Schema schema;
  schema.columns = {{"id", Scalar(kBigint), ""}, {"name", kText, R"("nobody")"}, {"temp", kAnyNumber, ""}};
  schema.strict = strict;
  return schema;
}

TEST_F(ProjectorTest, ColumnsHaveTheOrderOfTheirDeclaration) {
  const std::string record = R"({"id":1,"name":"x","temp":21.50})";
  EXPECT_EQ(Project(ThreeColumns(), R"({"id":1,"name":"x","temp":21.50})"), record);
  EXPECT_EQ(Project(ThreeColumns(), R"({"temp":21.50,"name":"x","id":1})"), record);
  EXPECT_EQ(Project(ThreeColumns(), "\n{ \"name\" : \"x\" ,\t\"id\" : 1 , \"temp\" : 21.50\r\n} "), record);
}

TEST_F(ProjectorTest, WhatIsNotDeclaredIsDropped) {
  EXPECT_EQ(
      Project(ThreeColumns(), R"({"x":{"id":9,"y":["z"]},"id":1,"ide":2,"i":3,"":4,"name":"x","temp":2,"n":null})"),
      R"({"id":1,"name":"x","temp":2})");
}

TEST_F(ProjectorTest, AMissingColumnTakesItsDefaultOrStaysAbsent) {
  EXPECT_EQ(Project(ThreeColumns(), R"({"temp":1})"), R"({"name":"nobody","temp":1})");
  EXPECT_EQ(Project(ThreeColumns(), "{}"), R"({"name":"nobody"})");
  EXPECT_EQ(Project(OneColumn(kText), "{}"), "{}");
}

TEST_F(ProjectorTest, ANullIsNotMissing) {
  EXPECT_EQ(Project(ThreeColumns(), R"({"id":null,"name":null,"temp":null})"),
            R"({"id":null,"name":null,"temp":null})");
}

TEST_F(ProjectorTest, OfAKeyGivenTwiceTheLastCounts) {
  EXPECT_EQ(Project(OneColumn(Scalar(kBigint)), R"({"a":1,"b":2,"a":3})"), R"({"a":3})");
  EXPECT_EQ(Project(OneColumn(Scalar(kBigint), true), R"({"a":"x","a":3})"), R"({"a":3})");
  EXPECT_EQ(Project(OneColumn(StructOf({{"b", kText, ""}})), R"({"a":{"b":"x","b":"y"}})"), R"({"a":{"b":"y"}})");
}

TEST_F(ProjectorTest, KeysAreComparedByWhatTheySay) {
  EXPECT_EQ(Project(OneColumn(kText), R"({"\u0061":"x\n"})"), R"({"a":"x\n"})");
  Schema schema;
  schema.columns = {{"a\"\n\x01", kText, ""}, {"é", kText, ""}, {"\U0001F600", kText, ""}, {"", kText, ""}};
  const std::string record = "{\"a\\\"\\n\\u0001\":\"1\",\"é\":\"2\",\"\U0001F600\":\"3\",\"\":\"4\"}";
  EXPECT_EQ(Project(schema, R"({"":"4","\u00e9":"2","\ud83d\uDE00":"3","\u0061\"\n\u0001":"1"})"), record);
  EXPECT_EQ(Project(schema, record), record);
  EXPECT_EQ(Project(schema, R"({"\ud83d":"3"})"), "{}");
}

TEST_F(ProjectorTest, NamesOfEveryLengthAreFound) {
  Schema schema;
  std::string message;
  std::string record;
  for (size_t size = 1; size < 70; ++size) {
    for (const char last : {'x', 'y'}) {
      const std::string name = std::string(size - 1, 'n') + last;
      schema.columns.push_back({name, kAnyNumber, ""});
      const std::string member = Concat({"\"", name, "\":", std::to_string(size), last == 'x' ? "1" : "2"});
      message = Concat({member, message.empty() ? "" : ",", message});
      record += (record.empty() ? "" : ",") + member;
    }
  }
  EXPECT_EQ(Project(schema, "{" + message + "}"), "{" + record + "}");
}

TEST_F(ProjectorTest, NestedColumnsAreProjectedToo) {
  const ColumnType position = StructOf({{"lat", kAnyNumber, ""}, {"lon", kAnyNumber, ""}});
  Schema schema;
  schema.columns = {{"at", position, ""}, {"track", ArrayOf(position), ""}, {"tags", ArrayOf(kText), ""}};
  EXPECT_EQ(
      Project(schema, R"({"tags":["a",1,null,true,{}],"track":[{"lon":1,"x":[],"lat":"2"},7,{}],"at":{"z":[{}]}})"),
      R"({"at":{},"track":[{"lat":2,"lon":1},null,{}],"tags":["a","1",null,"true","{}"]})");
  EXPECT_EQ(Project(schema, R"({"tags":[],"track":{},"at":[]})"), R"({"at":null,"track":null,"tags":[]})");
}

TEST_F(ProjectorTest, EachElementOfAnArrayIsProjected) {
  const Outcome outcome =
      Decode(ThreeColumns(true), R"([{"id":1,"temp":2,"x":0}, {"id":"1","temp":2}, 5, {"id":2,"temp":3}])");
  EXPECT_THAT(outcome.records,
              ElementsAre(R"({"id":1,"name":"nobody","temp":2})", R"({"id":2,"name":"nobody","temp":3})"));
  ASSERT_EQ(outcome.rejects.size(), 2U);
  EXPECT_EQ(outcome.rejects[0].reason, RejectReason::kSchemaMismatch);
  EXPECT_EQ(outcome.rejects[0].index, 1U);
  EXPECT_EQ(outcome.rejects[0].byte_offset, 32U);
  EXPECT_EQ(outcome.rejects[0].content, R"({"id":"1","temp":2})");
  EXPECT_EQ(outcome.rejects[1].reason, RejectReason::kNotAnObject);
}

TEST_F(ProjectorTest, AMismatchNamesColumnTypeAndFinding) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"id":"x","temp":1})", R"(expected BIGINT in column "id", found a string)"},
      {R"({"id":1.5,"temp":1})", R"(expected BIGINT in column "id", found a number that is no integer of 64 bits)"},
      {R"({"id":5.0,"temp":1})",
       R"(expected BIGINT in column "id", found an integer that is written with a fraction or an exponent)"},
      {R"({"id":1e19,"temp":1})", R"(expected BIGINT in column "id", found a number that is no integer of 64 bits)"},
      {R"({"id":null,"temp":1})", R"(expected BIGINT in column "id", found null)"},
      {R"({"id":[],"temp":1})", R"(expected BIGINT in column "id", found an array)"},
      {R"({"id":1,"temp":true})", R"(expected FLOAT in column "temp", found a boolean)"},
      {R"({"id":1,"name":{},"temp":1})", R"(expected STRING in column "name", found an object)"},
      {R"({"id":1})", R"(expected FLOAT in column "temp", found no such key)"},
  };
  for (const auto& [message, detail] : cases) {
    EXPECT_EQ(Project(ThreeColumns(true), message), "SCHEMA_MISMATCH: " + detail) << message;
  }
}

TEST_F(ProjectorTest, ANestedMismatchIsNamedByItsPath) {
  const Schema schema = OneColumn(ArrayOf(StructOf({{"b", ArrayOf(Scalar(kBigint)), ""}})), true);
  const std::string message = R"( {"x":0,"a":[{"b":[]},{"b":[1,2,"3"]}]})";
  EXPECT_EQ(Project(schema, message), R"(SCHEMA_MISMATCH: expected BIGINT in column "a[1].b[2]", found a string)");
  EXPECT_EQ(Decode(schema, message).rejects[0].byte_offset, message.find("\"3\""));
  const std::string missing = R"({"a":[{"c":[]}]})";
  EXPECT_EQ(Project(schema, missing), R"(SCHEMA_MISMATCH: expected ARRAY in column "a[0].b", found no such key)");
  EXPECT_EQ(Decode(schema, missing).rejects[0].byte_offset, 6U);
}

TEST_F(ProjectorTest, ALongPathIsCutAtACharacter) {
  Schema schema;
  for (int i = 0; i < 100; ++i)
    schema.columns = {
        {"éa", StructOf(schema.columns.empty() ? std::vector<Column>{{"é", kText, ""}} : schema.columns), ""}};
  schema.strict = true;
  const Reject reject = Decode(schema, R"({"éa":1})").rejects.at(0);
  EXPECT_EQ(reject.detail, R"(expected STRUCT in column "éa", found a number)");
  std::string message = "1";
  for (int i = 0; i < 100; ++i) message = Concat({R"({"éa":)", message, "}"});
  const std::string detail = Decode(schema, message).rejects.at(0).detail;
  EXPECT_LT(detail.size(), 180U);
  v1::Reject proto;
  proto.set_detail(detail);
  EXPECT_TRUE(v1::Reject().ParseFromString(proto.SerializeAsString())) << detail;
}

TEST_F(ProjectorTest, WhatIsNoJsonIsJudgedAsWithoutASchema) {
  for (const std::string text :
       {R"({"id":"x")", R"({"id":"x"}})", R"({"id":"x","temp":01})", R"({"id":"\q"})", "{\"id\":\"\xff\"}",
        R"({"id":1,})", R"({"id" 1})", "5", "", " ", R"({"id":tru})", R"({"id":1\})", R"([{"id":1},])",
        "\xEF\xBB\xBF{}", R"({\"id\":1})", R"({"id":"\u00g0"})", R"({"id":"x\)"}) {
    PaddedBuffer out;
    const auto compiled = CompiledSchema::Compile(ThreeColumns(true));
    const DecodeResult with = decoder_.Decode(text, {}, compiled.get(), out);
    const DecodeResult without = decoder_.Decode(text, {}, nullptr, out);
    ASSERT_EQ(with.rejects, 1U) << text;
    ASSERT_EQ(without.rejects, 1U) << text;
    EXPECT_EQ(with.records, 0U);
    EXPECT_EQ(with.invalid_utf8, without.invalid_utf8);
    EXPECT_EQ(with.first_rejects[0].reason, without.first_rejects[0].reason) << text;
    EXPECT_EQ(with.first_rejects[0].detail, without.first_rejects[0].detail) << text;
    EXPECT_EQ(with.first_rejects[0].byte_offset, without.first_rejects[0].byte_offset) << text;
  }
}

TEST_F(ProjectorTest, TooDeepIsTooDeepAlsoInWhatIsDropped) {
  const auto nested = [](size_t levels) {
    return R"({"x":)" + std::string(levels, '[') + std::string(levels, ']') + "}";
  };
  EXPECT_EQ(Project(ThreeColumns(), nested(1023)), R"({"name":"nobody"})");
  EXPECT_EQ(Decode(ThreeColumns(), nested(1024)).rejects.at(0).reason, RejectReason::kTooDeep);
}

TEST_F(ProjectorTest, ARecordThatGrowsTooLargeIsAReject) {
  std::string numbers(2'000'000, '1');
  for (size_t i = 1; i < numbers.size(); i += 2) numbers[i] = ',';
  numbers.back() = '1';
  const std::string message = R"({"a":[)" + numbers + "]}";
  EXPECT_EQ(Decode(OneColumn(ArrayOf(Scalar(kBigint))), message).records.at(0), message);
  const Outcome outcome = Decode(OneColumn(ArrayOf(Scalar(kBoolean))), message);
  EXPECT_TRUE(outcome.records.empty());
  EXPECT_EQ(outcome.rejects.at(0).reason, RejectReason::kTooLarge);
  EXPECT_EQ(outcome.rejects.at(0).detail, "larger than 3145728 bytes once it is converted");
}

TEST_F(ProjectorTest, WithoutColumnsTheTextPassesAsItCame) {
  Schema schema;
  EXPECT_EQ(CompiledSchema::Compile(schema), nullptr);
  schema.timestamp = "ts";
  EXPECT_EQ(Project(schema, R"( {"b":1.50, "ts":5} )"), R"( {"b":1.50, "ts":5} )");
  EXPECT_EQ(Decode(schema, R"([ {"b":1.50, "ts":5} ])").records.at(0), R"({"b":1.50, "ts":5})");
}

TEST_F(ProjectorTest, LargeRecordsAreWhole) {
  const std::string text(1'000'000, 'x');
  Schema schema;
  schema.columns = {{"b", kText, "\"" + text + "\""}, {"a", kText, ""}};
  EXPECT_EQ(Project(schema, R"({"a":")" + text + "\"}"), R"({"b":")" + text + R"(","a":")" + text + "\"}");
  EXPECT_EQ(Project(schema, R"({"a":[1,"\n"]})"), R"({"b":")" + text + R"(","a":"[1,\"\\n\"]"})");
}

}  // namespace
}  // namespace inlet::ingest
