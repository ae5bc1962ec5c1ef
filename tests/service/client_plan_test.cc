// The client role: what a definition and its settings become together, and what contradicts itself.
#include <algorithm>
#include <chrono>
#include <string>
#include <variant>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "ingest/spec_change.h"
#include "ingest/text.h"
#include "service/config/settings_reader.h"
#include "service/stream_plan.h"

namespace inlet::service {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

// A stream of the datasource, with `settings` as JSON, above `conf_key` as JSON.
absl::StatusOr<StreamPlan> Plan(const std::string& datasource, const std::string& settings = "{}",
                                const std::string& conf_key = "{}", const PlanRules& rules = {}) {
  const auto own = config::SettingsFromJson(settings);
  const auto below = config::SettingsFromJson(conf_key);
  if (!own.ok()) return own.status();
  if (!below.ok()) return below.status();
  config::ConfKeys keys;
  EXPECT_TRUE(keys.Set("default", *below, "websocket.yaml:1").ok());
  v1::CreateStreamRequest request;
  request.mutable_stream()->set_name("demo");
  request.mutable_stream()->set_datasource(datasource);
  *request.mutable_stream()->mutable_settings() = *own;
  return PlanStream(request, keys, rules);
}

ingest::ClientRole Role(const absl::StatusOr<StreamPlan>& plan) {
  ingest::ClientRole none;
  none.url = plan.status().ToString();
  return plan.ok() ? std::get<ingest::ClientRole>(plan->spec.role) : none;
}

std::string Message(const absl::StatusOr<StreamPlan>& plan) { return std::string(plan.status().message()); }
std::string Field(const absl::StatusOr<StreamPlan>& plan) { return GetErrorDetail(plan.status()).field; }

TEST(ClientPlan, EveryFormOfAnAddressIsDialled) {
  struct Form {
    std::string datasource, settings, url, host;
    uint16_t port;
    std::string target;
  };
  const Form forms[] = {
      {"ws://h", "{}", "ws://h/", "h", 80, "/"},
      {"wss://h", "{}", "wss://h/", "h", 443, "/"},
      {"WSS://Feed.Example.com:8443/ws?x=1", "{}", "wss://feed.example.com:8443/ws?x=<redacted>", "feed.example.com",
       8443, "/ws?x=1"},
      {"ws://h?x=1", "{}", "ws://h/?x=<redacted>", "h", 80, "/?x=1"},
      {"ws://[::1]:9/a/@b", "{}", "ws://[::1]:9/a/@b", "::1", 9, "/a/@b"},
      {"wss://[fd00::1]", "{}", "wss://[fd00::1]/", "fd00::1", 443, "/"},
      {"", R"({"addr": "h:1"})", "ws://h:1/", "h", 1, "/"},
      {"/p?topic=a", R"({"addr": "h", "scheme": "wss"})", "wss://h/p?topic=<redacted>", "h", 443, "/p?topic=a"},
      {"/p//q/", R"({"addr": "[::1]:5"})", "ws://[::1]:5/p//q/", "::1", 5, "/p//q/"},
      {"wss://h/p", R"({"addr": "H:443", "scheme": "wss"})", "wss://h/p", "h", 443, "/p"},
      {"/p?k=${env:INLET_SECRET_K}", R"({"addr": "h"})", "ws://h/p?k=${env:INLET_SECRET_K}", "h", 80,
       "/p?k=${env:INLET_SECRET_K}"},
  };
  for (const Form& form : forms) {
    const ingest::ClientRole role = Role(Plan(form.datasource, form.settings));
    EXPECT_EQ(role.url, form.url);
    EXPECT_EQ(role.host, form.host);
    EXPECT_EQ(role.port, form.port);
    EXPECT_EQ(role.target, form.target);
    EXPECT_EQ(role.tls, form.url.starts_with("wss"));
  }
}

TEST(ClientPlan, WrongUrlsAreRefusedWithoutTheirSecrets) {
  const std::pair<std::string, std::string> wrong[] = {
      {"wss://", "has a host that must be host:port"},
      {"wss:///p", "has a host that must be host:port"},
      {"wss://h:0", "from 1 to 65535"},
      {"wss://u:S3cr3t@h/p", "must not hold a user: set requestHeader.Authorization"},
      {"wss://h/p#S3cr3t", "has a fragment"},
      {"wss://h/a b", "visible ASCII"},
      {"wss://h/\xc3\xa4", "visible ASCII"},
      {"wss://h/?k=${S3cr3t}", "begins no reference"},
      {"wss://h/?k=<redacted>", "there is none to keep"},
      {"wss://::1/p", "without brackets"},
  };
  for (const auto& [datasource, message] : wrong) {
    const auto plan = Plan(datasource);
    EXPECT_EQ(Field(plan), "stream.datasource") << datasource;
    EXPECT_THAT(Message(plan), HasSubstr(message)) << datasource;
    EXPECT_THAT(Message(plan), Not(HasSubstr("S3cr3t"))) << datasource;
  }
  EXPECT_THAT(Message(Plan("p", R"({"addr": "h"})")), HasSubstr(R"(must begin with "/")"));
  EXPECT_THAT(Message(Plan("http://h/p", R"({"addr": "h"})")), HasSubstr("or be a ws:// or wss:// URL"));
}

TEST(ClientPlan, AUrlAndSettingsThatContradictItAreAnError) {
  EXPECT_THAT(Message(Plan("wss://h/p", R"({"addr": "other:443"})")), HasSubstr("addr of the settings"));
  EXPECT_THAT(Message(Plan("wss://h/p", R"({"addr": "h:444"})")), HasSubstr("addr of the settings"));
  EXPECT_THAT(Message(Plan("wss://h/p", R"({"scheme": "ws"})")), HasSubstr("scheme of the settings"));
  EXPECT_THAT(Message(Plan("wss://h/p", "{}", R"({"addr": "other"})")), HasSubstr("(or of the conf key)"));
}

TEST(ClientPlan, TheUrlIsAdoptedInWhatIsInEffect) {
  const auto plan = Plan("wss://h/p?token=S3cr3t&channel=a", "{}", "{}", {.shown_query = {"channel"}});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->shown.role(), v1::Stream::CLIENT);
  EXPECT_EQ(plan->shown.effective_settings().addr(), "h:443");
  EXPECT_EQ(plan->shown.effective_settings().scheme(), "wss");
  EXPECT_EQ(plan->shown.datasource(), "wss://h/p?token=<redacted>&channel=a");
  EXPECT_EQ(plan->definition.datasource(), "wss://h/p?token=S3cr3t&channel=a");
  EXPECT_EQ(Role(plan).url, "wss://h/p?token=<redacted>&channel=a");
}

