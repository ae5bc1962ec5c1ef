// TLS handshakes with the WebSocket server: versions, client certificates, and peers that do something else.
#include "ingest/ws/server_tls.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/ingest/ws/server_fixture.h"
#include "tests/ingest/ws/tls_client.h"

namespace inlet::ws {
namespace {

using std::chrono::milliseconds;

class ServerTlsTest : public ServerTest {
 protected:
  ServerOptions TlsServerOptions(ClientAuth client_auth = ClientAuth::kNone) {
    ServerOptions options = LoopbackOptions();
    options.tls = TlsOptions{{certificate_.certificate, certificate_.key, clients_authority_.certificate},
                             client_auth,
                             ingest::TlsVersion::kTls12};
    return options;
  }
  RecordingSink& Start(const ServerOptions& options) {
    StartServer(options);
    return Listen("/in");
  }
  // A client without a certificate hears of its refusal after its own handshake in TLS 1.3.
  bool LetsIn(const TlsClientOptions& options) {
    TlsClient client(Port(), options);
    return client.Open("/in");
  }

  const TestCertificate authority_ = MakeAuthority("authority");
  const TestCertificate certificate_ = Issue(authority_, "server");
  const TestCertificate clients_authority_ = MakeAuthority("authority of clients");
};

TEST_F(ServerTlsTest, CarriesMessagesInBothVersions) {
  RecordingSink& sink = Start(TlsServerOptions());
  ASSERT_TRUE(status_.ok()) << status_;
  for (const auto& [version, name] : {std::pair{TLS1_2_VERSION, "TLSv1.2"}, {TLS1_3_VERSION, "TLSv1.3"}}) {
    TlsClient client(Port(), {.authority = authority_.certificate, .min_version = version, .max_version = version});
    ASSERT_TRUE(client.Open("/in")) << client.error();
    EXPECT_EQ(client.Version(), name);
    EXPECT_EQ(client.PeerName(), "server");
    const std::string text(200'000, 'x');
    ASSERT_TRUE(client.Send(Text(name) + Text(text) + Frame(kPing, "p")));
    EXPECT_TRUE(sink.WaitFor(std::string("message ") + name));
    EXPECT_TRUE(sink.WaitFor("message " + text));
    EXPECT_EQ(client.ReadFrame()->payload, "p");
    client.Send(Frame(kClose, ClosePayload(1000)));
    EXPECT_EQ(client.ReadCloseCode(), 1000);
    EXPECT_TRUE(sink.WaitFor("disconnect 1000"));
  }
}

TEST_F(ServerTlsTest, MessagesInTheRecordOfTheHandshakeAreDelivered) {
  RecordingSink& sink = Start(TlsServerOptions());
  for (const std::string& handshake : {Handshake("/in"), HandshakeOfSize("/in", 400)}) {
    TlsClient client(Port());
    ASSERT_TRUE(client.Send(handshake + Text("one") + Text("two")));
    EXPECT_TRUE(sink.WaitFor("message one"));
    EXPECT_TRUE(sink.WaitFor("message two"));
  }
}

TEST_F(ServerTlsTest, RefusalsAreProperHttp) {
  RecordingSink& sink = Start(TlsServerOptions());
  TlsClient client(Port());
  client.Send(Handshake("/nope"));
  EXPECT_TRUE(client.ReadHttp().starts_with("HTTP/1.1 404 "));
  EXPECT_TRUE(client.AtEnd());
  EXPECT_EQ(sink.CountLines("refuse"), 0U);
}

TEST_F(ServerTlsTest, ItsUrlIsWss) {
  Start(TlsServerOptions());
  EXPECT_TRUE(source(0).endpoint().starts_with("wss://127.0.0.1:")) << source(0).endpoint();
}

TEST_F(ServerTlsTest, AClientThatSendsNoServerNameGetsTheCertificateToo) {
  Start(TlsServerOptions());
  TlsClient client(Port(), {.server_name = ""});
  ASSERT_TRUE(client.Open("/in")) << client.error();
  EXPECT_EQ(client.PeerName(), "server");
}

TEST_F(ServerTlsTest, ChoosesHttp11OrNothing) {
  Start(TlsServerOptions());
  EXPECT_EQ(TlsClient(Port(), {.alpn = {"h2", "http/1.1"}}).Alpn(), "http/1.1");
  TlsClient h2(Port(), {.alpn = {"h2"}});
  EXPECT_TRUE(h2.secure());
  EXPECT_EQ(h2.Alpn(), "");
  EXPECT_TRUE(h2.Open("/in"));
}

TEST_F(ServerTlsTest, TooOldAVersionIsRefused) {
  ServerOptions options = TlsServerOptions();
  options.tls->min_version = ingest::TlsVersion::kTls13;
  Start(options);
  TlsClient old(Port(), {.max_version = TLS1_2_VERSION});
  EXPECT_FALSE(old.secure());
  EXPECT_NE(old.error().find("protocol version"), std::string::npos) << old.error();
  EXPECT_TRUE(LetsIn({}));
}

TEST_F(ServerTlsTest, Tls11IsRefused) {
  Start(TlsServerOptions());
  EXPECT_FALSE(TlsClient(Port(), {.min_version = TLS1_1_VERSION, .max_version = TLS1_1_VERSION}).secure());
}

TEST_F(ServerTlsTest, ClientCertificatesMayBeRequired) {
  RecordingSink& sink = Start(TlsServerOptions(ClientAuth::kRequired));
  const TestCertificate right = Issue(clients_authority_, "client");
  const TestCertificate foreign = Issue(authority_, "client of another");
  const TestCertificate expired = Issue(clients_authority_, "expired client", -1);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    EXPECT_TRUE(LetsIn({.certificate = right, .max_version = version})) << version;
    EXPECT_FALSE(LetsIn({.max_version = version})) << version;
    EXPECT_FALSE(LetsIn({.certificate = foreign, .max_version = version})) << version;
    EXPECT_FALSE(LetsIn({.certificate = expired, .max_version = version})) << version;
  }
  EXPECT_EQ(sink.Connections().size(), 2U);
}

TEST_F(ServerTlsTest, ClientCertificatesMayBeOptional) {
  Start(TlsServerOptions(ClientAuth::kOptional));
  EXPECT_TRUE(LetsIn({}));
  EXPECT_TRUE(LetsIn({.certificate = Issue(clients_authority_, "client")}));
  EXPECT_FALSE(LetsIn({.certificate = Issue(authority_, "client of another")}));
}

TEST_F(ServerTlsTest, PlainHttpToItEndsThatConnectionAlone) {
  Start(TlsServerOptions());
  RawClient plain(Port());
  plain.Send(Handshake("/in"));
  EXPECT_FALSE(plain.ReadHttp().starts_with("HTTP/1.1 101"));
  EXPECT_TRUE(LetsIn({}));
  EXPECT_TRUE(Eventually([&] { return counters().handshakes_pending.value() == 0; }));
}

TEST_F(ServerTlsTest, PeersThatSayNothingOrHalfAreCutAtTheDeadline) {
  ServerOptions options = TlsServerOptions();
  options.handshake_timeout = milliseconds(500);
  Start(options);
  RawClient silent(Port());
  RawClient half(Port());
  half.Send(std::string("\x16\x03\x01\x02\x00\x01", 6));
  TlsClient after_tls(Port());
  ASSERT_TRUE(after_tls.secure());
  EXPECT_TRUE(after_tls.ReadHttp().starts_with("HTTP/1.1 408 "));
  EXPECT_FALSE(silent.Speaks());
  EXPECT_FALSE(half.Speaks());
  EXPECT_TRUE(Eventually([&] { return counters().handshakes_pending.value() == 0; }));
  EXPECT_EQ(Refused(RefusalKind::kTimeout), 3U);
}

TEST_F(ServerTlsTest, PeersThatResetInTheTlsHandshakeDoNoHarm) {
  Start(TlsServerOptions());
  for (int i = 0; i < 50; ++i) {
    RawClient client(Port());
    if (i % 2 == 0) client.Send(std::string("\x16\x03\x01\x02\x00\x01", 6));
    client.Reset();
  }
  EXPECT_TRUE(LetsIn({}));
  EXPECT_TRUE(Eventually([&] { return counters().handshakes_pending.value() == 0; }));
}

TEST_F(ServerTlsTest, TheLoopMayEndWithConnectionsAlive) {
  RecordingSink& sink = Start(TlsServerOptions());
  TlsClient open(Port());
  ASSERT_TRUE(open.Open("/in"));
  TlsClient waiting(Port());
  const RawClient silent(Port());
  ASSERT_TRUE(sink.WaitFor("connect"));
  StopLoop();
  EXPECT_TRUE(sink.WaitFor("disconnect 1006"));
}

TEST_F(ServerTlsTest, MaterialThatCannotBeUsedSaysWhichAndWhy) {
  const TestCertificate other = Issue(authority_, "other");
  struct Case {
    TlsMaterial material;
    const char* message;
  };
  const std::string broken =
      certificate_.certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const std::vector<Case> cases{
      {{"", certificate_.key, ""}, "certfile: holds no certificate in PEM form"},
      {{certificate_.key, certificate_.key, ""}, "certfile: holds no certificate in PEM form"},
      {{broken, certificate_.key, ""}, "certfile: one of its certificates is broken"},
      {{certificate_.certificate, "", ""}, "keyfile: holds no private key in PEM form"},
      {{certificate_.certificate, certificate_.certificate, ""}, "keyfile: holds no private key in PEM form"},
      {{certificate_.certificate, other.key, ""}, "keyfile: is not the key of the certificate in certfile"},
      {{certificate_.certificate, certificate_.key, ""}, "clientCaFile: holds no certificate in PEM form"},
      {{certificate_.certificate, certificate_.key, broken}, "clientCaFile: one of its certificates is broken"}};
  for (const auto& [material, message] : cases) {
    const absl::Status status = CheckTlsMaterial({material, ClientAuth::kRequired, ingest::TlsVersion::kTls12});
    EXPECT_EQ(status.message(), message);
  }
  const TlsMaterial whole{certificate_.certificate + authority_.certificate, certificate_.key, authority_.certificate};
  EXPECT_TRUE(CheckTlsMaterial({whole, ClientAuth::kRequired, ingest::TlsVersion::kTls12}).ok());
}

TEST_F(ServerTlsTest, WithBadMaterialItDoesNotOpen) {
  ServerOptions options = TlsServerOptions();
  options.tls->material.private_key = "";
  StartServer(options);
  EXPECT_EQ(status_.code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ServerTlsTest, ACertificateIsDescribedByItsSubjectAndItsEnd) {
  EXPECT_TRUE(DescribeCertificate(certificate_.certificate).starts_with("CN = server, valid until "));
  EXPECT_EQ(DescribeCertificate("nonsense"), "");
}

}  // namespace
}  // namespace inlet::ws
