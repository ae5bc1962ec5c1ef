// TLS handshakes that fail on the WebSocket server leave a trace: a count, and a line in the log.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <mutex>
#include <string>
#include <utility>

#include "ingest/log.h"
#include "ingest/ws/tls_failure_watch.h"
#include "tests/ingest/ws/server_fixture.h"
#include "tests/ingest/ws/tls_client.h"

namespace inlet::ws {
namespace {

class TlsFailureTest : public ServerTest {
 protected:
  void SetUp() override {
    SetLogSink([this](LogLevel, std::string_view event, std::initializer_list<LogField> fields) {
      if (event != "tls_handshake_failed") return;
      const std::lock_guard lock(mutex_);
      for (const LogField& field : fields) logged_ += std::string(field.key) + "=" + std::string(field.value) + ";";
    });
    ServerOptions options = LoopbackOptions();
    options.tls = TlsOptions{{certificate_.certificate, certificate_.key, authority_.certificate},
                             ClientAuth::kRequired,
                             ingest::TlsVersion::kTls12};
    StartServer(options);
    Listen("/in");
  }
  void TearDown() override {
    ServerTest::TearDown();
    SetLogSink(nullptr);
  }

  bool LetsIn(const TlsClientOptions& options) {
    TlsClient client(Port(), options);
    return client.Open("/in");
  }
  // Waits until so many have failed. What was logged of them.
  std::string LoggedAfter(uint64_t failures) {
    EXPECT_TRUE(Eventually([&] { return counters().tls_failures.value() == failures; }));
    OnLoop([] {});
    const std::lock_guard lock(mutex_);
    return std::exchange(logged_, {});
  }

  const TestCertificate authority_ = MakeAuthority("authority");
  const TestCertificate certificate_ = Issue(authority_, "server");
  std::mutex mutex_;
  std::string logged_;  // guarded by mutex_
};

TEST_F(TlsFailureTest, EachIsCountedAndToldWithItsReasonAndPeer) {
  EXPECT_FALSE(LetsIn({}));
  const std::string missing = LoggedAfter(1);
  EXPECT_NE(missing.find("reason=peer did not return a certificate;"), std::string::npos) << missing;
  EXPECT_NE(missing.find("peer=127.0.0.1:"), std::string::npos) << missing;

  EXPECT_FALSE(LetsIn({.certificate = Issue(MakeAuthority("another"), "client")}));
  const std::string foreign = LoggedAfter(2);
  EXPECT_NE(foreign.find("reason=certificate verify failed;"), std::string::npos) << foreign;

  EXPECT_FALSE(TlsClient(Port(), {.min_version = TLS1_1_VERSION, .max_version = TLS1_1_VERSION}).secure());
  const std::string old = LoggedAfter(3);
  EXPECT_NE(old.find("reason=unsupported protocol;"), std::string::npos) << old;

  RawClient plain(Port());
  plain.Send(Handshake("/in"));
  const std::string http = LoggedAfter(4);
  EXPECT_NE(http.find("reason=http request;"), std::string::npos) << http;
}

TEST_F(TlsFailureTest, GoodOnesAndSlowOnesAreNotCounted) {
  const TestCertificate client = Issue(authority_, "client");
  EXPECT_TRUE(LetsIn({.certificate = client, .max_version = TLS1_2_VERSION}));
  EXPECT_TRUE(LetsIn({.certificate = client}));
  EXPECT_EQ(LoggedAfter(0), "");
}

TEST_F(TlsFailureTest, AFloodOfThemDoesNotFillTheLog) {
  for (int i = 0; i < 30; ++i) {
    RawClient plain(Port());
    plain.Send(Handshake("/in"));
    plain.AtEnd();
  }
  const std::string logged = LoggedAfter(30);
  size_t lines = 0;
  for (size_t at = logged.find("reason="); at != std::string::npos; at = logged.find("reason=", at + 1)) ++lines;
  EXPECT_LE(lines, 20U);
  EXPECT_GE(lines, 1U);
}

}  // namespace
}  // namespace inlet::ws
