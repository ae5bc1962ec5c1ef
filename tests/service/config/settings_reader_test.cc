// Every key, in every spelling, from every source; and the rules of each type.
#include "service/config/settings_reader.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "ingest/text.h"
#include "service/config/conf_keys.h"
#include "service/config/load.h"
#include "service/config/yaml_text.h"
#include "tests/fakes/status_text.h"

namespace inlet::config {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::util::MessageDifferencer;
using ::testing::HasSubstr;

// One value of a field's type as each source writes it. What it means is asked of protobuf's own JSON reader.
struct Sample {
  std::string typed_json;
  std::string yaml;
  std::string extra;
  std::string environment;
};

// Of the texts that have a form of their own.
const std::map<std::string, std::string>& SampleTexts() {
  static const std::map<std::string, std::string> texts = {
      {"scheme", "wss"},
      {"addr", "feed.example.com:443"},
      {"proxy_url", "http://proxy.example.com:3128"},
      {"root_ca_raw", "-----BEGIN"},
      {"certification_raw", "-----BEGIN"},
      {"private_key_raw", "-----BEGIN"},
      {"server_name", "feed.example.com"},
      {"tls_min_version", "tls1.3"},
  };
  return texts;
}

Sample SampleFor(const FieldDescriptor& field) {
  const auto text = SampleTexts().find(field.name());
  if (text != SampleTexts().end()) {
    const std::string quoted = Concat({"\"", text->second, "\""});
    return {quoted, text->second, quoted, text->second};
  }
  if (field.name() == "compression") return {"false", "false", "false", "False"};
  if (field.name() == "allowed_origins") return {R"(["https://a"])", "https://a", R"("https://a")", "https://a"};
  if (field.is_map()) return {R"({"X-A": "1, 2"})", "{X-A: [1, 2]}", R"({"X-A": ["1", "2"]})", R"({"X-A": "1, 2"})"};
  if (field.is_repeated()) return {R"(["a", "b"])", "[a, b]", R"(["a", "b"])", R"(["a", "b"])"};
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
      return {"7", "7", "7", "7"};
    case FieldDescriptor::CPPTYPE_BOOL:
      return {"true", "true", "true", "TRUE"};
    case FieldDescriptor::CPPTYPE_STRING:
      return {R"("some text")", "some text", R"("some text")", "some text"};
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return {R"("0.5s")", "500ms", R"("500ms")", "500ms"};
    default:
      ADD_FAILURE() << field.name() << " has a type that the readers do not know";
      return {};
  }
}

v1::SourceSettings FromProtobufJson(const std::string& key, const std::string& value) {
  v1::SourceSettings settings;
  const std::string json = Concat({"{\"", key, "\": ", value, "}"});
  const auto status = google::protobuf::util::JsonStringToMessage(json, &settings);
  EXPECT_TRUE(status.ok()) << json << ": " << status.ToString();
  return settings;
}

absl::StatusOr<v1::SourceSettings> FromYaml(const std::string& text) {
  const auto value = ParseYaml("a.yaml", text);
  if (!value.ok()) return value.status();
  return SettingsFromValue("a.yaml", "default", *value);
}

absl::StatusOr<v1::SourceSettings> FromEnvironment(const std::string& variable, const std::string& text) {
  const auto loaded = LoadText({"inlet.yaml", "egress: {proxy: true}\n"}, {"websocket.yaml", ""}, {{variable, text}});
  if (!loaded.ok()) return loaded.status();
  return loaded->conf_keys.Section("default");
}

std::string UpperCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::vector<const FieldDescriptor*> AllFields() {
  std::vector<const FieldDescriptor*> fields;
  const auto* const descriptor = v1::SourceSettings::descriptor();
  fields.reserve(static_cast<size_t>(descriptor->field_count()));
  for (int i = 0; i < descriptor->field_count(); ++i) fields.push_back(descriptor->field(i));
  return fields;
}

class EverySetting : public ::testing::TestWithParam<const FieldDescriptor*> {
 protected:
  void ExpectSample(const absl::StatusOr<v1::SourceSettings>& read) const {
    ASSERT_TRUE(read.ok()) << read.status();
    const v1::SourceSettings expected = FromProtobufJson(GetParam()->json_name(), SampleFor(*GetParam()).typed_json);
    EXPECT_TRUE(MessageDifferencer::Equals(*read, expected)) << read->ShortDebugString();
    EXPECT_TRUE(
        MessageDifferencer::Equals(FromProtobufJson(GetParam()->name(), SampleFor(*GetParam()).typed_json), expected));
  }
};

TEST_P(EverySetting, IsReadFromYamlInBothSpellings) {
  ExpectSample(FromYaml(Concat({GetParam()->json_name(), ": ", SampleFor(*GetParam()).yaml})));
  ExpectSample(FromYaml(Concat({GetParam()->name(), ": ", SampleFor(*GetParam()).yaml})));
}

TEST_P(EverySetting, IsReadFromExtraInBothSpellings) {
  ExpectSample(SettingsFromJson(Concat({"{\"", GetParam()->json_name(), "\": ", SampleFor(*GetParam()).extra, "}"})));
  ExpectSample(SettingsFromJson(Concat({"{\"", GetParam()->name(), "\": ", SampleFor(*GetParam()).extra, "}"})));
}

TEST_P(EverySetting, IsReadFromTheEnvironmentInBothSpellingsAndAnyCase) {
  const std::string text = SampleFor(*GetParam()).environment;
  ExpectSample(FromEnvironment("WEBSOCKET__DEFAULT__" + UpperCase(GetParam()->json_name()), text));
  ExpectSample(FromEnvironment("WEBSOCKET__DEFAULT__" + UpperCase(GetParam()->name()), text));
  ExpectSample(FromEnvironment("websocket__Default__" + GetParam()->json_name(), text));
}

TEST_P(EverySetting, InAnotherCaseIsAnErrorThatNamesIt) {
  const auto read = FromYaml(Concat({UpperCase(GetParam()->json_name()), ": ", SampleFor(*GetParam()).yaml}));
  EXPECT_EQ(Reason(read.status()), "OPTION_UNKNOWN");
  EXPECT_EQ(Metadata(read.status(), "nearest"), GetParam()->json_name());
}

TEST_P(EverySetting, WithoutAValueIsAnError) {
  const auto yaml = FromYaml(Concat({GetParam()->json_name(), ":"}));
  EXPECT_THAT(Text(yaml.status()), HasSubstr(Concat({"a.yaml:1: default.", GetParam()->json_name(), ": expected "})));
  EXPECT_THAT(Text(yaml.status()), HasSubstr("found nothing"));
  const auto extra = SettingsFromJson(Concat({"{\"", GetParam()->json_name(), "\": null}"}));
  EXPECT_THAT(Text(extra.status()), HasSubstr(Concat({"EXTRA.", GetParam()->json_name(), ": expected "})));
}

TEST_P(EverySetting, OfTheWrongShapeIsAnError) {
  const std::string shape = GetParam()->is_map() ? "[x]" : "{x: y}";
  const auto read = FromYaml(Concat({"\n", GetParam()->json_name(), ": ", shape}));
  EXPECT_THAT(Text(read.status()), HasSubstr(Concat({"a.yaml:2: default.", GetParam()->json_name(), ": expected "})));
  EXPECT_THAT(Text(read.status()), HasSubstr(GetParam()->is_map() ? "found a list" : "found a map"));
}

TEST_P(EverySetting, GivenTwiceInTwoSpellingsIsAnError) {
  if (GetParam()->json_name() == GetParam()->name()) return;  // has one spelling only
  const std::string sample = SampleFor(*GetParam()).yaml;
  const auto read = FromYaml(Concat({GetParam()->json_name(), ": ", sample, "\n", GetParam()->name(), ": ", sample}));
  EXPECT_THAT(Text(read.status()), HasSubstr("a.yaml:2: default." + GetParam()->json_name() + ": given twice"));
}

INSTANTIATE_TEST_SUITE_P(Settings, EverySetting, ::testing::ValuesIn(AllFields()),
                         [](const auto& test) { return test.param->name(); });

TEST(SettingsReader, AListMayBeOneText) {
  EXPECT_THAT(FromYaml("ignore: pong")->ignore(), ::testing::ElementsAre("pong"));
  EXPECT_THAT(SettingsFromJson(R"({"ignore": "pong"})")->ignore(), ::testing::ElementsAre("pong"));
  EXPECT_THAT(FromEnvironment("WEBSOCKET__DEFAULT__IGNORE", "pong")->ignore(), ::testing::ElementsAre("pong"));
}

TEST(SettingsReader, AnEmptyListOfTheEnvironmentIsUnset) {
  EXPECT_EQ(FromEnvironment("WEBSOCKET__DEFAULT__IGNORE", "")->ignore_size(), 0);
}

TEST(SettingsReader, HeaderValuesAreJoinedAsHttpJoinsThem) {
  const auto read = FromYaml("requestHeader:\n  Accept: [a, b]\n  Cookie: [c=1, d=2]\n  X: y\n");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->request_header().at("Accept"), "a, b");
  EXPECT_EQ(read->request_header().at("Cookie"), "c=1; d=2");
  EXPECT_EQ(read->request_header().at("X"), "y");
}

