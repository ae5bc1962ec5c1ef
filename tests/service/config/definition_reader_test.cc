// Definitions in YAML: every key of the contract, and what a mistake is told as.
#include "service/config/definition_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "google/protobuf/util/json_util.h"
#include "ingest/text.h"
#include "tests/fakes/status_text.h"

namespace inlet::config {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string ErrorOf(const std::string& text) { return Text(ReadDefinitions("f.yaml", text).status()); }

std::string Json(const google::protobuf::Message& message) {
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json).ok());
  return json;
}

TEST(ReadDefinitions, EveryKeyOfAStreamIsRead) {
  const auto read = ReadDefinitions("f.yaml",
                                    "streams:\n"
                                    "  - name: btc\n"
                                    "    datasource: /ws\n"
                                    "    confKey: exchange\n"
                                    "    settings: {pingInterval: 500ms, requestHeader: {X-Key: '1'}, ignore: pong}\n"
                                    "    schema:\n"
                                    "      columns:\n"
                                    "        - {name: id, type: BIGINT, defaultValue: 5}\n"
                                    "        - {name: ok, type: BOOLEAN, default_value: true}\n"
                                    "        - {name: far, type: BIGINT, defaultValue: 9007199254740993}\n"
                                    "        - {name: half, type: FLOAT, defaultValue: 0.50}\n"
                                    "        - {name: fine, type: FLOAT, defaultValue: 0.1234567890123456789}\n"
                                    "        - {name: text, type: STRING, defaultValue: '5'}\n"
                                    "      strict: true\n"
                                    "      timestamp: id\n"
                                    "      timestampFormat: yyyy\n"
                                    "    retention: {maxBytes: 64KiB, maxRecords: 3, maxAge: 1h}\n"
                                    "    recordOrigin: false\n"
                                    "    labels: {empty: ''}\n"
                                    "    description: its words\n");
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->streams.size(), 1U);
  EXPECT_EQ(read->streams[0].place, "f.yaml:2");
  EXPECT_EQ(
      Json(read->streams[0].request.stream()),
      R"({"name":"btc","datasource":"/ws","confKey":"exchange",)"
      R"("settings":{"pingInterval":"0.500s","ignore":["pong"],"requestHeader":{"X-Key":"1"}},)"
      R"("schema":{"columns":[{"name":"id","type":"BIGINT","defaultValue":5},)"
      R"({"name":"ok","type":"BOOLEAN","defaultValue":true},)"
      R"({"name":"far","type":"BIGINT","defaultValue":"9007199254740993"},)"
      R"({"name":"half","type":"FLOAT","defaultValue":0.5},)"
      R"({"name":"fine","type":"FLOAT","defaultValue":"0.1234567890123456789"},)"
      R"({"name":"text","type":"STRING","defaultValue":"5"}],"strict":true,"timestamp":"id","timestampFormat":"yyyy"},)"
      R"("retention":{"maxBytes":"65536","maxRecords":"3","maxAge":"3600s"},"recordOrigin":false,)"
      R"("labels":{"empty":""},"description":"its words"})");
}

TEST(ReadDefinitions, AStatementStandsForAWholeStream) {
  const auto read = ReadDefinitions("f.yaml", "streams:\n  - sql: CREATE STREAM demo () WITH (TYPE=\"websocket\")\n");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->streams.at(0).request.sql(), "CREATE STREAM demo () WITH (TYPE=\"websocket\")");
}

TEST(ReadDefinitions, ConfKeysAreReadInTheirOrder) {
  const auto read = ReadDefinitions("f.yaml", "confKeys:\n  b: {addr: 'a:1'}\n  a:\n");
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->conf_keys.size(), 2U);
  EXPECT_EQ(read->conf_keys[0].name, "b");
  EXPECT_EQ(read->conf_keys[0].settings.addr(), "a:1");
  EXPECT_EQ(read->conf_keys[0].place, "f.yaml:2");
  EXPECT_EQ(Json(read->conf_keys[1].settings), "{}");
}

TEST(ReadDefinitions, GoesOnBehindAMistakeForWhoWantsThemAll) {
  std::vector<absl::Status> mistakes;
  const Definitions read = ReadDefinitions("f.yaml",
                                           "confKeys:\n  k: {add: x}\n  good: {}\n  l: 5\n"
                                           "streams:\n  - {nam: a}\n  - {name: b}\n  - {name: b}\n"
                                           "more: 1\n",
                                           mistakes);
  ASSERT_EQ(mistakes.size(), 5U);
  const std::vector<std::string> places = {"f.yaml:2", "f.yaml:4", "f.yaml:6", "f.yaml:8", "f.yaml:9"};
  for (size_t i = 0; i < places.size(); ++i) EXPECT_THAT(Text(mistakes[i]), StartsWith(places[i]));
  ASSERT_EQ(read.conf_keys.size(), 1U);
  EXPECT_EQ(read.conf_keys[0].name, "good");
  EXPECT_EQ(read.streams.size(), 1U);
}

TEST(ReadDefinitions, AHiddenSecretIsTakenAsItIs) {
  const auto read = ReadDefinitions("f.yaml",
                                    "streams: [{name: a, settings: {requestHeader: {Authorization: <redacted>}}}]\n"
                                    "confKeys: {k: {bearerTokens: [<redacted>]}}\n");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->conf_keys.at(0).settings.bearer_tokens(0), "<redacted>");
}

