// A table of mistakes, and what each is answered with: the place, the key, and what to write instead.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "service/config/load.h"
#include "tests/fakes/status_text.h"

namespace inlet::config {
namespace {

using ::testing::HasSubstr;

constexpr char kInlet[] = "etc/inlet.yaml";
constexpr char kWebSocket[] = "etc/sources/websocket.yaml";

struct Mistake {
  std::string text;
  std::string answer;  // the whole message begins with it
};

std::string InletError(const std::string& text) {
  return Text(LoadText({kInlet, text}, {kWebSocket, ""}, {}).status());
}

std::string WebSocketError(const std::string& text) {
  return Text(LoadText({kInlet, ""}, {kWebSocket, text}, {}).status());
}

void ExpectBegins(const std::string& message, const Mistake& mistake) {
  EXPECT_EQ(message.substr(0, mistake.answer.size()), mistake.answer) << mistake.text;
  EXPECT_LT(message.size(), 600U) << "an error must fit into a trailer";
}

TEST(BadInput, OfInletYaml) {
  const std::vector<Mistake> mistakes = {
      {"- a\n", "etc/inlet.yaml:1: expected a map of keys, found a list"},
      {"hello\n", "etc/inlet.yaml:1: expected a map of keys, found \"hello\""},
      {"grcp:\n  address: x\n", "etc/inlet.yaml:1: unknown key \"grcp\"; did you mean \"grpc\"?"},
      {"GRPC: {}\n", "etc/inlet.yaml:1: unknown key \"GRPC\"; did you mean \"grpc\"?"},
      {"zzzzzzzz: 1\n",
       "etc/inlet.yaml:1: unknown key \"zzzzzzzz\"; valid here: dataDir, grpc, metrics, log, shutdown"},
      {"grpc: 5\n", "etc/inlet.yaml:1: grpc: expected a map of keys, found \"5\""},
      {"grpc:\n  adress: a\n", "etc/inlet.yaml:2: unknown key \"adress\" in grpc; did you mean \"address\"?"},
      {"grpc:\n  maxsubscribers: 1\n",
       "etc/inlet.yaml:2: unknown key \"maxsubscribers\" in grpc; did you mean \"maxSubscribers\"?"},
      {"grpc:\n  address:\n", "etc/inlet.yaml:2: grpc.address: expected text, found nothing; leave the key out"},
      {"grpc:\n  address: [a]\n", "etc/inlet.yaml:2: grpc.address: expected text, found a list"},
      {"grpc:\n  address: localhost\n",
       "etc/inlet.yaml:2: grpc.address: expected host:port, such as 127.0.0.1:50051 or [::1]:50051, found "
       "\"localhost\""},
      {"grpc:\n  address: :50051\n", "etc/inlet.yaml:2: grpc.address: expected host:port"},
      {"grpc:\n  address: ::1:50051\n", "etc/inlet.yaml:2: grpc.address: expected host:port"},
      {"grpc:\n  address: unix:/tmp/x\n", "etc/inlet.yaml:2: grpc.address: expected host:port"},
      {"grpc:\n  address: 127.0.0.1:65536\n", "etc/inlet.yaml:2: grpc.address: expected host:port"},
      {"grpc:\n  address: 127.0.0.1:-1\n", "etc/inlet.yaml:2: grpc.address: expected host:port"},
      {"grpc:\n  address: 256.0.0.1:1\n", "etc/inlet.yaml:2: grpc.address: expected host:port"},
      {"grpc:\n  address: http://a:1\n", "etc/inlet.yaml:2: grpc.address: expected host:port"},
      {"grpc:\n\n  address: 0.0.0.0:50051\n",
       "etc/inlet.yaml:3: grpc.address: 0.0.0.0:50051 is open to other machines, and without TLS so is all that is "
       "sent "
       "there: use 127.0.0.1, or set grpc.insecure: true"},
      {"grpc:\n  address: '[::]:1'\n  insecure: false\n", "etc/inlet.yaml:2: grpc.address: [::]:1 is open"},
      {"grpc:\n  insecure: yes\n", "etc/inlet.yaml:2: grpc.insecure: expected true or false, found \"yes\""},
      {"grpc:\n  insecure: \"true\"\n",
       "etc/inlet.yaml:2: grpc.insecure: expected true or false, found the text \"true\" in quotes"},
      {"metrics:\n  address: '[::1]:9464'\n",
       "etc/inlet.yaml:2: metrics.address: expected an IPv4 address and a port, such as 127.0.0.1:9464; or \"\" for "
       "none, found the text \"[::1]:9464\""},
      {"metrics:\n  address: 9464\n", "etc/inlet.yaml:2: metrics.address: expected an IPv4 address and a port"},
      {"metrics:\n  address: web2server:9464\n", "etc/inlet.yaml:2: metrics.address: expected an IPv4 address"},
      {"metrics:\n  maxStreams: -1\n", "etc/inlet.yaml:2: metrics.maxStreams: expected a whole number from 0 to"},
      {"grpc:\n  maxSubscribers: 0\n",
       "etc/inlet.yaml:2: grpc.maxSubscribers: expected a whole number from 1 to 10000000, found \"0\""},
      {"grpc:\n  maxSubscribers: 1.5\n", "etc/inlet.yaml:2: grpc.maxSubscribers: expected a whole number"},
      {"grpc:\n  maxSubscribers: -1\n", "etc/inlet.yaml:2: grpc.maxSubscribers: expected a whole number"},
      {"grpc:\n  maxSubscribers: 1\n  max_subscribers: 1\n",
       "etc/inlet.yaml:3: grpc.maxSubscribers: given twice, first at etc/inlet.yaml:2; keep one of them"},
      {"grpc:\n  insecure: true\n  insecure: true\n",
       "etc/inlet.yaml:3: grpc: duplicate key \"insecure\", first on line 2; keep one of them"},
      {"grpc: {}\nlog: {}\ngrpc: {}\n", "etc/inlet.yaml:3: duplicate key \"grpc\", first on line 1"},
      {"log:\n  level: verbose\n",
       "etc/inlet.yaml:2: log.level: expected debug, info, warn or error, found \"verbose\""},
      {"log:\n  level: INFO\n", "etc/inlet.yaml:2: log.level: expected debug, info, warn or error, found \"INFO\""},
      {"log:\n  format: xml\n", "etc/inlet.yaml:2: log.format: expected text or json, found \"xml\""},
      {"log:\n  file: \"a\\0b\"\n", "etc/inlet.yaml:2: log.file: expected the name of a file"},
      {"log:\n  file: {a: b}\n", "etc/inlet.yaml:2: log.file: expected text, found a map"},
      {"shutdown:\n  delay: 5\n",
       "etc/inlet.yaml:2: shutdown.delay: expected a duration such as 500ms, 20s, 2m, 1h or 0.5s, at most ten years, "
       "found \"5\""},
      {"shutdown:\n  delay: -5s\n", "etc/inlet.yaml:2: shutdown.delay: expected a duration"},
      {"shutdown:\n  drainTimeout: 11m\n",
       "etc/inlet.yaml:2: shutdown.drainTimeout: expected a duration of at most 10m, found \"11m\""},
      {"streams:\n  retention:\n    maxBytes: 0\n",
       "etc/inlet.yaml:3: streams.retention.maxBytes: expected bytes (such as 1048576, 64KiB or 64MiB) from 65536 to "
       "1099511627776, found \"0\""},
      {"streams:\n  retention:\n    maxBytes: 64MB\n", "etc/inlet.yaml:3: streams.retention.maxBytes: expected bytes"},
      {"streams:\n  retention:\n    maxBytes: 2TiB\n", "etc/inlet.yaml:3: streams.retention.maxBytes: expected bytes"},
      {"streams:\n  retention: 64MiB\n",
       "etc/inlet.yaml:2: streams.retention: expected a map of keys, found \"64MiB\""},
      {"streams:\n  retention:\n    maxRecords: many\n",
       "etc/inlet.yaml:3: streams.retention.maxRecords: expected a whole number"},
      {"streams:\n  retention:\n    maxAge: 1d\n", "etc/inlet.yaml:3: streams.retention.maxAge: expected a duration"},
      {"streams:\n  retention:\n    maxByte: 1\n",
       "etc/inlet.yaml:3: unknown key \"maxByte\" in streams.retention; did you mean \"maxBytes\"?"},
      {"streams:\n  maxStreams: 10000001\n", "etc/inlet.yaml:2: streams.maxStreams: expected a whole number"},
      {"streams:\n  maxBytes: 1\n", "etc/inlet.yaml:2: unknown key \"maxBytes\" in streams; "},
      {"grpc:\n  address: a: b\n", "etc/inlet.yaml:2:13: this is not valid YAML: illegal map value"},
      {"grpc: {address: x\n", "etc/inlet.yaml:2:1: this is not valid YAML: "},
      {"grpc:\n\taddress: x\n", "etc/inlet.yaml:2:9: this is not valid YAML: illegal map value; tabs cannot indent"},
      {"grpc: {address: /a?b=c}\n", "etc/inlet.yaml:1:19: this is not valid YAML: unknown token; write the text"},
      {"grpc: &a {}\n", "etc/inlet.yaml:1: anchors and aliases"},
      {"<<: {}\n", "etc/inlet.yaml:1: unknown key \"<<\""},
      {"source:\n  httpServerPort: 1\n", "etc/inlet.yaml:1: unknown key \"source\"; "},
  };
  ASSERT_GE(mistakes.size(), 40U);
  for (const Mistake& mistake : mistakes) ExpectBegins(InletError(mistake.text), mistake);
}

TEST(BadInput, OfWebSocketYaml) {
  const std::vector<Mistake> mistakes = {
      {"[]\n", "etc/sources/websocket.yaml:1: expected a map of sections, found a list"},
      {"default: 5\n", "etc/sources/websocket.yaml:1: default: expected a map of settings, found \"5\""},
      {"source: []\n", "etc/sources/websocket.yaml:1: source: expected a map of keys, found a list"},
      {"my.key: {}\n", "etc/sources/websocket.yaml:1: \"my.key\" cannot be a conf key: a letter, then"},
      {"a: {}\na__b: {}\n", "etc/sources/websocket.yaml:2: \"a__b\" cannot be a conf key"},
      {"Source: {}\n", "etc/sources/websocket.yaml:1: \"Source\" cannot be a conf key"},
      {"1: {}\n", "etc/sources/websocket.yaml:1: \"1\" cannot be a conf key"},
      {"default: {}\ndefault: {}\n", "etc/sources/websocket.yaml:2: duplicate key \"default\", first on line 1"},
      {"default:\n  adr: x\n", "etc/sources/websocket.yaml:2: unknown key \"adr\" in default; did you mean \"addr\"?"},
      {"default:\n  ADDR: x\n",
       "etc/sources/websocket.yaml:2: unknown key \"ADDR\" in default; did you mean \"addr\"?"},
      {"mine:\n  rootCaRaw: x\n",
       "etc/sources/websocket.yaml:2: unknown key \"rootCaRaw\" in mine; did you mean \"rootCARaw\"?"},
      {"mine:\n  addr: h\n  rootCARaw: garbage\n",
       "etc/sources/websocket.yaml:3: mine.rootCARaw: is no PEM (-----BEGIN ...), no base64 of PEM, and no reference"},
      {"mine:\n  proxyUrl: http://p:1\n", "etc/sources/websocket.yaml:1: mine.proxyUrl: a proxy resolves names"},
      {"mine:\n  maxMessageBytes: 0\n",
       "etc/sources/websocket.yaml:2: mine.maxMessageBytes: must be from 1 to 3145728 (3 MiB), found 0"},
      {"mine:\n  maxMessageBytes: 4MiB\n",
       "etc/sources/websocket.yaml:2: mine.maxMessageBytes: must be from 1 to 3145728 (3 MiB), found 4194304"},
      {"mine:\n  maxMessageBytes: big\n",
       "etc/sources/websocket.yaml:2: mine.maxMessageBytes: expected bytes (such as 1048576, 64KiB or 64MiB) from 1 to "
       "3145728, found \"big\""},
      {"mine:\n  max_message_bytes: 1\n  maxMessageBytes: 1\n",
       "etc/sources/websocket.yaml:3: mine.maxMessageBytes: given twice, also spelt max_message_bytes; keep one of "
       "them"},
      {"mine:\n  compression: 1\n",
       "etc/sources/websocket.yaml:2: mine.compression: expected true or false, found \"1\""},
      {"mine:\n  scheme: http\n", "etc/sources/websocket.yaml:2: mine.scheme: must be ws or wss"},
      {"mine:\n  pingInterval: 20\n", "etc/sources/websocket.yaml:2: mine.pingInterval: expected a duration"},
      {"mine:\n  pingInterval: -1s\n", "etc/sources/websocket.yaml:2: mine.pingInterval: expected a duration"},
      {"mine:\n  subprotocols:\n    - a\n    - {b: c}\n",
       "etc/sources/websocket.yaml:4: mine.subprotocols: expected text, found a map"},
      {"mine:\n  requestHeader:\n    A:\n      b: c\n",
       "etc/sources/websocket.yaml:4: mine.requestHeader.A: expected text, found a map"},
      {"mine:\n  requestHeader: a\n",
       "etc/sources/websocket.yaml:2: mine.requestHeader: expected a map of names and texts, found one value"},
      {"mine:\n  privateKeyRaw: <redacted>\n",
       "etc/sources/websocket.yaml:2: mine.privateKeyRaw: <redacted> stands for a secret that was hidden"},
      {"source:\n  httpServerIp: localhost\n",
       "etc/sources/websocket.yaml:2: source.httpServerIp: expected an IP address, such as 0.0.0.0, 127.0.0.1 or ::, "
       "found \"localhost\""},
      {"source:\n  httpServerIp: '[::1]'\n",
       "etc/sources/websocket.yaml:2: source.httpServerIp: expected an IP address"},
      {"source:\n  httpServerPort: 65536\n",
       "etc/sources/websocket.yaml:2: source.httpServerPort: expected a whole number from 0 to 65535, found \"65536\""},
      {"source:\n  httpServerPort: http\n",
       "etc/sources/websocket.yaml:2: source.httpServerPort: expected a whole number"},
      {"source:\n  httpServerTls:\n    certfile: /a.crt\n",
       "etc/sources/websocket.yaml:3: source.httpServerTls.certfile: needs keyfile beside it"},
      {"source:\n  httpServerTls:\n    keyfile: /a.key\n",
       "etc/sources/websocket.yaml:3: source.httpServerTls.keyfile: has no meaning without certfile"},
      {"source:\n  httpServerTls:\n    clientAuth: none\n",
       "etc/sources/websocket.yaml:3: source.httpServerTls.clientAuth: has no meaning without certfile"},
      {"source:\n  httpServerTls:\n    keyfile: ''\n",
       "etc/sources/websocket.yaml:3: source.httpServerTls.keyfile: expected the path of a file in PEM form"},
      {"source:\n  httpServerTls: {certfile: a, keyfile: b, clientAuth: optional}\n",
       "etc/sources/websocket.yaml:2: source.httpServerTls.clientAuth: needs clientCaFile"},
      {"source:\n  httpServerTls: {certfile: a, keyfile: b, clientAuth: always}\n",
       "etc/sources/websocket.yaml:2: source.httpServerTls.clientAuth: expected none, optional or required, found"},
      {"source:\n  httpServerTls: {certfile: a, keyfile: b, minVersion: tls1.1}\n",
       "etc/sources/websocket.yaml:2: source.httpServerTls.minVersion: expected tls1.2 or tls1.3, found \"tls1.1\""},
      {"source:\n  httpServerTls:\n    certFile: a\n",
       "etc/sources/websocket.yaml:3: unknown key \"certFile\" in source.httpServerTls; did you mean \"certfile\"?"},
      {"source:\n  httpServerTls: true\n",
       "etc/sources/websocket.yaml:2: source.httpServerTls: expected a map of keys, found \"true\""},
      {"source:\n  listen: never\n",
       "etc/sources/websocket.yaml:2: source.listen: expected on_demand or always, found \"never\""},
      {"source:\n  publicUrl: https://a\n",
       "etc/sources/websocket.yaml:2: source.publicUrl: expected a URL such as wss://inlet.example.com, found"},
      {"source:\n  maxConnections: 0\n",
       "etc/sources/websocket.yaml:2: source.maxConnections: expected a whole number"},
      {"source:\n  maxPendingHandshakes: 0\n",
       "etc/sources/websocket.yaml:2: source.maxPendingHandshakes: expected a whole number"},
      {"source:\n  trustedProxies: [10.0.0.0/8, proxy.example.com]\n",
       "etc/sources/websocket.yaml:2: source.trustedProxies: "},
      {"source:\n  proxyProtocol: v2\n", "etc/sources/websocket.yaml:2: source.proxyProtocol: expected "},
      {"source:\n  maxAssemblyBytes: 1000\n", "etc/sources/websocket.yaml:2: source.maxAssemblyBytes: expected "},
      {"source:\n  addr: x\n",
       "etc/sources/websocket.yaml:2: unknown key \"addr\" in source; valid here: httpServerIp, httpServerPort, "
       "httpServerTls, listen, publicUrl, trustedProxies, proxyProtocol, maxConnections, maxPendingHandshakes, "
       "maxAssemblyBytes"},
  };
  for (const Mistake& mistake : mistakes) ExpectBegins(WebSocketError(mistake.text), mistake);
}

struct WrongEnvironment {
  Environment environment;
  std::string answer;
};

TEST(BadInput, OfTheEnvironment) {
  const std::vector<WrongEnvironment> mistakes = {
      {{{"INLET__GRPC__ADRESS", "x"}},
       "environment variable: unknown key \"INLET__GRPC__ADRESS\"; did you mean \"INLET__GRPC__ADDRESS\"?"},
      {{{"INLET__GRCP__ADDRESS", "x"}},
       "environment variable: unknown key \"INLET__GRCP__ADDRESS\"; did you mean \"INLET__GRPC__ADDRESS\"?"},
      {{{"INLET__GRPC", "x"}}, "environment variable: unknown key \"INLET__GRPC\"; did you mean \"INLET__GRPC__"},
      {{{"INLET__\xff", "x"}}, "environment variable: unknown key text that is not UTF-8"},
      {{{"INLET__", "x"}}, "environment variable: unknown key \"INLET__\""},
      {{{"inlet__grpc__address__x", "x"}}, "environment variable: unknown key \"inlet__grpc__address__x\""},
      {{{"WEBSOCKET__DEFAULT__ADR", "x"}},
       "environment variable: unknown key \"WEBSOCKET__DEFAULT__ADR\"; did you mean \"WEBSOCKET__DEFAULT__ADDR\"?"},
      {{{"WEBSOCKET__NONE__ADDR", "x"}}, "environment variable: unknown key \"WEBSOCKET__NONE__ADDR\"; did you mean "},
      {{{"WEBSOCKET__SOURCE__HTTPSERVERPORT", ""}},
       "environment variable WEBSOCKET__SOURCE__HTTPSERVERPORT: source.httpServerPort: expected a whole number from 0 "
       "to "
       "65535, found \"\""},
      {{{"WEBSOCKET__SOURCE__HTTPSERVERTLS__CERTFILE", "/a"}},
       "environment variable WEBSOCKET__SOURCE__HTTPSERVERTLS__CERTFILE: source.httpServerTls.certfile: needs "
       "keyfile"},
      {{{"WEBSOCKET__DEFAULT__MAXMESSAGEBYTES", "0"}},
       "environment variable WEBSOCKET__DEFAULT__MAXMESSAGEBYTES: maxMessageBytes: must be from 1 to 3145728"},
      {{{"WEBSOCKET__DEFAULT__REQUESTHEADER", "a"}},
       "environment variable WEBSOCKET__DEFAULT__REQUESTHEADER: not valid JSON at line 1, column 1"},
      {{{"WEBSOCKET__DEFAULT__SUBPROTOCOLS", "[a]"}},
       "environment variable WEBSOCKET__DEFAULT__SUBPROTOCOLS: not valid JSON at line 1, column 2"},
      {{{"WEBSOCKET__DEFAULT__REQUESTHEADER", "[]"}},
       "environment variable WEBSOCKET__DEFAULT__REQUESTHEADER: requestHeader: expected a map of names and texts"},
      {{{"WEBSOCKET__DEFAULT__ADDR", "\xff"}},
       "environment variable WEBSOCKET__DEFAULT__ADDR: addr: the text is not UTF-8"},
      {{{"INLET__LOG__LEVEL", "info"}, {"inlet__log__level", "info"}},
       "environment variables INLET__LOG__LEVEL and inlet__log__level: both name the same setting; keep one of them"},
      {{{"INLET__GRPC__MAXSUBSCRIBERS", "1"}, {"INLET__GRPC__MAX_SUBSCRIBERS", "1"}},
       "environment variables INLET__GRPC__MAXSUBSCRIBERS and INLET__GRPC__MAX_SUBSCRIBERS: both name the same"},
      {{{"INLET__GRPC__ADDRESS", "0.0.0.0:1"}, {"INLET__GRPC__INSECURE", "1"}},
       "environment variable INLET__GRPC__INSECURE: grpc.insecure: expected true or false, found \"1\""},
  };
  for (const WrongEnvironment& mistake : mistakes) {
    const auto loaded = LoadText({kInlet, ""}, {kWebSocket, ""}, mistake.environment);
    ExpectBegins(Text(loaded.status()), {mistake.environment.front().first, mistake.answer});
  }
}

TEST(BadInput, UnknownKeysNameTheNearestForPrograms) {
  const auto loaded = LoadText({kInlet, "grpc: {adress: x}"}, {kWebSocket, ""}, {});
  EXPECT_EQ(Reason(loaded.status()), "OPTION_UNKNOWN");
  EXPECT_EQ(Metadata(loaded.status(), "option"), "adress");
  EXPECT_EQ(Metadata(loaded.status(), "nearest"), "address");
}

}  // namespace
}  // namespace inlet::config
