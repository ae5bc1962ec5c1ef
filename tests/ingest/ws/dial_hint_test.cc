// Hints: each cause of failure names the setting that helps.
#include "ingest/ws/dial_hint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace inlet::ws {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Case {
  std::string name;
  DialFailure failure;
  std::vector<std::string> parts;  // of the hint
  void (*change)(ingest::ClientRole& role) = nullptr;
};

DialFailure At(DialStage stage, DialProblem problem, std::string text = "it went wrong") {
  DialFailure failure;
  failure.stage = stage;
  failure.problem = problem;
  failure.text = std::move(text);
  return failure;
}

DialFailure Status(int status, std::vector<ingest::HttpHeader> headers = {}) {
  DialFailure failure =
      At(DialStage::kUpgrade, status >= 300 && status < 400 ? DialProblem::kRedirect : DialProblem::kHttpStatus,
         "the server answered " + std::to_string(status));
  failure.http_status = status;
  failure.headers = std::move(headers);
  return failure;
}

DialFailure Later(DialFailure failure) {
  failure.retry_after = std::chrono::seconds(30);
  return failure;
}

DialFailure Proxy(int status) {
  DialFailure failure = At(DialStage::kConnect, DialProblem::kProxyRefused, "the proxy answered");
  failure.http_status = status;
  return failure;
}

void SetProxy(ingest::ClientRole& role) { role.proxy_url = "http://proxy:3128"; }

const std::vector<Case>& Cases() {
  using P = DialProblem;
  using S = DialStage;
  static const std::vector<Case> cases = {
      {"reference", At(S::kResolve, P::kCredentials, "${env:A} yields nothing"), {"${env:A}", "secrets.env"}},
      {"system's authorities",
       At(S::kResolve, P::kAuthorities),
       {"it went wrong", "SSL_CERT_FILE", "SSL_CERT_DIR", "set rootCaPath"}},
      {"own authorities behind the system's",
       At(S::kResolve, P::kAuthorities),
       {"it went wrong", "rootCaPath or rootCARaw", "SSL_CERT_FILE", "SSL_CERT_DIR"},
       [](ingest::ClientRole& role) { role.tls_settings.root_ca.path = "ca.pem"; }},
      {"egress", At(S::kResolve, P::kForbidden, "it is not in egress.allow"), {"egress.allow"}},
      {"link local", At(S::kResolve, P::kForbidden, "a link-local address is never dialled"), {"addr"}},
      {"name unknown", At(S::kResolve, P::kNameUnknown), {"feed.example.com", "addr"}},
      {"proxy's name unknown", At(S::kResolve, P::kNameUnknown), {"proxyUrl"}, SetProxy},
      {"name servers mute", At(S::kResolve, P::kResolverFailed), {"resolv.conf"}},
      {"refused", At(S::kConnect, P::kRefused), {"feed.example.com:443", "port in addr"}},
      {"proxy refuses the connection", At(S::kConnect, P::kRefused), {"proxyUrl"}, SetProxy},
      {"no route", At(S::kConnect, P::kUnreachable), {"addr", "network"}},
      {"black hole", At(S::kConnect, P::kTimeout), {"firewall", "addr", "proxyUrl"}},
      {"mute in TLS", At(S::kTls, P::kTimeout), {"scheme to ws"}},
      {"mute after connect", At(S::kUpgrade, P::kTimeout), {"WebSocket server", "handshakeTimeout"}},
      {"proxy wants a password", Proxy(407), {"proxyUrl", "user:password"}},
      {"proxy forbids", Proxy(403), {"feed.example.com:443", "proxyUrl"}},
      {"proxy cannot reach", Proxy(502), {"proxyUrl", "addr"}},
      {"TLS to a plain port", At(S::kTls, P::kNotTls), {"scheme to ws"}},
      {"TLS too old", At(S::kTls, P::kTlsVersion), {"older than 1.2", "tlsMinVersion"}},
      {"TLS 1.3 demanded",
       At(S::kTls, P::kTlsVersion),
       {"tlsMinVersion to tls1.2"},
       [](ingest::ClientRole& role) { role.tls_settings.min_version = ingest::TlsVersion::kTls13; }},
      {"expired", At(S::kTls, P::kCertificateExpired, "expired on 2020-01-01"), {"2020-01-01", "clock"}},
      {"wrong host", At(S::kTls, P::kCertificateHost, "is for other.example.com"), {"other.example.com", "serverName"}},
      {"unknown issuer", At(S::kTls, P::kCertificateUntrusted), {"rootCaPath", "CN = Our CA", "insecureSkipVerify"}},
      {"client certificate missing", At(S::kTls, P::kClientCertificate), {"certificationPath", "privateKeyPath"}},
      {"client certificate refused",
       At(S::kTls, P::kClientCertificate, "refuses our certificate"),
       {"refuses our certificate", "certificationPath"},
       [](ingest::ClientRole& role) { role.tls_settings.certificate.path = "a.pem"; }},
      {"other TLS error", At(S::kTls, P::kTlsFailed), {"scheme", "serverName"}},
      {"plain to a TLS port", At(S::kUpgrade, P::kNotHttp, "answers with TLS"), {"scheme to wss"}},
      {"no HTTP",
       At(S::kUpgrade, P::kNotHttp, "answers with something else"),
       {"port in addr", "wss"},
       [](ingest::ClientRole& role) { role.tls = false; }},
      {"301",
       Status(301, {{"location", "https://new.example.com/v2"}}),
       {"wss://new.example.com/v2", "never followed", "datasource"}},
      {"308 to a path", Status(308, {{"location", "/v2/"}}), {"set datasource to /v2/"}},
      {"302 without a target", Status(302), {"never followed", "addr"}},
      {"200", Status(200), {"no WebSocket at /ws", "datasource"}},
      {"400", Status(400), {"datasource", "requestHeader"}},
      {"401",
       Status(401, {{"www-authenticate", "Bearer realm=x"}}),
       {"the server answered 401: set requestHeader.Authorization", "Bearer"}},
      {"401 in spite of a token",
       Status(401),
       {"does not accept"},
       [](ingest::ClientRole& role) {
         role.headers = {{"authorization", "Bearer x"}};
       }},
      {"403", Status(403), {"requestHeader.Authorization", "requestHeader.Origin"}},
      {"404", Status(404), {"/ws", "datasource"}},
      {"405", Status(405), {"datasource"}},
      {"421", Status(421), {"serverName"}},
      {"426", Status(426), {"proxy in between"}},
      {"426 of an old server", Status(426, {{"sec-websocket-version", "8"}}), {"version 8"}},
      {"429", Later(Status(429)), {"30 s", "backoffMax"}},
      {"502", Status(502), {"gateway", "datasource"}},
      {"503", Later(Status(503)), {"30 s", "overloaded"}},
      {"500", Status(500), {"500"}},
      {"418", Status(418), {"418", "datasource"}},
      {"bad accept", At(S::kUpgrade, P::kBadAccept), {"no WebSocket server", "in between"}},
      {"subprotocol", At(S::kUpgrade, P::kSubprotocol), {"subprotocols", "v1, v2"}},
  };
  return cases;
}

