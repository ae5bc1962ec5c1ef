// Files as eKuiper's users have them load as they are, or the error says what to write instead.
#include "service/config/ekuiper_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "ingest/error.h"
#include "service/config/load.h"
#include "tests/fakes/status_text.h"
#include "tests/fakes/temporary_folder.h"

namespace inlet::config {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A kuiper.yaml with the sections and the kinds of values that such a file has.
constexpr std::string_view kKuiperYaml = R"(basic:
  # true|false, with debug level, it prints more debug info
  debug: false
  logLevel: info
  consoleLog: true
  fileLog: false
  rotateTime: 24
  maxAge: 72
  timezone: UTC
  ip: 0.0.0.0
  port: 20498
  restIp: 0.0.0.0
  restPort: 9081
  # restTls:
  #   certfile: /var/https-server.crt
  prometheus: false
  pluginHosts: https://packages.example.com
  authentication: false
  ignoreCase: false
  rulePatrolInterval: 10s

rule:
  qos: 0
  checkpointInterval: 300000
  restartStrategy:
    attempts: 0
    delay: 1000
    multiplier: 2
    jitterFactor: 0.1

sink:
  enableCache: false
  memoryCacheThreshold: 1024
  maxDiskCache: 1024000
  resendInterval: 0

source:
  ## Configurations for the global http data server
  httpServerIp: 127.0.0.2
  httpServerPort: 10082
  httpServerTls:
    certfile: /var/https-server.crt
    keyfile: /var/https-server.key

store:
  type: sqlite
  redis:
    host: localhost
    port: 6379
  sqlite:
    name:

portable:
  pythonBin: python
  initTimeout: 5s
)";

// A sources/websocket.yaml with a section for each way to use one.
constexpr std::string_view kWebSocketYaml = R"(default:
  addr: ""

exchange:
  addr: feed.example.com:443
  scheme: wss
  insecureSkipVerify: false
  tlsMinVersion: tls1.2
  renegotiationSupport: never
  checkConnection: false
  requestHeader:
    Authorization:
      - Bearer ${env:INLET_SECRET_TOKEN}
    X-Trace: [a, b]

office:
  addr: 10.0.0.5:8080
  scheme: ws
  format: json
  interval: 1000
  useInt64ForWholeNumber: true
)";

absl::StatusOr<Loaded> LoadBoth(std::string_view inlet, std::string_view websocket, std::string_view kuiper = {}) {
  return LoadText({"etc/inlet.yaml", std::string(inlet)}, {"etc/sources/websocket.yaml", std::string(websocket)}, {},
                  {"etc/kuiper.yaml", std::string(kuiper)});
}

absl::StatusOr<Loaded> LoadSection(const std::string& lines) { return LoadBoth("", "feed:\n" + lines); }

TEST(EkuiperKeys, AKuiperYamlIsTheConfigurationByItsSourceSection) {
  const auto loaded = LoadText({"etc/kuiper.yaml", std::string(kKuiperYaml)}, {"etc/sources/websocket.yaml", ""}, {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->app.server.http_server_ip, "127.0.0.2");
  EXPECT_EQ(loaded->app.server.http_server_port, 10082);
  EXPECT_EQ(loaded->app.server.tls.certfile.path, "/var/https-server.crt");
  EXPECT_EQ(loaded->app.server.tls.keyfile.path, "/var/https-server.key");
  EXPECT_THAT(loaded->warnings, ElementsAre(AllOf(HasSubstr("etc/kuiper.yaml"), HasSubstr("\"basic\""),
                                                  HasSubstr("\"rule\""), HasSubstr("\"portable\""))));
}

TEST(EkuiperKeys, AKuiperYamlBesideOurFileLiesBelowIt) {
  const auto loaded = LoadBoth("log:\n  level: debug\n", "source:\n  httpServerPort: 7000\n", kKuiperYaml);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->app.server.http_server_ip, "127.0.0.2");
  EXPECT_EQ(loaded->app.server.http_server_port, 7000);
  ASSERT_EQ(loaded->warnings.size(), 2U);
  EXPECT_THAT(loaded->warnings[1], AllOf(HasSubstr("etc/kuiper.yaml:40: source.httpServerPort has no effect"),
                                         HasSubstr("etc/sources/websocket.yaml:2")));
}