TEST(ClientPlan, EverySettingReachesTheDataPlane) {
  const auto plan = Plan("/p", R"({"addr": "h", "scheme": "wss", "requestHeader": {"Authorization": "Bearer x"},
      "handshakeTimeout": "3s", "backoffInitial": "2s", "backoffMax": "4s", "openMessages": ["a", "b"],
      "heartbeatMessage": "hb", "heartbeatInterval": "5s", "proxyUrl": "http://p:1", "insecureSkipVerify": true,
      "serverName": "Other.Example", "tlsMinVersion": "tls1.3", "rootCaPath": "ca.pem", "certificationPath": "c.pem",
      "privateKeyRaw": "${file:key}", "subprotocols": ["s"], "pingInterval": "1s", "idleTimeout": "0s",
      "maxMessageBytes": 9})",
                         "{}", {.allow_proxy = true});
  ASSERT_TRUE(plan.ok()) << plan.status();
  const ingest::ClientRole role = Role(plan);
  ASSERT_EQ(role.headers.size(), 1U);
  EXPECT_EQ(role.headers[0].value, "Bearer x");
  EXPECT_EQ(role.handshake_timeout, 3s);
  EXPECT_EQ(role.backoff.initial, 2s);
  EXPECT_EQ(role.backoff.max, 4s);
  EXPECT_THAT(role.open_messages, ElementsAre("a", "b"));
  EXPECT_EQ(role.heartbeat_message, "hb");
  EXPECT_EQ(role.heartbeat_interval, 5s);
  EXPECT_EQ(role.proxy_url, "http://p:1");
  EXPECT_TRUE(role.tls_settings.insecure_skip_verify);
  EXPECT_EQ(role.tls_settings.server_name, "other.example");
  EXPECT_EQ(role.tls_settings.min_version, ingest::TlsVersion::kTls13);
  EXPECT_EQ(role.tls_settings.root_ca.path, "ca.pem");
  EXPECT_EQ(role.tls_settings.certificate.path, "c.pem");
  EXPECT_EQ(role.tls_settings.private_key.text, "${file:key}");
  EXPECT_EQ(plan->spec.connection, (ingest::ConnectionSettings{1s, 0s, {"s"}}));
  EXPECT_EQ(plan->spec.max_message_bytes, 9U);
  EXPECT_THAT(plan->shown.warnings(), ElementsAre(StartsWith("insecureSkipVerify: ")));
}