TEST(HintFor, EachCauseNamesTheSettingThatHelps) {
  for (const Case& one : Cases()) {
    SCOPED_TRACE(one.name);
    ingest::ClientRole role;
    role.tls = true;
    role.host = "feed.example.com";
    role.port = 443;
    role.target = "/ws?key=hushhush";
    if (one.change != nullptr) one.change(role);
    ingest::ConnectionSettings connection;
    connection.subprotocols = {"v1", "v2"};
    DialFacts facts;
    facts.certificate_issuer = "CN = Our CA";
    facts.tls_version = "TLSv1.3";
    const std::string hint = HintFor(one.failure, facts, {role, connection});
    for (const std::string& part : one.parts) EXPECT_THAT(hint, HasSubstr(part));
    EXPECT_THAT(hint, Not(HasSubstr("hushhush"))) << "the query is shown";
    EXPECT_FALSE(hint.ends_with('.'));
  }
}

TEST(HintFor, ASettingThatCannotBeUsedIsNotLookedForElsewhere) {
  const ingest::ClientRole role;
  const ingest::ConnectionSettings connection;
  const std::string text = "proxyUrl: it must look like http://user:password@host:port";
  EXPECT_EQ(HintFor(At(DialStage::kResolve, DialProblem::kSetting, text), {}, {role, connection}), text);
}

TEST(HintForMessage, EachCauseNamesTheSettingThatHelps) {
  using P = MessageFailure::Problem;
  ingest::ClientRole role;
  const ingest::ConnectionSettings connection;
  const auto hint = [&](const MessageFailure& failure) { return HintForMessage(failure, {role, connection}); };
  EXPECT_THAT(hint({P::kSilence, 0, ""}), HasSubstr("which openMessages sends"));
  EXPECT_THAT(hint({P::kOnlyBinary, 0, ""}), HasSubstr("binary"));
  EXPECT_THAT(hint({P::kTooLarge, 0, ""}), HasSubstr("raise maxMessageBytes"));
  EXPECT_THAT(hint({P::kInvalidUtf8, 0, ""}), HasSubstr("UTF-8"));
  EXPECT_THAT(hint({P::kClosed, 1008, "closed with 1008"}), HasSubstr("requestHeader"));
  EXPECT_THAT(hint({P::kClosed, 1011, "closed with 1011"}), HasSubstr("openMessages"));
  EXPECT_THAT(hint({P::kReference, 0, "${env:A}"}), HasSubstr("${env:A}"));
  EXPECT_THAT(hint({P::kNotSent, 0, ""}), HasSubstr("1 MiB"));
  role.open_messages = {"subscribe"};
  EXPECT_THAT(hint({P::kSilence, 0, ""}), HasSubstr("check what they ask for"));
}

}  // namespace
}  // namespace inlet::ws