TEST(EkuiperKeys, AFileWithoutSectionsOfEitherIsNoKuiperYaml) {
  EXPECT_TRUE(LoadBoth("", "", "").ok());
  EXPECT_TRUE(LoadBoth("", "", "mine: 1\n").ok()) << "a stranger's file of that name";
  EXPECT_FALSE(LoadBoth("source:\n  httpServerPort: 1\n", "").ok()) << "that section belongs to another file of ours";
  const auto loaded = LoadBoth("grpc:\n  insecure: true\nbasic:\n  port: 1\n", "");
  ASSERT_FALSE(loaded.ok());
  EXPECT_THAT(Text(loaded.status()), AllOf(HasSubstr("etc/inlet.yaml:3"), HasSubstr("basic")));
}

TEST(EkuiperKeys, AMistakeInAKuiperYamlNamesFileLineAndKey) {
  const auto loaded = LoadBoth("", "", "source:\n  httpServerIp: 0.0.0.0\n  httpServerPort: 70000\n");
  ASSERT_FALSE(loaded.ok());
  EXPECT_THAT(Text(loaded.status()), AllOf(HasSubstr("etc/kuiper.yaml:3"), HasSubstr("source.httpServerPort")));
}

TEST(EkuiperKeys, AWebSocketYamlWorksUnchanged) {
  const auto loaded = LoadBoth("", kWebSocketYaml);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  const v1::SourceSettings& exchange = loaded->conf_keys.Section("exchange");
  EXPECT_EQ(exchange.addr(), "feed.example.com:443");
  EXPECT_EQ(exchange.scheme(), "wss");
  EXPECT_EQ(exchange.request_header().at("Authorization"), "Bearer ${env:INLET_SECRET_TOKEN}");
  EXPECT_EQ(exchange.request_header().at("X-Trace"), "a, b");
  EXPECT_EQ(loaded->conf_keys.Section("office").addr(), "10.0.0.5:8080");
  EXPECT_THAT(loaded->warnings, ElementsAre(HasSubstr("etc/sources/websocket.yaml:20: office.interval"),
                                            HasSubstr("etc/sources/websocket.yaml:21: office.useInt64ForWholeNumber")));
}

TEST(EkuiperKeys, WhatWouldMakeAnotherStreamIsRefusedWithTheWayToSayIt) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"path: /ws", "write it as DATASOURCE"},
      {"datasource: /ws", "write it as DATASOURCE"},
      {"server: wss://feed.example.com", "write host:port as addr"},
      {"connectionSelector: websocket.conn1", "addr, scheme, requestHeader"},
      {"tls: default", "rootCaPath, certificationPath and privateKeyPath"},
      {"decompression: gzip", "not decompressed"},
      {"format: protobuf", "JSON"},
      {"payloadField: data", "JSON"},
  };
  for (const auto& [line, advice] : cases) {
    const auto loaded = LoadSection("  addr: h:1\n  " + line + "\n");
    ASSERT_FALSE(loaded.ok()) << line;
    EXPECT_EQ(GetErrorDetail(loaded.status()).reason, "FIELD_INVALID");
    EXPECT_THAT(
        Text(loaded.status()),
        AllOf(HasSubstr("etc/sources/websocket.yaml:3: feed." + line.substr(0, line.find(':'))), HasSubstr(advice)));
  }
  const auto decrypt = LoadSection("  decrypt:\n    algorithm: aes\n    key: k\n");
  ASSERT_FALSE(decrypt.ok());
  EXPECT_THAT(Text(decrypt.status()), HasSubstr("feed.decrypt"));
}

TEST(EkuiperKeys, AKeyThatSaysNothingIsTakenInSilence) {
  const auto loaded = LoadSection("  connectionSelector:\n  path: \"\"\n  tls: \"\"\n  format: JSON\n");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_THAT(loaded->warnings, IsEmpty());
}

TEST(EkuiperKeys, ATypingErrorIsStillOne) {
  const auto loaded = LoadSection("  adr: h:1\n");
  ASSERT_FALSE(loaded.ok());
  EXPECT_THAT(Text(loaded.status()), HasSubstr("did you mean \"addr\"?"));
}

TEST(EkuiperKeys, AFolderOfEkuiperIsReadAsItIs) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "sources");
  folder.Write("sources/websocket.yaml", kWebSocketYaml);
  const auto loaded = Load(folder.Write("kuiper.yaml", kKuiperYaml), {});
  const auto beside = Load(folder.Write("inlet.yaml", "log:\n  level: warn\n"), {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->app.server.http_server_port, 10082);
  EXPECT_TRUE(loaded->conf_keys.Contains("exchange"));
  ASSERT_TRUE(beside.ok()) << beside.status();
  EXPECT_EQ(beside->app.server.http_server_port, 10082);
}

}  // namespace
}  // namespace inlet::config
