// Each setting: what it may be, and how a wrong value is told.
#include "service/config/setting_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "ingest/text.h"
#include "service/config/settings_reader.h"
#include "tests/fakes/status_text.h"

namespace inlet::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct SettingCase {
  std::string key;
  std::vector<std::string> right;                          // as JSON
  std::vector<std::pair<std::string, std::string>> wrong;  // as JSON, and a part of what is said
};

class Settings : public ::testing::TestWithParam<SettingCase> {};

std::string Extra(const std::string& key, const std::string& json) { return Concat({"{\"", key, "\": ", json, "}"}); }

TEST_P(Settings, TakeWhatIsRight) {
  for (const std::string& json : GetParam().right) {
    const auto read = SettingsFromJson(Extra(GetParam().key, json));
    EXPECT_TRUE(read.ok()) << json << ": " << read.status();
  }
}

TEST_P(Settings, RefuseWhatIsWrongAndSayWhatToWrite) {
  for (const auto& [json, message] : GetParam().wrong) {
    const auto read = SettingsFromJson(Extra(GetParam().key, json));
    EXPECT_EQ(Reason(read.status()), "FIELD_INVALID") << json;
    EXPECT_THAT(Text(read.status()), HasSubstr(message)) << json;
    EXPECT_THAT(Text(read.status()), HasSubstr(GetParam().key)) << json;
    EXPECT_THAT(Text(read.status()), Not(HasSubstr("S3cr3t"))) << json;
  }
}

