// Records as lines.
#include "cli/record_line.h"

#include <gtest/gtest.h>

namespace inlet::cli {
namespace {

TEST(RecordJson, IsTheTextThatWasReceived) {
  v1::Record record;
  record.set_json("{\"a\": 1e400}");
  EXPECT_EQ(RecordJson(record), "{\"a\": 1e400}");
}

TEST(RecordJson, PrintsDecodedRecords) {
  v1::Record record;
  (*record.mutable_data()->mutable_fields())["a"].set_number_value(1);
  EXPECT_EQ(RecordJson(record), "{\"a\":1}");
}

TEST(AppendJsonLine, TurnsLineBreaksIntoSpacesAndNothingElse) {
  std::string out = "before\n";
  AppendJsonLine(out, "{\r\n \"a\":\t\"\\n\"\n}");
  EXPECT_EQ(out, "before\n{   \"a\":\t\"\\n\" }\n");
}

TEST(AppendFullLine, WrapsTheTextUntouched) {
  v1::Record record;
  record.set_offset(7);
  record.set_connection(3);
  record.mutable_receive_time()->set_seconds(1);
  record.mutable_receive_time()->set_nanos(500'000'000);
  std::string out;
  AppendFullLine(out, record, "kq3f", "{\"a\":\n1}");
  EXPECT_EQ(out,
            "{\"epoch\":\"kq3f\",\"offset\":7,\"time\":\"1970-01-01T00:00:01.500Z\",\"connection\":3,"
            "\"json\":{\"a\": 1}}\n");
}

TEST(AppendFullLine, TellsTheTimeOfTheEventAndWhoSentIt) {
  v1::Record record;
  record.set_offset(7);
  record.set_connection(3);
  record.mutable_receive_time()->set_seconds(2);
  record.mutable_event_time()->set_seconds(1);
  record.mutable_origin()->set_peer("10.0.0.1:5");
  record.mutable_origin()->set_path("/cars/7");
  (*record.mutable_origin()->mutable_variables())["car"] = "7";
  std::string out;
  AppendFullLine(out, record, "kq3f", "{}");
  EXPECT_EQ(out,
            "{\"epoch\":\"kq3f\",\"offset\":7,\"time\":\"1970-01-01T00:00:02Z\",\"connection\":3,"
            "\"eventTime\":\"1970-01-01T00:00:01Z\","
            "\"origin\":{\"peer\":\"10.0.0.1:5\",\"path\":\"/cars/7\",\"variables\":{\"car\":\"7\"}},\"json\":{}}\n");
}

TEST(AppendFullLine, AGapIsALineOfItsOwn) {
  v1::Record record;
  record.set_offset(8);
  record.mutable_receive_time()->set_seconds(6);
  record.mutable_gap()->set_cause(v1::Gap::SOURCE_DOWN);
  record.mutable_gap()->mutable_start_time()->set_seconds(1);
  record.mutable_gap()->set_detail("the connection was closed with 1006");
  std::string out;
  AppendFullLine(out, record, "kq3f", RecordJson(record));
  EXPECT_EQ(out,
            "{\"epoch\":\"kq3f\",\"offset\":8,\"time\":\"1970-01-01T00:00:06Z\",\"connection\":0,"
            "\"gap\":{\"cause\":\"SOURCE_DOWN\",\"startTime\":\"1970-01-01T00:00:01Z\","
            "\"detail\":\"the connection was closed with 1006\"}}\n");
}

TEST(Coloured, ChangesNothingButColours) {
  const std::string json = R"({"a" : "x\"y:", "b":[1.5,true,null]})";
  EXPECT_EQ(Coloured(json),
            "{\x1b[36m\"a\"\x1b[0m : \x1b[32m\"x\\\"y:\"\x1b[0m, \x1b[36m\"b\"\x1b[0m:[\x1b[33m1.5\x1b[0m,"
            "\x1b[33mtrue\x1b[0m,\x1b[33mnull\x1b[0m]}");
  EXPECT_EQ(Coloured("\"open\\"), "\x1b[32m\"open\\\x1b[0m");
}

}  // namespace
}  // namespace inlet::cli