TEST(SettingsReader, AnEmptyAddrIsAValue) {
  EXPECT_TRUE(FromYaml("addr: \"\"")->has_addr());
  EXPECT_TRUE(SettingsFromJson(R"({"addr": ""})")->has_addr());
  EXPECT_TRUE(FromEnvironment("WEBSOCKET__DEFAULT__ADDR", "")->has_addr());
  EXPECT_FALSE(FromYaml("scheme: ws")->has_addr());
}

TEST(SettingsReader, PlainYamlMayBeTextEvenIfItLooksLikeANumber) {
  EXPECT_EQ(FromYaml("heartbeatMessage: 1")->heartbeat_message(), "1");
}

TEST(SettingsReader, JsonIsStrictAboutTypes) {
  EXPECT_THAT(Text(SettingsFromJson(R"({"scheme": 1})").status()), HasSubstr("EXTRA.scheme: expected text"));
  EXPECT_THAT(Text(SettingsFromJson(R"({"maxMessageBytes": "1"})").status()),
              HasSubstr("EXTRA.maxMessageBytes: expected bytes"));
  EXPECT_THAT(Text(SettingsFromJson(R"({"compression": "false"})").status()), HasSubstr("expected true or false"));
  EXPECT_THAT(Text(SettingsFromJson(R"({"pingInterval": 20})").status()), HasSubstr("expected a duration"));
  EXPECT_EQ(SettingsFromJson(R"({"maxMessageBytes": "64KiB"})")->max_message_bytes(), 65536U);
}