const std::string kLong = Concat({"\"", std::string(70'000, 'a'), "\""});

const std::vector<SettingCase>& Cases() {
  static const std::vector<SettingCase> cases = {
      {"maxMessageBytes", {"1", "3145728", R"("64KiB")"}, {{"0", "from 1 to 3145728"}, {"3145729", "found 3145729"}}},
      {"pingInterval",
       {R"("0s")", R"("100ms")", R"("24h")"},
       {{R"("99ms")", "0s (never) or from 100ms to 24h"}, {R"("25h")", "from 100ms to 24h"}}},
      {"idleTimeout", {R"("0s")", R"("60s")"}, {{R"("1ms")", "from 100ms"}}},
      {"subprotocols",
       {R"(["v1.feed", "a+b"])", R"("one")"},
       {{R"(["a b"])", "entry 1 is no name"}, {R"(["a", ""])", "entry 2 is no name"}, {R"(["a", "a"])", "twice"}}},
      {"ignore",
       {R"(["pong", "{\"a\": 1}"])"},
       {{R"([""])", "entry 1 is empty"}, {R"(["a", "a"])", "twice"}, {kLong, "longer than 65536"}}},
      {"recordTimeout", {R"("0s")", R"("1h")"}, {{R"("10ms")", "from 100ms to 365 days"}}},
      {"reconnectWhenStalled", {"true", "false"}, {{"1", "true or false"}}},
      {"compression", {"false"}, {{"true", "breaks compressed connections"}}},
      {"addr",
       {R"("")", R"("a")", R"("a.example:1")", R"("127.0.0.1:65535")", R"("[::1]:8080")", R"("[::1]")", R"("A_b.c")"},
       {{R"("a:0")", "from 1 to 65535"},
        {R"("a:65536")", "from 1 to 65535"},
        {R"("a:")", "from 1 to 65535"},
        {R"("a:1x")", "from 1 to 65535"},
        {R"(":80")", "must be host:port"},
        {R"("::1")", "without brackets"},
        {R"("[::1")", "must have a port"},
        {R"("[a]:1")", "must be host:port"},
        {R"("1.2.3:80")", "must be host:port"},
        {R"("a b:1")", "must be host:port"},
        {R"("\u00e4:1")", "xn--"},
        {R"("ws://a:1")", "without a scheme"},
        {R"("a:1/x?S3cr3t")", "without a path"},
        {R"("user:S3cr3t@a:1")", "must not hold a user"}}},
      {"scheme", {R"("ws")", R"("wss")"}, {{R"("WSS")", "ws or wss"}, {R"("http")", "ws or wss"}}},
      {"requestHeader",
       {R"({"Authorization": "Bearer x", "Host": "a", "Sec-WebSocket-Protocol": "v1", "X-A": ""})",
        R"({"Authorization": "Bearer ${env:INLET_SECRET_A}", "Cookie": ["a=1", "b=2"]})",
        R"({"Authorization": "opaque"})"},
       {{R"({"Upgrade": "S3cr3t"})", "belongs to the handshake"},
        {R"({"connection": "S3cr3t"})", "belongs to the handshake"},
        {R"({"Sec-WebSocket-Key": "S3cr3t"})", "belongs to the handshake"},
        {R"({"sec-websocket-version": "8"})", "belongs to the handshake"},
        {R"({"Sec-WebSocket-Extensions": "permessage-deflate"})", "belongs to the handshake"},
        {R"({"Content-Length": "5"})", "belongs to the handshake"},
        {R"({"A:": "S3cr3t"})", "is no name of a header"},
        {R"({"": "S3cr3t"})", "is no name of a header"},
        {R"({"X-A": "S3cr3t\r\nX-B: 1"})", "line breaks"},
        {R"({"X-A": "S3cr3t\u0000"})", "line breaks"},
        {R"({"X-A": "1", "x-a": "2"})", "twice, in different cases"},
        {R"({"Authorization": "Bearer"})", "a shell eats ${...}"},
        {R"({"authorization": "basic "})", "a scheme without a secret"},
        {R"({"Authorization": ""})", "a scheme without a secret"},
        {R"({"X-A": "${enf:S3cr3t}"})", "begins no reference"},
        {R"({"X-A": "${env:"})", "begins no reference"}}},
      {"handshakeTimeout", {R"("100ms")", R"("5m")"}, {{R"("0s")", "from 100ms to 5m"}, {R"("6m")", "to 5m"}}},
      {"backoffInitial", {R"("10ms")", R"("1h")"}, {{R"("0s")", "from 10ms to 1h"}, {R"("2h")", "from 10ms"}}},
      {"backoffMax", {R"("10ms")", R"("24h")"}, {{R"("0s")", "from 10ms to 24h"}, {R"("25h")", "to 24h"}}},
      {"openMessages",
       {R"(["a", "a", ""])", R"("${file:auth.json}")"},
       {{R"(["${file:../S3cr3t}"])", "begins no reference"}, {kLong, "longer than 65536"}}},
      {"heartbeatMessage", {R"("ping")", R"("")"}, {{R"("${x}")", "begins no reference"}, {kLong, "longer than"}}},
      {"heartbeatInterval", {R"("0s")", R"("30s")"}, {{R"("1ms")", "from 100ms to 24h"}}},
      {"proxyUrl",
       {R"("")", R"("http://p:3128")", R"("http://p:1/")", R"("http://u:x@[::1]:1")", R"("http://u:${env:A}@p:1")"},
       {{R"("https://p:1")", "no other protocol"},
        {R"("socks5://S3cr3t@p:1")", "no other protocol"},
        {R"("http://p")", "must be http://host:port"},
        {R"("http://u:S3cr3t@p")", "must be http://host:port"},
        {R"("http://p:1/path")", "must be http://host:port"},
        {R"("http://u:S3cr3t @p:1")", "must be http://host:port"}}},
      {"insecureSkipVerify", {"true"}, {{R"("yes")", "true or false"}}},
      {"serverName",
       {R"("a.example")", R"("127.0.0.1")", R"("")"},
       {{R"("a:1")", "without a port"}, {R"("a b")", "without a port"}}},
      {"tlsMinVersion", {R"("tls1.2")", R"("tls1.3")"}, {{R"("1.3")", "tls1.2 or tls1.3"}, {R"("tls1.1")", "tls1.2"}}},
      {"rootCaPath", {R"("ca.pem")", R"("/etc/ca.pem")"}, {{R"("a\nb")", "path of a file"}}},
      {"certificationPath", {R"("a")"}, {{R"("a\u0000b")", "path of a file"}}},
      {"privateKeyPath", {R"("a")"}, {{R"("a\tb")", "path of a file"}}},
      {"rootCARaw", {R"("${file:ca}")"}, {{R"("${file:/ca}")", "begins no reference"}}},
      {"certificationRaw", {R"("x")"}, {{R"("${")", "begins no reference"}}},
      {"privateKeyRaw", {R"("x")"}, {{R"("S3cr3t${env:1A}")", "begins no reference"}}},
      {"bearerTokens",
       {R"(["a", "${env:A}"])"},
       {{R"([""])", "let everybody in"}, {R"(["Bearer S3cr3t"])", "without Bearer"}, {R"(["a", "a"])", "twice"}}},
      {"allowedOrigins",
       {R"(["https://a.example", "http://a:1", "null", "*.a.example", "https://*.a.example"])"},
       {{R"(["*"])", "leave allowedOrigins out"},
        {R"(["a.example"])", "scheme://host"},
        {R"(["*."])", "scheme://host"},
        {R"(["a.*"])", "scheme://host"},
        {R"(["https://a/"])", "scheme://host"},
        {R"(["https://"])", "scheme://host"}}},
      {"maxConnections", {"0", "10000000"}, {{"10000001", "from 0 (no limit) to 10000000"}}},
  };
  return cases;
}

INSTANTIATE_TEST_SUITE_P(EachByEach, Settings, ::testing::ValuesIn(Cases()),
                         [](const auto& parameter) { return parameter.param.key; });

TEST(SettingValues, EverySettingIsInTheTable) {
  std::set<std::string_view> keys;
  for (const SettingCase& setting : Cases()) keys.insert(setting.key);
  for (const std::string_view name : SettingNames()) EXPECT_EQ(keys.count(name), 1U) << name;
  EXPECT_EQ(keys.size(), SettingNames().size());
}

TEST(SettingValues, ListsHaveAnEnd) {
  v1::SourceSettings settings;
  for (int i = 0; i < 65; ++i) settings.add_ignore(std::to_string(i));
  EXPECT_EQ(ValueProblem(settings, *v1::SourceSettings::descriptor()->FindFieldByName("ignore")),
            "has more than 64 entries");
}

}  // namespace
}  // namespace inlet::config
