// A dial with TLS: what is trusted, what is refused, and with which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <csignal>
#include <string>

#include "tests/ingest/ws/tls_fixture.h"

namespace inlet::ws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DialTls : public DialTest {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    DialTest::SetUp();
    CertificateWish wish;
    wish.name = "Test Authority";
    wish.alternative = "";
    wish.authority = true;
    authority_ = MakeCertificate(wish);
  }

  // Trusts the authority.
  DialRequest TlsRequestTo(uint16_t port) const {
    DialRequest request = RequestTo(port);
    request.role.tls = true;
    request.role.tls_settings.root_ca.text = authority_.certificate;
    return request;
  }

  DialFailure FailureWith(const TlsServerWish& wish) {
    const ScriptedServer server(TlsScript(wish, ""));
    return FailureOf(TlsRequestTo(server.port()));
  }
  DialFailure FailureWith(const CertificateWish& wish) {
    return FailureWith(TlsServerWish{MakeCertificate(wish, authority_), 0, ""});
  }
  Identity Good() { return MakeCertificate({}, authority_); }

  Identity authority_;
};

TEST_F(DialTls, ATrustedServerIsOpenedWithItsFacts) {
  const ScriptedServer server(TlsScript({Good(), 0, ""}, Frame(1, "hello")));
  RecordingEvents events;
  Dial(TlsRequestTo(server.port()), events);
  ASSERT_TRUE(events.WaitFor("text hello")) << events.failure().text;
  EXPECT_THAT(events.Lines(), ElementsAre("stage resolve ok", "stage connect ok", "stage tls ok", "stage upgrade ok",
                                          "open", "text hello"));
  EXPECT_EQ(events.facts().tls_version, "TLSv1.3");
  EXPECT_EQ(events.facts().certificate_subject, "CN = localhost");
  EXPECT_EQ(events.facts().certificate_issuer, "CN = Test Authority");
  const auto left = *events.facts().certificate_expire_time - std::chrono::system_clock::now();
  EXPECT_GT(left, std::chrono::hours(24 * 29));
  EXPECT_LT(left, std::chrono::hours(24 * 31));
}

TEST_F(DialTls, TrustFromAFileAndInBase64) {
  const ScriptedServer server(TlsScript({Good(), TLS1_2_VERSION, ""}, Frame(1, "hello")));
  DialRequest request = TlsRequestTo(server.port());
  std::string encoded(authority_.certificate.size() * 2, '\0');
  encoded.resize(
      static_cast<size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                          reinterpret_cast<const unsigned char*>(authority_.certificate.data()),
                                          static_cast<int>(authority_.certificate.size()))));
  for (const std::string& text : {authority_.certificate, encoded}) {
    credentials_.files["ca.pem"] = text;
    request.role.tls_settings.root_ca = {"ca.pem", ""};
    RecordingEvents events;
    Dial(request, events);
    EXPECT_TRUE(events.WaitFor("text hello")) << events.failure().text;
    EXPECT_EQ(events.facts().tls_version, "TLSv1.2");
  }
}

TEST_F(DialTls, ARotatedFileIsUsedAtTheNextDial) {
  const ScriptedServer server(TlsScript({Good(), 0, ""}, Frame(1, "hello")));
  DialRequest request = TlsRequestTo(server.port());
  request.role.tls_settings.root_ca = {"ca.pem", ""};
  credentials_.files["ca.pem"] = MakeCertificate({"Another", "", -1, 30, true}).certificate;
  EXPECT_EQ(FailureOf(request).problem, DialProblem::kCertificateUntrusted);
  credentials_.files["ca.pem"] = authority_.certificate;
  RecordingEvents events;
  Dial(request, events);
  EXPECT_TRUE(events.WaitFor("text hello"));
}

TEST_F(DialTls, AnExpiredCertificate) {
  const DialFailure failure = FailureWith(CertificateWish{"localhost", "IP:127.0.0.1", -10, -2, false});
  EXPECT_EQ(failure.stage, DialStage::kTls);
  EXPECT_EQ(failure.problem, DialProblem::kCertificateExpired);
  EXPECT_THAT(failure.text, HasSubstr("has expired on 20"));
  EXPECT_FALSE(CanHeal(failure));
}

