// Files, environment and built-in values become one configuration.
#include "service/config/load.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <tuple>

#include "service/config/app_settings.h"
#include "service/config/network_address.h"
#include "tests/fakes/status_text.h"
#include "tests/fakes/temporary_folder.h"

namespace inlet::config {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

absl::StatusOr<Loaded> FromEnvironment(const Environment& environment) {
  return LoadText({"etc/inlet.yaml", ""}, {"etc/sources/websocket.yaml", ""}, environment);
}

auto Tie(const AppConfig& c) {
  return std::tie(
      c.grpc.address, c.grpc.insecure, c.grpc.max_subscribers, c.metrics.address, c.metrics.max_streams, c.log.format,
      c.log.level, c.log.file, c.shutdown.delay, c.shutdown.drain_timeout, c.streams.retention.max_bytes,
      c.streams.retention.max_records, c.streams.retention.max_age, c.streams.max_streams, c.streams.dir, c.data_dir,
      c.server.http_server_ip, c.server.http_server_port, c.server.public_url, c.server.listen,
      c.server.max_connections, c.secrets.env, c.secrets.dir, c.certificates.dir, c.egress.allow, c.egress.deny,
      c.egress.proxy, c.redact.show_query, c.server.max_pending_handshakes, c.server.max_assembly_bytes,
      c.server.trusted_proxies, c.server.proxy_protocol, c.server.tls.certfile.path, c.server.tls.certfile.place,
      c.server.tls.keyfile.path, c.server.tls.client_ca_file.path, c.server.tls.client_auth, c.server.tls.min_version);
}

class LoadFiles : public ::testing::Test {
 protected:
  LoadFiles() { std::filesystem::create_directory(folder_ / "sources"); }
  std::string Write(const std::string& name, const std::string& text) const { return folder_.Write(name, text); }

