// Messages as YAML: what is written reads back as the same.
#include "cli/message_yaml.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "cli/definition.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/definition_reader.h"
#include "service/config/input_fields.h"

namespace inlet::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

v1::Stream Full() {
  v1::Stream stream;
  stream.set_name("demo");
  stream.set_datasource("/cars/{id}");
  stream.set_conf_key("true");  // a name, and no bool
  stream.mutable_settings()->set_addr("");
  stream.mutable_settings()->mutable_ping_interval()->set_nanos(500'000'000);
  stream.mutable_settings()->add_open_messages("{\"op\": \"subscribe\"}\n\ttwo: lines # no comment");
  stream.mutable_settings()->add_open_messages("- 1");
  stream.mutable_settings()->set_max_message_bytes(65536);
  stream.mutable_settings()->set_reconnect_when_stalled(false);
  (*stream.mutable_settings()->mutable_request_header())["X-b"] = "2";
  (*stream.mutable_settings()->mutable_request_header())["X-a"] = "<redacted>";
  v1::Column& column = *stream.mutable_schema()->add_columns();
  column.set_name("id");
  column.set_type("STRUCT(a FLOAT)");
  v1::Column& with_default = *stream.mutable_schema()->add_columns();
  with_default.set_name("n");
  with_default.set_type("STRING");
  with_default.mutable_default_value()->set_string_value("12");
  stream.mutable_schema()->set_strict(true);
  stream.mutable_retention()->set_max_records(18446744073709551615U);
  stream.mutable_retention()->mutable_max_age()->set_seconds(3600);
  stream.set_record_origin(false);
  (*stream.mutable_labels())["site"] = "no";
  (*stream.mutable_labels())["empty"] = "";
  stream.set_description("it's \\ \x7f \"ours\" – ok");
  return stream;
}

v1::Stream ReadBack(const v1::Stream& stream) {
  std::string lines = YamlText(stream, 4);
  lines[2] = '-';
  const auto read = config::ReadDefinitions("f", "streams:\n" + lines);
  EXPECT_TRUE(read.ok()) << read.status() << "\n" << lines;
  return read.ok() && read->streams.size() == 1 ? read->streams[0].request.stream() : v1::Stream();
}

TEST(YamlText, WhatIsWrittenReadsBackAsTheSame) {
  const v1::Stream stream = Full();
  const v1::Stream back = ReadBack(stream);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(back, stream)) << back.DebugString();
}

TEST(YamlText, IsWhatPeopleWrite) {
  v1::Stream stream;
  stream.set_name("btc");
  stream.set_datasource("wss://feed.example.com/ws");
  stream.mutable_settings()->mutable_ping_interval()->set_seconds(5);
  stream.mutable_settings()->add_subprotocols("v1.json");
  (*stream.mutable_labels())["site"] = "berlin";
  EXPECT_EQ(YamlText(stream, 0),
            "name: btc\ndatasource: \"wss://feed.example.com/ws\"\nsettings:\n  pingInterval: 5s\n"
            "  subprotocols:\n    - v1.json\nlabels:\n  site: berlin\n");
  EXPECT_EQ(YamlText(v1::Stream(), 2), "");
}

TEST(YamlScalar, ATextIsNeverTakenForAnotherType) {
  for (const char* word : {"demo", "a-b_c.d", "/api/data", "tls1.2"}) EXPECT_EQ(YamlScalar(word), word);
  for (const char* text :
       {"", "12", "1e5", "true", "No", "null", "~", "-", "a b", "a:b", "#x", ".inf", "0x1", "5s", "é"}) {
    EXPECT_EQ(YamlScalar(text), "\"" + std::string(text) + "\"");
  }
}

TEST(Definition, IsWhatAUserWritesAlone) {
  v1::Stream stream = Full();
  const std::string written = stream.SerializeAsString();
  stream.mutable_status()->set_records(1);
  stream.mutable_create_time()->set_seconds(1);
  stream.mutable_update_time()->set_seconds(1);
  stream.set_etag("e");
  stream.set_sql("CREATE");
  stream.set_role(v1::Stream::SERVER);
  stream.mutable_effective_settings()->set_addr("x");
  stream.add_warnings("w");
  v1::Stream expected;
  expected.ParseFromString(written);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(config::InputFieldsOf(stream), expected));
}

TEST(RedactedPaths, TellWhereSecretsWere) {
  v1::Stream stream = Full();
  stream.mutable_settings()->add_bearer_tokens("plain");
  stream.mutable_settings()->add_bearer_tokens("<redacted>");
  stream.set_datasource("/ws?key=<redacted>");
  EXPECT_THAT(RedactedPaths(stream),
              ElementsAre("datasource", "settings.bearerTokens[1]", "settings.requestHeader.X-a"));
  EXPECT_THAT(RedactedPaths(v1::Stream()), IsEmpty());
}

}  // namespace
}  // namespace inlet::cli
