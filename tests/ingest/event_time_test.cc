// What a record says of the time of its event.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "ingest/data_view.h"
#include "tests/ingest/projector_fixture.h"

namespace inlet::ingest {
namespace {

using enum ColumnKind;

class EventTime : public ProjectorTest {
 protected:
  static Schema WithTimestamp(ColumnKind kind, const std::string& format = "", bool strict = false) {
    Schema schema;
    schema.columns = {{"ts", Scalar(kind), ""}};
    schema.timestamp = "ts";
    schema.timestamp_format = format;
    schema.strict = strict;
    return schema;
  }

  // "seconds.nanos", "none", or the reject.
  std::string TimeOf(const Schema& schema, const std::string& value) {
    const std::string message = value.empty() ? "{}" : R"({"ts":)" + value + "}";
    const Outcome outcome = Decode(schema, message);
    if (outcome.whole.empty()) return outcome.rejects.at(0).detail;
    const v1::Record& record = outcome.whole[0];
    if (!record.has_event_time()) return "none";
    return std::to_string(record.event_time().seconds()) + "." + std::to_string(record.event_time().nanos());
  }
};

TEST_F(EventTime, IsReadFromMilliseconds) {
  for (const ColumnKind kind : {kBigint, kDatetime, kFloat, kString}) {
    EXPECT_EQ(TimeOf(WithTimestamp(kind), "1795953600123"), "1795953600.123000000");
    EXPECT_EQ(TimeOf(WithTimestamp(kind), "-1"), "-1.999000000");
    EXPECT_EQ(TimeOf(WithTimestamp(kind), "1795953600123.0"), "1795953600.123000000");
    EXPECT_EQ(TimeOf(WithTimestamp(kind), R"("1795953600123")"), "1795953600.123000000");
  }
}

TEST_F(EventTime, IsReadFromRfc3339) {
  for (const ColumnKind kind : {kDatetime, kString}) {
    EXPECT_EQ(TimeOf(WithTimestamp(kind), R"("2026-11-29T13:00:00.5+01:00")"), "1795953600.500000000");
    EXPECT_EQ(TimeOf(WithTimestamp(kind), R"("9999-12-31T23:59:59Z")"), "253402300799.0");
  }
}

TEST_F(EventTime, IsReadByTheFormat) {
  const Schema schema = WithTimestamp(kString, "dd.MM.yyyy HH:mm:ss.SSS");
  EXPECT_EQ(TimeOf(schema, R"("29.11.2026 12:00:00.123")"), "1795953600.123000000");
}

// A value of the column `ts`, and what the record says then: its value, and its time; without a format, and with one.
struct Said {
  std::string record;
  std::string time;
};
struct Cell {
  std::optional<ColumnKind> kind;  // nothing: the stream has no columns
  std::string value;
  Said plain;
  Said formatted;
};

constexpr const char* kFormat = "yyyyMMdd";

std::vector<Cell> Cells() {
  const std::string text = R"("20261129")";
  const std::string long_text = R"("1795953600123")";
  const std::string rfc = R"("2026-11-29T12:00:00Z")";
  const std::string small = "20261.129000000";
  const std::string large = "1795953600.123000000";
  const std::string split = "1795953600.123500000";
  const std::string noon = "1795953600.0";
  const std::string midnight = "1795910400.0";
  const std::string none = "none";
  const std::string null = "null";
  return {
      {kBigint, "20261129", {"20261129", small}, {"20261129", small}},
      {kBigint, text, {"20261129", small}, {"20261129", small}},
      {kBigint, "1795953600123.0", {"1795953600123", large}, {"1795953600123", large}},
      {kBigint, "1795953600123.5", {null, none}, {null, none}},
      {kBigint, rfc, {null, none}, {null, none}},
      {kBigint, "true", {null, none}, {null, none}},
      {kFloat, "20261129", {"20261129", small}, {"20261129", small}},
      {kFloat, text, {"20261129", small}, {"20261129", small}},
      {kFloat, "1795953600123.5", {"1795953600123.5", split}, {"1795953600123.5", split}},
      {kFloat, "1.7959536001235e12", {"1.7959536001235e12", split}, {"1.7959536001235e12", split}},
      {kFloat, rfc, {null, none}, {null, none}},
      {kString, "20261129", {text, small}, {text, midnight}},
      {kString, text, {text, small}, {text, midnight}},
      {kString, R"("2026112\u0039")", {R"("2026112\u0039")", small}, {R"("2026112\u0039")", midnight}},
      {kString, "1795953600123", {long_text, large}, {long_text, none}},
      {kString, long_text, {long_text, large}, {long_text, none}},
      {kString, rfc, {rfc, noon}, {rfc, none}},
      {kString, "true", {R"("true")", none}, {R"("true")", none}},
      {kDatetime, "20261129", {"20261129", small}, {"20261129", small}},
      {kDatetime, text, {"20261129", small}, {text, midnight}},
      {kDatetime, "1795953600123", {"1795953600123", large}, {"1795953600123", large}},
      {kDatetime, long_text, {"1795953600123", large}, {"1795953600123", large}},
      {kDatetime, "1795953600123.5", {null, none}, {null, none}},
      {kDatetime, R"("1795953600123.5")", {null, none}, {null, none}},
      {kDatetime, rfc, {rfc, noon}, {rfc, none}},
      {{}, "20261129", {"20261129", small}, {"20261129", small}},
      {{}, text, {text, small}, {text, midnight}},
      {{}, "1795953600123.5", {"1795953600123.5", split}, {"1795953600123.5", split}},
      {{}, R"("1795953600123.5")", {R"("1795953600123.5")", split}, {R"("1795953600123.5")", none}},
      {{}, rfc, {rfc, noon}, {rfc, none}},
      {{}, "true", {"true", none}, {"true", none}},
      {{}, "null", {null, none}, {null, none}},
      {{}, "[20261129]", {"[20261129]", none}, {"[20261129]", none}},
  };
}

TEST_F(EventTime, IsThatOfTheValueInTheRecord) {
  for (const Cell& cell : Cells()) {
    for (const char* const format : {"", kFormat}) {
      const Said& said = *format == '\0' ? cell.plain : cell.formatted;
      Schema schema = WithTimestamp(cell.kind.value_or(kString), format);
      if (!cell.kind) schema.columns.clear();
      EXPECT_EQ(Project(schema, R"({"ts":)" + cell.value + "}"), R"({"ts":)" + said.record + "}");
      EXPECT_EQ(TimeOf(schema, cell.value), said.time) << cell.value << " as " << said.record << " by " << format;
    }
  }
}

// Strict takes the values that stay as they are, and none that says no time; their time is the same.
TEST_F(EventTime, IsTheSameWithStrictValidation) {
  for (const Cell& cell : Cells()) {
    for (const char* const format : {"", kFormat}) {
      const Said& said = *format == '\0' ? cell.plain : cell.formatted;
      Schema schema = WithTimestamp(cell.kind.value_or(kString), format, true);
      if (!cell.kind) schema.columns.clear();
      const bool passes = cell.value == said.record && said.time != "none";
      const std::string found = TimeOf(schema, cell.value);
      EXPECT_EQ(passes ? found : "a reject", passes ? said.time : "a reject") << cell.value;
      EXPECT_EQ(found.starts_with("expected "), !passes) << cell.value << " by " << format << ": " << found;
    }
  }
}

TEST_F(EventTime, AnObjectThatIsATextInTheRecordIsReadAsThatText) {
  const Schema schema = WithTimestamp(kString, "'{\"day\":'yyyyMMdd'}'");
  EXPECT_EQ(TimeOf(schema, R"({"day":20261129})"), "1795910400.0");
  EXPECT_EQ(TimeOf(schema, R"("{\"day\":20261129}")"), "1795910400.0");
}

TEST_F(EventTime, IsAbsentWhereTheColumnSaysNone) {
  for (const std::string value : {"", "null", "true", "{}", "[]", R"("soon")", "1e300", "9223372036854775807"}) {
    EXPECT_EQ(TimeOf(WithTimestamp(kString), value), "none") << value;
  }
  Schema schema = WithTimestamp(kString);
  schema.timestamp.clear();
  EXPECT_EQ(TimeOf(schema, "5"), "none");
}

TEST_F(EventTime, ThatCannotBeReadIsAStrictReject) {
  EXPECT_EQ(TimeOf(WithTimestamp(kString, "", true), R"("soon")"),
            R"(expected the event time in column "ts", found a string that is no such time)");
  EXPECT_EQ(TimeOf(WithTimestamp(kFloat, "", true), "1e300"),
            R"(expected the event time in column "ts", found a number that is no time in milliseconds)");
  EXPECT_EQ(
      TimeOf(WithTimestamp(kBigint, "", true), "5.0"),
      R"(expected the event time in column "ts", found an integer that is written with a fraction or an exponent)");
  EXPECT_EQ(TimeOf(WithTimestamp(kBigint, "", true), "253402300800000"),
            R"(expected the event time in column "ts", found a number that is no time in milliseconds)");
  EXPECT_EQ(TimeOf(WithTimestamp(kBigint, "", true), ""),
            R"(expected the event time in column "ts", found no such key)");
  EXPECT_EQ(TimeOf(WithTimestamp(kDatetime, "", true), R"("1970-01-01T00:00:01Z")"), "1.0");
}

TEST_F(EventTime, TheDefaultIsATimeToo) {
  Schema schema = WithTimestamp(kDatetime);
  schema.columns[0].default_json = R"("1970-01-01T00:00:01Z")";
  EXPECT_EQ(TimeOf(schema, ""), "1.0");
  EXPECT_EQ(TimeOf(schema, "null"), "none");
}

TEST_F(EventTime, MayComeFromAMemberThatIsDropped) {
  Schema schema;
  schema.columns = {{"a", Scalar(kBigint), ""}};
  schema.timestamp = "ts";
  const Outcome outcome = Decode(schema, R"({"ts":1000,"a":1,"b":2})");
  ASSERT_EQ(outcome.whole.size(), 1U);
  EXPECT_EQ(outcome.records[0], R"({"a":1})");
  EXPECT_EQ(outcome.whole[0].event_time().seconds(), 1);
}

TEST_F(EventTime, TheLastOccurrenceCounts) {
  Schema schema;
  schema.timestamp = "ts";
  EXPECT_EQ(Decode(schema, R"({"ts":1000,"ts":2000})").whole.at(0).event_time().seconds(), 2);
}

TEST_F(EventTime, BothViewsHaveTheColumnsAndTheTime) {
  Schema schema;
  schema.columns = {{"b", Scalar(kFloat), ""}, {"ts", Scalar(kDatetime), ""}};
  schema.timestamp = "ts";
  const auto compiled = CompiledSchema::Compile(schema);
  PaddedBuffer entries;
  decoder_.Decode(R"({"ts":5000,"x":[1],"b":"1.5"})", {WallTime(), 7}, compiled.get(), entries);
  PaddedBuffer rendered;
  DataView view;
  view.Render(entries.view(), PaddedBuffer::kPadding, rendered);
  v1::SubscribeResponse response;
  ASSERT_TRUE(response.ParseFromArray(rendered.data(), static_cast<int>(rendered.size())));
  const v1::Record& record = response.records(0);
  EXPECT_EQ(record.event_time().seconds(), 5);
  EXPECT_EQ(record.connection(), 7U);
  ASSERT_EQ(record.data().fields_size(), 2);
  EXPECT_EQ(record.data().fields().at("b").number_value(), 1.5);
  EXPECT_EQ(record.data().fields().at("ts").number_value(), 5000);
}

}  // namespace
}  // namespace inlet::ingest