TEST_F(DialTls, ACertificateThatIsNotYetValid) {
  const DialFailure failure = FailureWith(CertificateWish{"localhost", "IP:127.0.0.1", 2, 10, false});
  EXPECT_EQ(failure.problem, DialProblem::kCertificateExpired);
  EXPECT_THAT(failure.text, HasSubstr("is not valid before 20"));
}

TEST_F(DialTls, ACertificateOfAnotherHost) {
  const DialFailure failure = FailureWith(CertificateWish{"x", "DNS:a.example,DNS:b.example", -1, 30, false});
  EXPECT_EQ(failure.problem, DialProblem::kCertificateHost);
  EXPECT_THAT(failure.text, HasSubstr("is for a.example, b.example and not for 127.0.0.1"));
}

TEST_F(DialTls, ServerNameReplacesTheHost) {
  const ScriptedServer server(
      TlsScript({MakeCertificate({"x", "DNS:a.example", -1, 30, false}, authority_), 0, ""}, Frame(1, "hello")));
  DialRequest request = TlsRequestTo(server.port());
  request.role.tls_settings.server_name = "a.example";
  RecordingEvents events;
  Dial(request, events);
  EXPECT_TRUE(events.WaitFor("text hello")) << events.failure().text;
}

TEST_F(DialTls, ANameThatCannotBeCheckedEndsTheHandshake) {
  const std::string too_long(300, 'a');  // for OpenSSL, which leaves the check out then
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const bool skips : {false, true}) {
      const ScriptedServer server(TlsScript({Good(), version, ""}, Frame(1, "hello")));
      DialRequest request = TlsRequestTo(server.port());
      request.role.tls_settings.server_name = too_long;
      request.role.tls_settings.insecure_skip_verify = skips;
      const DialFailure failure = FailureOf(request);
      EXPECT_EQ(failure.stage, DialStage::kTls);
      EXPECT_EQ(failure.problem, DialProblem::kSetting) << failure.text;
      EXPECT_THAT(failure.text, HasSubstr("serverName (or the host in addr): OpenSSL cannot use it"));
    }
  }
}

TEST_F(DialTls, WhatOpenSslRefusesLeavesNoErrorForTheNextDial) {
  const ScriptedServer mute([](int) {});
  DialRequest request = TlsRequestTo(mute.port());
  request.role.tls_settings.server_name = std::string(300, 'a');
  EXPECT_EQ(FailureOf(request).problem, DialProblem::kSetting);
  unsigned long left = 1;
  OnLoop([&left] { left = ERR_peek_error(); });
  EXPECT_EQ(left, 0U) << ERR_reason_error_string(left);
}

TEST_F(DialTls, AnUnknownIssuer) {
  const Identity other = MakeCertificate({"Other Authority", "", -1, 30, true});
  const DialFailure failure = FailureWith(TlsServerWish{MakeCertificate({}, other), 0, ""});
  EXPECT_EQ(failure.problem, DialProblem::kCertificateUntrusted);
  EXPECT_THAT(failure.text, HasSubstr("unknown issuer: CN = Other Authority"));
}

TEST_F(DialTls, ASelfSignedCertificate) {
  const DialFailure failure = FailureWith(TlsServerWish{MakeCertificate({}), 0, ""});
  EXPECT_EQ(failure.problem, DialProblem::kCertificateUntrusted);
  EXPECT_THAT(failure.text, HasSubstr("self-signed (CN = localhost)"));
}

TEST_F(DialTls, TheSystemsTrustDoesNotHoldATestAuthority) {
  const ScriptedServer server(TlsScript({Good(), 0, ""}, ""));
  DialRequest request = TlsRequestTo(server.port());
  request.role.tls_settings.root_ca = {};
  EXPECT_EQ(FailureOf(request).problem, DialProblem::kCertificateUntrusted);
}

TEST_F(DialTls, SkippingVerificationTakesAnything) {
  const ScriptedServer server(TlsScript({MakeCertificate({"x", "DNS:x", -10, -2, false}), 0, ""}, Frame(1, "hello")));
  DialRequest request = TlsRequestTo(server.port());
  request.role.tls_settings.insecure_skip_verify = true;
  RecordingEvents events;
  Dial(request, events);
  EXPECT_TRUE(events.WaitFor("text hello")) << events.failure().text;
}