TEST(ReadDefinitions, NothingIsDefinedByAnEmptyText) {
  for (const std::string text : {"", "# none\n", "streams:\n", "streams: []\nconfKeys: {}\n"}) {
    const auto read = ReadDefinitions("f.yaml", text);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_THAT(read->streams, IsEmpty());
    EXPECT_THAT(read->conf_keys, IsEmpty());
  }
}

TEST(ReadDefinitions, AMistakeIsToldWithLineAndKey) {
  EXPECT_THAT(ErrorOf("stream: []\n"), AllOf(StartsWith("f.yaml:1: unknown key \"stream\""), HasSubstr("\"streams\"")));
  EXPECT_THAT(ErrorOf("- name: a\n"), StartsWith("f.yaml:1: expected a map with streams"));
  EXPECT_THAT(ErrorOf("streams: {name: a}\n"), StartsWith("f.yaml:1: streams: expected a list of streams"));
  EXPECT_THAT(ErrorOf("streams:\n  - a\n"), StartsWith("f.yaml:2: streams[0]: expected a map of keys"));
  EXPECT_THAT(ErrorOf("streams:\n  - datasource: /a\n"), StartsWith("f.yaml:2: streams[0]: a stream needs a name"));
  EXPECT_THAT(ErrorOf("streams:\n  - name: a\n    datasorce: /a\n"),
              AllOf(StartsWith("f.yaml:3: unknown key \"datasorce\" in streams[0]"), HasSubstr("\"datasource\"")));
  EXPECT_THAT(ErrorOf("streams:\n  - name: a\n    settings:\n      pingIntervall: 1s\n"),
              AllOf(StartsWith("f.yaml:4: unknown key"), HasSubstr("streams[0].settings"), HasSubstr("pingInterval")));
  EXPECT_THAT(ErrorOf("streams:\n  - name: a\n    settings:\n      pingInterval: soon\n"),
              StartsWith("f.yaml:4: streams[0].settings.pingInterval: expected a duration"));
  EXPECT_THAT(ErrorOf("streams:\n  - name: a\n    retention: {maxBytes: much}\n"),
              StartsWith("f.yaml:3: streams[0].retention.maxBytes: expected bytes"));
  EXPECT_THAT(ErrorOf("streams:\n  - name: a\n    schema: {columns: [{nam: x}]}\n"),
              AllOf(StartsWith("f.yaml:3: unknown key"), HasSubstr("streams[0].schema.columns[0]")));
  EXPECT_THAT(ErrorOf("streams:\n  - name: a\n    schema: {columns: [{name: x, defaultValue: [1]}]}\n"),
              HasSubstr("expected a text, a number, or a bool, found a list"));
  EXPECT_THAT(ErrorOf("streams:\n  - name: a\n    labels: [x]\n"), HasSubstr("expected a map of names and texts"));
  EXPECT_THAT(ErrorOf("streams:\n  - name: a\n    conf_key: x\n    confKey: x\n"),
              StartsWith("f.yaml:4: streams[0].confKey: given twice"));
  EXPECT_THAT(ErrorOf("streams:\n  - sql: X\n    name: a\n"), StartsWith("f.yaml:2: streams[0]: sql says all"));
  EXPECT_THAT(ErrorOf("confKeys: {source: {}}\n"), StartsWith("f.yaml:1: "));
  EXPECT_THAT(ErrorOf("confKeys: [a]\n"), StartsWith("f.yaml:1: confKeys: expected a map"));
  EXPECT_THAT(ErrorOf("confKeys:\n  a: {ad: 'x:1'}\n"), StartsWith("f.yaml:2: unknown key \"ad\" in confKeys.a"));
}

TEST(ReadDefinitions, ANameMayBeGivenOnce) {
  EXPECT_EQ(ErrorOf("streams:\n  - name: a\n  - name: b\n  - name: a\n"),
            "f.yaml:4: streams[2]: the stream \"a\" is defined twice, first at f.yaml:2");
}

TEST(ReadDefinitions, WhatOnlyTheServiceTellsIsNoInput) {
  for (const std::string key :
       {"status", "createTime", "update_time", "etag", "role", "effectiveSettings", "warnings"}) {
    EXPECT_THAT(ErrorOf("streams:\n  - name: a\n    " + key + ": x\n"), HasSubstr("leave it out")) << key;
  }
}

TEST(ReadDefinitions, TenThousandStreamsAreRead) {
  std::string text = "streams:\n";
  for (int i = 0; i < 10'000; ++i) {
    text +=
        Concat({"  - name: s", std::to_string(i), "\n    datasource: /d/", std::to_string(i),
                "\n    settings: {pingInterval: 5s, maxMessageBytes: 64KiB, ignore: [pong, ping]}\n",
                "    labels: {team: feeds, region: somewhere far away}\n    description: one of many streams here\n"});
  }
  ASSERT_GT(text.size(), kMaxConfigBytes);
  const auto read = ReadDefinitions("f.yaml", text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->streams.size(), 10'000U);
}

}  // namespace
}  // namespace inlet::config