TEST(SettingsReader, ErrorsAboutExtraNameTheFieldForPrograms) {
  const auto wrong = SettingsFromJson(R"({"maxMessageBytes": 0})");
  EXPECT_EQ(Field(wrong.status()), "EXTRA.maxMessageBytes");
  EXPECT_EQ(Reason(wrong.status()), "FIELD_INVALID");
  const auto unknown = SettingsFromJson(R"({"maxMesageBytes": 1})");
  EXPECT_EQ(Text(unknown.status()), "EXTRA: unknown key \"maxMesageBytes\"; did you mean \"maxMessageBytes\"?");
  EXPECT_EQ(Metadata(unknown.status(), "option"), "maxMesageBytes");
  EXPECT_EQ(Metadata(unknown.status(), "nearest"), "maxMessageBytes");
}

TEST(SettingsReader, ErrorsDoNotRepeatWhatMayBeASecret) {
  const std::string secret = "S3cr3t";
  const std::vector<std::string> texts = {
      R"({"bearerTokens": S3cr3t})",          R"({"privateKeyRaw": "S3cr3t)",
      R"({"bearerTokens": "S3cr3t" "more"})", R"({"requestHeader": {"Authorization": {"S3cr3t": 1}}, )",
      R"({"privateKeyRaw": ["S3cr3t"]})",     R"({"requestHeader": "S3cr3t"})",
  };
  for (const std::string& text : texts) {
    const auto read = SettingsFromJson(text);
    EXPECT_FALSE(read.ok()) << text;
    EXPECT_THAT(Text(read.status()), ::testing::Not(HasSubstr(secret))) << text;
  }
}

TEST(MergeSettings, ReplacesWhatIsSetAndKeepsTheRest) {
  v1::SourceSettings lower;
  lower.set_addr("example.com");
  lower.set_max_message_bytes(5);
  lower.add_ignore("a");
  lower.mutable_ping_interval()->set_seconds(5);
  lower.mutable_ping_interval()->set_nanos(7);
  (*lower.mutable_request_header())["A"] = "1";
  v1::SourceSettings upper;
  upper.set_addr("");
  upper.add_ignore("b");
  upper.mutable_ping_interval()->set_seconds(6);
  (*upper.mutable_request_header())["B"] = "2";

  MergeSettings(upper, lower);

  EXPECT_TRUE(lower.has_addr());
  EXPECT_EQ(lower.addr(), "");
  EXPECT_EQ(lower.max_message_bytes(), 5U);
  EXPECT_THAT(lower.ignore(), ::testing::ElementsAre("b"));
  EXPECT_EQ(lower.ping_interval().seconds(), 6);
  EXPECT_EQ(lower.ping_interval().nanos(), 0);
  EXPECT_EQ(lower.request_header().size(), 1U);
  EXPECT_EQ(lower.request_header().at("B"), "2");
}

}  // namespace
}  // namespace inlet::config