TEST_F(DialTls, AClientCertificateIsShown) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const ScriptedServer server(TlsScript({Good(), version, authority_.certificate}, Frame(1, "hello")));
    const Identity client = MakeCertificate({"client", "", -1, 30, false}, authority_);
    DialRequest request = TlsRequestTo(server.port());
    request.role.tls_settings.certificate.text = client.certificate;
    request.role.tls_settings.private_key.text = client.key;
    RecordingEvents events;
    Dial(request, events);
    EXPECT_TRUE(events.WaitFor("text hello")) << events.failure().text;
  }
}

TEST_F(DialTls, AMissingOrWrongClientCertificateIsNamed) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const ScriptedServer server(TlsScript({Good(), version, authority_.certificate}, ""));
    DialRequest request = TlsRequestTo(server.port());
    DialFailure failure = FailureOf(request);
    EXPECT_EQ(failure.problem, DialProblem::kClientCertificate) << failure.text;
    EXPECT_THAT(failure.text, HasSubstr("wants a client certificate"));
    EXPECT_FALSE(CanHeal(failure));
    const Identity client = MakeCertificate({"client", "", -1, 30, false});
    request.role.tls_settings.certificate.text = client.certificate;
    request.role.tls_settings.private_key.text = client.key;
    failure = FailureOf(request);
    EXPECT_EQ(failure.problem, DialProblem::kClientCertificate) << failure.text;
    EXPECT_THAT(failure.text, HasSubstr("refuses our client certificate"));
  }
}

TEST_F(DialTls, AKeyOfAnotherCertificateIsNoticedBeforeTheDial) {
  DialRequest request = TlsRequestTo(1);
  request.role.tls_settings.certificate.text = MakeCertificate({}).certificate;
  request.role.tls_settings.private_key.text = MakeCertificate({}).key;
  const DialFailure failure = FailureOf(request);
  EXPECT_EQ(failure.problem, DialProblem::kSetting);
  EXPECT_THAT(failure.text, HasSubstr("is not that of"));
}

TEST_F(DialTls, AServerWithAnOldVersion) {
  const DialFailure old = FailureWith(TlsServerWish{Good(), TLS1_1_VERSION, ""});
  EXPECT_EQ(old.problem, DialProblem::kTlsVersion) << old.text;
  const ScriptedServer server(TlsScript({Good(), TLS1_2_VERSION, ""}, ""));
  DialRequest request = TlsRequestTo(server.port());
  request.role.tls_settings.min_version = ingest::TlsVersion::kTls13;
  const DialFailure failure = FailureOf(request);
  EXPECT_EQ(failure.problem, DialProblem::kTlsVersion) << failure.text;
  EXPECT_THAT(failure.text, HasSubstr("1.3"));
}

TEST_F(DialTls, TlsToAPlainPort) {
  const ScriptedServer server([](int socket) {
    char byte = 0;
    recv(socket, &byte, 1, 0);
    WriteAll(socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
    ReadToEnd(socket);
  });
  const DialFailure failure = FailureOf(TlsRequestTo(server.port()));
  EXPECT_EQ(failure.stage, DialStage::kTls);
  EXPECT_EQ(failure.problem, DialProblem::kNotTls);
}

TEST_F(DialTls, PlainToATlsPort) {
  const ScriptedServer server(TlsScript({Good(), 0, ""}, ""));
  const DialFailure failure = FailureOf(RequestTo(server.port()));
  EXPECT_EQ(failure.problem, DialProblem::kNotHttp);
  EXPECT_THAT(failure.text, HasSubstr("use wss://"));
}

TEST_F(DialTls, AServerThatHangsUpInTheHandshake) {
  const ScriptedServer server([](int) {});
  const DialFailure failure = FailureOf(TlsRequestTo(server.port()));
  EXPECT_EQ(failure.stage, DialStage::kTls);
  EXPECT_EQ(failure.problem, DialProblem::kTlsFailed);
}

TEST_F(DialTls, AMuteServerIsLeftAtTheHandshakeTimeout) {
  const ScriptedServer server([](int socket) { ReadToEnd(socket); });
  DialRequest request = TlsRequestTo(server.port());
  request.role.handshake_timeout = std::chrono::milliseconds(200);
  const DialFailure failure = FailureOf(request);
  EXPECT_EQ(failure.stage, DialStage::kTls);
  EXPECT_EQ(failure.problem, DialProblem::kTimeout);
}

}  // namespace
}  // namespace inlet::ws