TEST(ClientPlan, TheHeaderOfSubprotocolsIsAListOfThem) {
  const auto plan = Plan("ws://h", R"({"requestHeader": {"sec-websocket-protocol": "a, b", "X-A": "1"}})");
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(plan->spec.connection.subprotocols, ElementsAre("a", "b"));
  EXPECT_EQ(Role(plan).headers.size(), 1U);
  const auto secret = Plan("ws://h", R"({"requestHeader": {"Sec-WebSocket-Protocol": "a, t.${env:INLET_SECRET_T}"}})");
  ASSERT_TRUE(secret.ok()) << secret.status();
  EXPECT_EQ(Role(secret).headers.size(), 1U);
  EXPECT_THAT(Message(Plan("ws://h", R"({"subprotocols": ["a"], "requestHeader": {"Sec-WebSocket-Protocol": "a"}})")),
              HasSubstr("give one of them"));
}

TEST(ClientPlan, WhatDoesNotFitTogetherIsRefusedByName) {
  struct Bad {
    std::string settings, field, message;
  };
  const Bad bad[] = {
      {R"({"heartbeatMessage": "x"})", "heartbeatInterval", "not how often"},
      {R"({"heartbeatInterval": "5s"})", "heartbeatMessage", "not what is sent"},
      {R"({"heartbeatInterval": "0s", "heartbeatMessage": "x"})", "heartbeatInterval", "not how often"},
      {R"({"backoffInitial": "60s"})", "backoffInitial", "must not be longer than backoffMax, which is 30000ms"},
      {R"({"backoffMax": "100ms"})", "backoffInitial", "which is 100ms"},
      {R"({"scheme": "wss", "rootCaPath": "a", "rootCARaw": "${file:a}"})", "rootCARaw", "the same thing twice"},
      {R"({"scheme": "wss", "certificationPath": "a"})", "certificationPath", "has no key"},
      {R"({"scheme": "wss", "privateKeyPath": "a"})", "privateKeyPath", "has no certificate"},
      {R"({"rootCaPath": "a"})", "rootCaPath", "set scheme to wss"},
      {R"({"insecureSkipVerify": true})", "insecureSkipVerify", "set scheme to wss"},
      {R"({"serverName": "a"})", "serverName", "set scheme to wss"},
      {R"({"tlsMinVersion": "tls1.3"})", "tlsMinVersion", "set scheme to wss"},
      {R"({"privateKeyRaw": "S3cr3t"})", "privateKeyRaw", "set scheme to wss"},
      {R"({"scheme": "wss", "rootCARaw": "S3cr3t"})", "rootCARaw", "is no PEM"},
      {R"({"proxyUrl": "http://u:S3cr3t@p:1"})", "proxyUrl", "egress.proxy: true"},
  };
  for (const Bad& one : bad) {
    std::string settings = one.settings;
    settings.insert(1, R"("addr": "h", )");
    const auto plan = Plan("/p", settings);
    EXPECT_EQ(Field(plan), "stream.settings." + one.field) << settings;
    EXPECT_THAT(Message(plan), HasSubstr(one.message)) << settings;
    EXPECT_THAT(Message(plan), Not(HasSubstr("S3cr3t"))) << settings;
  }
}

TEST(ClientPlan, EachKindOfRefusalHasItsReason) {
  EXPECT_EQ(GetErrorDetail(Plan("wss://h", R"({"rootCARaw": "x"})").status()).reason, "TLS_MATERIAL_INVALID");
  const absl::Status proxy = Plan("wss://h", R"({"proxyUrl": "http://p:1"})").status();
  EXPECT_EQ(proxy.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(GetErrorDetail(proxy).reason, "TARGET_FORBIDDEN");
}

TEST(ClientPlan, PemMayBeBase64) {
  // "-----BEGIN X-----"
  const auto plan = Plan("wss://h", R"({"rootCARaw": "LS0tLS1CRUdJ\nTiBYLS0tLS0="})");
  EXPECT_EQ(Role(plan).tls_settings.root_ca.text, "-----BEGIN X-----");
}

TEST(ClientPlan, SettingsOfAConfKeyServeBothRoles) {
  const std::string conf_key = R"({"backoffMax": "5s", "insecureSkipVerify": true, "bearerTokens": ["t"],
                                   "heartbeatMessage": "x"})";
  const auto server = Plan("/p", "{}", conf_key);
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_THAT(server->shown.warnings(), IsEmpty());
  const auto client = Plan("ws://h", R"({"heartbeatMessage": ""})", conf_key);
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_THAT(client->shown.warnings(), IsEmpty());
}

TEST(ClientPlan, OwnSettingsOfTheOtherRoleAreWarnedOf) {
  EXPECT_THAT(Plan("/p", R"({"backoffMax": "50s"})")->shown.warnings(), ElementsAre(StartsWith("backoffMax has no")));
  EXPECT_THAT(Plan("ws://h", R"({"maxConnections": 5})")->shown.warnings(),
              ElementsAre(StartsWith("maxConnections has no effect")));
}

TEST(ClientPlan, AnIdleTimeoutThatPongsCannotMeetIsWarnedOf) {
  for (const std::string datasource : {"/p", "ws://h"}) {
    for (const std::string close : {R"({"idleTimeout": "20s"})", R"({"pingInterval": "2s", "idleTimeout": "1.5s"})",
                                    R"({"pingInterval": "60s"})"}) {
      EXPECT_THAT(Plan(datasource, close)->shown.warnings(), ElementsAre(StartsWith("idleTimeout is "))) << close;
    }
    for (const std::string fine : {"{}", R"({"idleTimeout": "20.001s"})", R"({"idleTimeout": "0s"})",
                                   R"({"pingInterval": "0s", "idleTimeout": "1s"})"}) {
      EXPECT_THAT(Plan(datasource, fine)->shown.warnings(), IsEmpty()) << fine;
    }
  }
  EXPECT_THAT(Plan("/p", "{}", R"({"pingInterval": "1s", "idleTimeout": "0.5s"})")->shown.warnings(),
              ElementsAre(StartsWith("idleTimeout is 500ms and pingInterval 1s: ")));
}

TEST(ClientPlan, ErrorsOfAStatementNameExtra) {
  v1::CreateStreamRequest request;
  request.set_sql(R"(CREATE STREAM demo () WITH (DATASOURCE="ws://h", EXTRA='{"heartbeatMessage": "x"}'))");
  const auto plan = PlanStream(request, config::ConfKeys(), {});
  EXPECT_THAT(Message(plan), StartsWith("line 1, column 56: EXTRA.heartbeatInterval: is missing"));
}

// What a statement without EXTRA is refused for, where the key says this.
std::string ProblemOfKey(const std::string& settings) {
  config::ConfKeys keys;
  EXPECT_TRUE(keys.Set("t", *config::SettingsFromJson(settings), "w.yaml:1").ok());
  v1::CreateStreamRequest request;
  request.set_sql(R"(CREATE STREAM demo () WITH (EXTRA='{"addr": "h"}', CONF_KEY="t"))");
  const auto plan = PlanStream(request, keys, {});
  EXPECT_EQ(Field(plan), "sql");
  return Message(plan);
}

TEST(ClientPlan, ErrorsAboutASettingOfAConfKeyNameTheKeyAndNoPlaceOfTheStatement) {
  EXPECT_THAT(ProblemOfKey(R"({"scheme": "wss", "rootCARaw": "garbage"})"),
              StartsWith("conf key \"t\": rootCARaw: is no PEM"));
  EXPECT_THAT(ProblemOfKey(R"({"heartbeatMessage": "x"})"),
              StartsWith("conf key \"t\": heartbeatInterval: is missing"));
  EXPECT_THAT(ProblemOfKey(R"({"proxyUrl": "http://p:1"})"), StartsWith("conf key \"t\": proxyUrl: a proxy"));
  EXPECT_THAT(ProblemOfKey(R"({"certificationRaw": "-----BEGIN"})"),
              StartsWith("conf key \"t\": certificationPath: has no key"));
}

TEST(ClientPlan, ErrorsAboutASettingOfTheDefaultKeyNameThatKey) {
  const auto plan = Plan("", "{}", R"({"addr": "h", "heartbeatInterval": "2s"})");
  EXPECT_THAT(Message(plan), StartsWith("conf key \"default\": heartbeatMessage: is missing"));
  EXPECT_EQ(Field(plan), "conf_key.settings.heartbeatMessage");
}

TEST(ClientPlan, ErrorsAboutASettingThatTheStreamHasToDoNotNameAKey) {
  const std::string below = R"({"addr": "h", "rootCARaw": "garbage", "backoffInitial": "20s"})";
  EXPECT_THAT(Message(Plan("", R"({"scheme": "wss", "rootCARaw": "rubbish"})", below)),
              StartsWith("stream.settings.rootCARaw: is no PEM"));
  EXPECT_THAT(Message(Plan("", R"({"heartbeatInterval": "1s"})", below)),
              StartsWith("stream.settings.heartbeatMessage: is missing"));
}

TEST(ClientPlan, TheOrderInWhichHeadersCameMakesNoOtherStream) {
  constexpr int kHeaders = 60;
  v1::CreateStreamRequest one;
  v1::CreateStreamRequest other;
  for (v1::CreateStreamRequest* request : {&one, &other}) {
    request->mutable_stream()->set_name("demo");
    request->mutable_stream()->set_datasource("ws://h");
  }
  for (int i = 0; i < kHeaders; ++i) {
    const auto name = [](int number) { return Concat({"X-", std::to_string(number)}); };
    (*one.mutable_stream()->mutable_settings()->mutable_request_header())[name(i)] = "v";
    (*other.mutable_stream()->mutable_settings()->mutable_request_header())[name(kHeaders - 1 - i)] = "v";
  }
  const auto first = PlanStream(one, config::ConfKeys(), {});
  const auto second = PlanStream(other, config::ConfKeys(), {});
  ASSERT_EQ(Role(first).headers.size(), static_cast<size_t>(kHeaders));
  EXPECT_EQ(Role(first), Role(second));
  EXPECT_EQ(ingest::EffectOf(first->spec, second->spec), ingest::ChangeEffect::kNone);
  EXPECT_TRUE(std::ranges::is_sorted(Role(first).headers, {}, &ingest::HttpHeader::name));
}

TEST(ClientPlan, NoSecretIsLeftInWhatIsShown) {
  v1::CreateStreamRequest request;
  request.set_sql(
      R"(CREATE STREAM demo () WITH (DATASOURCE="wss://h/p?token=S3cr3t&symbol=btc", EXTRA='{"requestHeader": )"
      R"({"Authorization": "Bearer S3cr3t", "X": ["S3cr3t", "S3cr3t"]}, "proxyUrl": "http://u:S3cr3t@p:1", )"
      R"("bearerTokens": ["S3cr3t"], "certificationRaw": "-----BEGIN CERTIFICATE-----", )"
      R"("privateKeyRaw": "-----BEGIN PRIVATE KEY----- S3cr3t"}'))");
  const auto plan = PlanStream(request, config::ConfKeys(), {.shown_query = {"symbol"}, .allow_proxy = true});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(plan->shown.DebugString(), Not(HasSubstr("S3cr3t")));
  EXPECT_THAT(plan->shown.sql(), HasSubstr("wss://h/p?token=<redacted>&symbol=btc"));
  EXPECT_THAT(Role(plan).url, Not(HasSubstr("S3cr3t")));
  EXPECT_THAT(plan->definition.DebugString(), HasSubstr("S3cr3t"));  // what a later request is compared with
}

}  // namespace
}  // namespace inlet::service
