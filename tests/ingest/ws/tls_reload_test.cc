// A certificate that is replaced while connections live.
#include <gtest/gtest.h>
#include <malloc.h>

#include <string>

#include "tests/ingest/ws/server_fixture.h"
#include "tests/ingest/ws/tls_client.h"

namespace inlet::ws {
namespace {

class TlsReloadTest : public ServerTest {
 protected:
  RecordingSink& Start(ClientAuth client_auth = ClientAuth::kNone) {
    ServerOptions options = LoopbackOptions();
    options.tls = TlsOptions{Material(first_), client_auth, ingest::TlsVersion::kTls12};
    StartServer(options);
    return Listen("/in");
  }
  TlsMaterial Material(const TestCertificate& certificate) const {
    return {certificate.certificate, certificate.key, authority_.certificate};
  }
  absl::Status SetTls(const TlsMaterial& material) {
    return loop_->Call([&] { return server_->SetTls(material); });
  }

  const TestCertificate authority_ = MakeAuthority("authority");
  const TestCertificate first_ = Issue(authority_, "first");
  const TestCertificate second_ = Issue(authority_, "second");
};

TEST_F(TlsReloadTest, NewConnectionsGetTheNewOneAndOldOnesStay) {
  RecordingSink& sink = Start();
  TlsClient before(Port());
  ASSERT_TRUE(before.Open("/in"));
  EXPECT_EQ(before.PeerName(), "first");
  ASSERT_TRUE(SetTls(Material(second_)).ok());
  TlsClient after(Port());
  ASSERT_TRUE(after.Open("/in"));
  EXPECT_EQ(after.PeerName(), "second");
  before.Send(Text("from before"));
  EXPECT_TRUE(sink.WaitFor("message from before"));
  after.Send(Text("from after"));
  EXPECT_TRUE(sink.WaitFor("message from after"));
}

TEST_F(TlsReloadTest, ABadOneChangesNothing) {
  Start();
  EXPECT_EQ(SetTls({second_.certificate, first_.key, ""}).code(), absl::StatusCode::kInvalidArgument);
  TlsClient client(Port());
  ASSERT_TRUE(client.Open("/in"));
  EXPECT_EQ(client.PeerName(), "first");
}

TEST_F(TlsReloadTest, WhoIsTrustedChangesToo) {
  Start(ClientAuth::kRequired);
  const TestCertificate other_authority = MakeAuthority("other authority");
  const TestCertificate of_first = Issue(authority_, "client");
  const TestCertificate of_second = Issue(other_authority, "client");
  EXPECT_TRUE(TlsClient(Port(), {.certificate = of_first}).Open("/in"));
  EXPECT_FALSE(TlsClient(Port(), {.certificate = of_second}).Open("/in"));
  ASSERT_TRUE(SetTls({second_.certificate, second_.key, other_authority.certificate}).ok());
  EXPECT_FALSE(TlsClient(Port(), {.certificate = of_first}).Open("/in"));
  EXPECT_TRUE(TlsClient(Port(), {.certificate = of_second}).Open("/in"));
}

TEST_F(TlsReloadTest, ItMayComeBeforeTheFirstStream) {
  ServerOptions options = LoopbackOptions();
  options.tls = TlsOptions{Material(first_), ClientAuth::kNone, ingest::TlsVersion::kTls12};
  StartServer(options);
  ASSERT_TRUE(SetTls(Material(second_)).ok());
  Listen("/in");
  TlsClient client(Port());
  ASSERT_TRUE(client.Open("/in"));
  EXPECT_EQ(client.PeerName(), "second");
}

TEST_F(TlsReloadTest, APlainServerTakesNone) {
  StartServer();
  EXPECT_EQ(SetTls(Material(second_)).code(), absl::StatusCode::kFailedPrecondition);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kReloads = 30;  // each takes very long there; a single leak is found at the end
#else
constexpr int kReloads = 1000;
#endif

// Bytes in use on the heap. Under a sanitizer it is 0, and the leak check at the end tells.
size_t HeapBytes() { return mallinfo2().uordblks; }

TEST_F(TlsReloadTest, AThousandReloadsUnderConnectionsKeepNothing) {
  Start();
  TlsClient open(Port());
  ASSERT_TRUE(open.Open("/in"));
  const auto reload = [&](int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_TRUE(SetTls(Material(i % 2 == 0 ? second_ : first_)).ok());
      if (i % 10 != 0) continue;
      ASSERT_TRUE(TlsClient(Port()).Open("/in"));
    }
    ASSERT_TRUE(Eventually([&] { return counters().open_connections.value() == 1; }));
  };
  reload(kReloads / 10);  // what is allocated once
  const size_t before = HeapBytes();
  reload(kReloads);
  const size_t after = HeapBytes();
  EXPECT_LT(after, before + 200'000) << before;  // an SSL_CTX with its certificate has 10 KB and more
  EXPECT_TRUE(open.Send(Frame(kPing, "still here")));
  auto frame = open.ReadFrame();
  while (frame && frame->opcode == kPing) frame = open.ReadFrame();  // the server's, if all this took long
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->payload, "still here");
}

}  // namespace
}  // namespace inlet::ws