  TemporaryFolder folder_;
};

TEST(Load, TheShippedFilesEqualTheBuiltInValues) {
  const auto built_in = Load(std::nullopt, {});
  const auto shipped = Load(INLET_ETC_DIR "/inlet.yaml", {});
  ASSERT_TRUE(built_in.ok()) << built_in.status();
  ASSERT_TRUE(shipped.ok()) << shipped.status();
  EXPECT_EQ(Tie(built_in->app), Tie(shipped->app));
  EXPECT_EQ(built_in->conf_keys.Names(), shipped->conf_keys.Names());
  EXPECT_TRUE(MessageDifferencer::Equals(*built_in->conf_keys.Effective("", {}, "s"),
                                         *shipped->conf_keys.Effective("", {}, "s")));
}

TEST(Load, TheShippedFilesShowEveryKey) {
  const auto text_of = [](const std::string& name) {
    std::ifstream file(INLET_ETC_DIR + name);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const auto expect_shown = [](std::span<const AppSetting> table, const std::string& text) {
    for (const AppSetting& setting : table) {
      const std::string key = std::string(setting.path.substr(setting.path.rfind('.') + 1)) + ": ";
      EXPECT_TRUE(text.find(key) != std::string::npos) << key;
    }
  };
  expect_shown(ServiceSettings(), text_of("/inlet.yaml"));
  expect_shown(ServerSettings(), text_of("/sources/websocket.yaml"));
}

TEST(Load, EveryKeyIsRead) {
  const auto loaded =
      LoadText({"i",
                "dataDir: /d\n"
                "grpc: {address: '[::1]:1', insecure: true, maxSubscribers: 2}\n"
                "metrics: {address: 'localhost:0', maxStreams: 9}\n"
                "log: {level: error, format: json, file: /tmp/x}\n"
                "shutdown: {delay: 1s, drainTimeout: 2m}\n"
                "streams: {retention: {maxBytes: 64KiB, maxRecords: 3, maxAge: 1h}, maxStreams: 4, dir: /s, "
                "definitions: [{name: a}]}\n"},
               {"w",
                "source: {httpServerIp: '::1', httpServerPort: 0, listen: always, publicUrl: 'wss://a.example/x', "
                "maxConnections: 5, maxPendingHandshakes: 8, maxAssemblyBytes: 2MiB, "
                "trustedProxies: [10.0.0.0/8, '::1'], proxyProtocol: on, "
                "httpServerTls: {certfile: /a.crt, keyfile: /a.key, clientCaFile: /ca.crt, clientAuth: optional, "
                "minVersion: tls1.3}}\n"
                "default: {maxMessageBytes: 6}\n"
                "other: {maxMessageBytes: 7}\n"},
               {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  AppConfig expected;
  expected.grpc = {"[::1]:1", true, 2};
  expected.metrics = {"localhost:0", 9};
  expected.log = {LogConfig::Format::kJson, LogConfig::Level::kError, "/tmp/x"};
  expected.shutdown = {1s, 2min};
  expected.data_dir = "/d";
  expected.streams = {{65536, 3, 1h}, 4, "/s"};
  expected.server = {.http_server_ip = "::1",
                     .http_server_port = 0,
                     .public_url = "wss://a.example/x",
                     .listen = WebSocketServerConfig::Listen::kAlways,
                     .trusted_proxies = {"10.0.0.0/8", "::1"},
                     .proxy_protocol = true,
                     .max_connections = 5,
                     .max_pending_handshakes = 8,
                     .max_assembly_bytes = 2U << 20,
                     .tls = {{"/a.crt", "w:1"},
                             {"/a.key", "w:1"},
                             {"/ca.crt", "w:1"},
                             ServerTlsConfig::ClientAuth::kOptional,
                             ingest::TlsVersion::kTls13}};
  EXPECT_EQ(Tie(loaded->app), Tie(expected));
  EXPECT_EQ(loaded->conf_keys.Section("default").max_message_bytes(), 6U);
  EXPECT_EQ(loaded->conf_keys.Effective("other", {}, "s")->max_message_bytes(), 7U);
}

TEST(Load, WordsMeanWhatTheySay) {
  using Level = LogConfig::Level;
  const std::pair<std::string, Level> levels[] = {
      {"debug", Level::kDebug}, {"info", Level::kInfo}, {"warn", Level::kWarn}, {"error", Level::kError}};
  for (const auto& [word, level] : levels)
    EXPECT_EQ(FromEnvironment({{"INLET__LOG__LEVEL", word}})->app.log.level, level);
  EXPECT_EQ(FromEnvironment({{"INLET__LOG__FORMAT", "text"}})->app.log.format, LogConfig::Format::kText);
  EXPECT_EQ(FromEnvironment({{"WEBSOCKET__SOURCE__LISTEN", "on_demand"}})->app.server.listen,
            WebSocketServerConfig::Listen::kOnDemand);
}

TEST(Load, SnakeCaseIsAsGood) {
  const auto loaded = LoadText({"i", "grpc: {max_subscribers: 9}"}, {"w", "source: {http_server_port: 8}"}, {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->app.grpc.max_subscribers, 9U);
  EXPECT_EQ(loaded->app.server.http_server_port, 8);
}

TEST(Load, SectionsWhoseKeysAreCommentedOutAreFine) {
  EXPECT_TRUE(
      LoadText({"i", "grpc:\n# address: x\nstreams:\n  retention:\n"}, {"w", "source:\ndefault:\nmine:\n"}, {}).ok());
}

TEST(Load, TheSourcesOfTheConnectorsDocumentationAreRead) {
  const auto loaded = LoadText({"i", ""},
                               {"w",
                                "source:\n"
                                "  ## Configurations for the global websocket server for websocket source\n"
                                "  # HTTP data service ip\n"
                                "  httpServerIp: 0.0.0.0\n"
                                "  # HTTP data service port\n"
                                "  httpServerPort: 10081\n"
                                "  # httpServerTls:\n"
                                "  #    certfile: /var/https-server.crt\n"
                                "  #    keyfile: /var/https-server.key\n"
                                "default:\n"
                                "  addr: 127.0.0.1:8080\n"
                                "  scheme: ws\n"},
                               {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->conf_keys.Effective("default", {}, "s")->addr(), "127.0.0.1:8080");
}

TEST_F(LoadFiles, ReadsTheSourcesBesideTheFileThatWasNamed) {
  Write("sources/websocket.yaml", "source:\n  httpServerPort: 7\n");
  const auto loaded = Load(Write("any_name.yaml", "grpc:\n  maxSubscribers: 6\n"), {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->app.server.http_server_port, 7);
  EXPECT_EQ(loaded->app.grpc.max_subscribers, 6U);
}

TEST_F(LoadFiles, AMissingSourcesFileIsFine) {
  std::filesystem::remove_all(folder_ / "sources");
  const auto loaded = Load(Write("inlet.yaml", ""), {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->app.server.http_server_port, 10081);
}

TEST_F(LoadFiles, AMissingNamedFileIsNot) {
  const std::string path = (folder_ / "none.yaml").string();
  EXPECT_THAT(Text(Load(path, {}).status()), HasSubstr("cannot read " + path + ": No such file"));
}

TEST_F(LoadFiles, AFolderIsNoFile) {
  EXPECT_THAT(Text(Load(folder_.string(), {}).status()), HasSubstr("Is a directory"));
  std::filesystem::create_directories(folder_ / "sources" / "websocket.yaml");
  EXPECT_THAT(Text(Load(Write("inlet.yaml", ""), {}).status()), HasSubstr("websocket.yaml: Is a directory"));
}

TEST_F(LoadFiles, ErrorsNameTheFileAsItWasGiven) {
  const std::string path = Write("inlet.yaml", "\ngrpc:\n  adress: x\n");
  EXPECT_THAT(Text(Load(path, {}).status()),
              HasSubstr(path + ":3: unknown key \"adress\" in grpc; did you mean \"address\"?"));
  Write("inlet.yaml", "");
  const std::string sources = Write("sources/websocket.yaml", "default:\n  adr: x\n");
  EXPECT_THAT(Text(Load(path, {}).status()),
              HasSubstr(sources + ":2: unknown key \"adr\" in default; did you mean \"addr\"?"));
}

TEST_F(LoadFiles, AFileWithoutAnEndIsRefused) {
  EXPECT_THAT(Text(Load("/dev/zero", {}).status()), HasSubstr("/dev/zero: larger than 1048576 bytes"));
}

TEST(LoadEnvironment, OverridesEveryKindOfSection) {
  const auto loaded = FromEnvironment({{"INLET__GRPC__ADDRESS", "127.0.0.1:9"},
                                       {"inlet__streams__retention__maxbytes", "1MiB"},
                                       {"Inlet__Streams__MAX_STREAMS", "3"},
                                       {"WEBSOCKET__SOURCE__HTTPSERVERPORT", "99"},
                                       {"WEBSOCKET__DEFAULT__MAXMESSAGEBYTES", "77"}});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->app.grpc.address, "127.0.0.1:9");
  EXPECT_EQ(loaded->app.streams.retention.max_bytes, 1U << 20);
  EXPECT_EQ(loaded->app.streams.max_streams, 3U);
  EXPECT_EQ(loaded->app.server.http_server_port, 99);
  EXPECT_EQ(loaded->conf_keys.Effective("", {}, "s")->max_message_bytes(), 77U);
}

TEST(LoadEnvironment, WinsOverTheFiles) {
  const auto loaded = LoadText({"i", "grpc: {address: '127.0.0.1:1'}"}, {"w", "my_key: {maxMessageBytes: 5, addr: ''}"},
                               {{"INLET__GRPC__ADDRESS", "127.0.0.1:2"}, {"WEBSOCKET__MY_KEY__MAXMESSAGEBYTES", "6"}});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->app.grpc.address, "127.0.0.1:2");
  EXPECT_EQ(loaded->conf_keys.Section("my_key").max_message_bytes(), 6U);
  EXPECT_TRUE(loaded->conf_keys.Section("my_key").has_addr());
}

TEST(LoadEnvironment, OtherVariablesAreNotLookedAt) {
  EXPECT_TRUE(
      FromEnvironment(
          {{"INLET_SERVICE_HOST", "10.0.0.1"}, {"INLET", "x"}, {"INLET_", "x"}, {"WEBSOCKETX__A", ""}, {"", ""}})
          .ok());
}

TEST(LoadEnvironment, TheValueIsAllAfterTheFirstEqualsSign) {
  const char* const entries[] = {"INLET__LOG__FILE=/tmp/a=b=", "EMPTY=", "NONE", nullptr};
  const Environment environment = ReadEnvironment(entries);
  ASSERT_EQ(environment.size(), 2U);
  EXPECT_EQ(environment[1], (std::pair<std::string, std::string>("EMPTY", "")));
  EXPECT_EQ(FromEnvironment(environment)->app.log.file, "/tmp/a=b=");
}

TEST(LoadEnvironment, ConfKeysThatDifferInCaseOnlyAreAnErrorOnlyForTheirVariables) {
  const ConfigText sources{"w", "a: {}\nA: {}\n"};
  EXPECT_TRUE(LoadText({"i", ""}, sources, {}).ok());
  const auto loaded = LoadText({"i", ""}, sources, {{"WEBSOCKET__A__ADDR", ""}});
  EXPECT_THAT(Text(loaded.status()),
              HasSubstr("environment variable WEBSOCKET__A__ADDR: fits both the section A and the section a"));
}

TEST(LoadEnvironment, AConfKeyMayEndWithAnUnderscore) {
  const auto loaded = LoadText({"i", ""}, {"w", "a_: {}\na: {}\n"}, {{"WEBSOCKET__A___MAXMESSAGEBYTES", "5"}});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->conf_keys.Section("a_").max_message_bytes(), 5U);
  EXPECT_FALSE(loaded->conf_keys.Section("a").has_max_message_bytes());
}

TEST(LoadEnvironment, SaysWhichVariableOpensTheAddressToOthers) {
  EXPECT_THAT(
      Text(FromEnvironment({{"INLET__GRPC__ADDRESS", "0.0.0.0:1"}}).status()),
      HasSubstr("environment variable INLET__GRPC__ADDRESS: grpc.address: 0.0.0.0:1 is open to other machines"));
  EXPECT_TRUE(FromEnvironment({{"INLET__GRPC__ADDRESS", "0.0.0.0:1"}, {"INLET__GRPC__INSECURE", "true"}}).ok());
}

TEST(LoadEnvironment, AWrongValueNamesItsVariable) {
  EXPECT_THAT(Text(FromEnvironment({{"WEBSOCKET__DEFAULT__ADDR", "ws://example.com"}}).status()),
              HasSubstr("environment variable WEBSOCKET__DEFAULT__ADDR: addr: is host:port without a scheme"));
}

TEST(LoadEnvironment, ListsAreJsonOrOneText) {
  const auto loaded = FromEnvironment({{"INLET__EGRESS__DENY", R"(["10.0.0.0/8", "*.internal"])"},
                                       {"INLET__SECRETS__ENV", "FEED_*"},
                                       {"INLET__REDACT__SHOW_QUERY", ""}});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(loaded->app.egress.deny, ElementsAre("10.0.0.0/8", "*.internal"));
  EXPECT_THAT(loaded->app.secrets.env, ElementsAre("FEED_*"));
  EXPECT_THAT(loaded->app.redact.show_query, ElementsAre());
}

TEST(Load, TheKeysOfSecretsAndEgressAreRead) {
  const auto loaded = LoadText({"i",
                                "secrets: {env: [A, B_*], dir: /run/secrets}\n"
                                "certificates: {dir: certs}\n"
                                "egress: {allow: ['*'], deny: [192.0.2.1, \"fd00::/8\", a.b], proxy: true}\n"
                                "redact: {showQuery: [s]}\n"},
                               {"w", ""}, {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(loaded->app.secrets.env, ElementsAre("A", "B_*"));
  EXPECT_EQ(loaded->app.secrets.dir, "/run/secrets");
  EXPECT_EQ(loaded->app.certificates.dir, "certs");
  EXPECT_THAT(loaded->app.egress.allow, ElementsAre("*"));
  EXPECT_THAT(loaded->app.egress.deny, ElementsAre("192.0.2.1", "fd00::/8", "a.b"));
  EXPECT_TRUE(loaded->app.egress.proxy);
  EXPECT_THAT(loaded->app.redact.show_query, ElementsAre("s"));
}

TEST(Load, WrongKeysOfSecretsAndEgressAreToldWithTheirLine) {
  const std::pair<std::string, std::string> wrong[] = {
      {"secrets:\n  env: [A-B]\n", "i:2: secrets.env: \"A-B\" is not the name of an environment variable"},
      {"secrets:\n  evn: A\n", "i:2: unknown key \"evn\" in secrets; did you mean \"env\"?"},
      {"egress:\n  deny: [10.0.0.0/33]\n", "i:2: egress.deny: \"10.0.0.0/33\" is not an address"},
      {"egress:\n  allow: ['a b']\n", "i:2: egress.allow: \"a b\" is not"},
      {"egress:\n  allow: [fd00::/129]\n", "i:2: egress.allow: "},
      {"egress:\n  deny:\n    - a.example\n    - '*.fd00::1'\n", "i:4: egress.deny: \"*.fd00::1\" is not"},
      {"egress:\n  deny: '*.10.1.2.3'\n", "i:2: egress.deny: \"*.10.1.2.3\" is not"},
      {"egress:\n  allow: {a: b}\n", "i:2: egress.allow: expected a list of texts, or one text"},
      {"egress:\n  proxy: 1\n", "i:2: egress.proxy: expected true or false"},
      {"redact:\n  showQuery: ['a=b']\n", "i:2: redact.showQuery: \"a=b\" is not the name of a value"},
      {"certificates:\n  dir: [a]\n", "i:2: certificates.dir: expected text"},
  };
  for (const auto& [text, message] : wrong) {
    EXPECT_THAT(Text(LoadText({"i", text}, {"w", ""}, {}).status()), HasSubstr(message)) << text;
  }
}

TEST(NetworkAddress, KnowsWhatOthersCanReach) {
  for (const std::string_view local : {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "LOCALHOST:1", "[::1]:1"}) {
    EXPECT_TRUE(IsHostAndPort(local) && IsLoopback(local)) << local;
  }
  for (const std::string_view open :
       {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.com:1", "127.example.com:1", "[::ffff:127.0.0.1]:1"}) {
    EXPECT_TRUE(IsHostAndPort(open)) << open;
    EXPECT_FALSE(IsLoopback(open)) << open;
  }
}

TEST(NetworkAddress, KnowsPublicUrls) {
  for (const std::string_view right : {"ws://a", "wss://a.example:443", "wss://a/b/c", "ws://[::1]:8", "ws://[::1]"}) {
    EXPECT_TRUE(IsPublicUrl(right)) << right;
  }
  for (const std::string_view wrong : {"", "a", "http://a", "ws://", "ws:///x", "ws://u:p@a", "ws://a?x", "ws://a#x",
                                       "ws://a b", "ws://a:x", "ws:/a"}) {
    EXPECT_FALSE(IsPublicUrl(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace inlet::config
