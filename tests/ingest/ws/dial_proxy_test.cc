// A dial through an HTTP proxy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <mutex>
#include <string>

#include "ingest/text.h"
#include "tests/ingest/ws/tls_fixture.h"

namespace inlet::ws {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class DialProxy : public DialTest {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);
    DialTest::SetUp();
    egress_options_.proxy = true;
  }

  DialRequest RequestBy(uint16_t proxy_port, const std::string& user = "") {
    DialRequest request = RequestTo(443);
    request.role.host = "feed.example";  // which only the proxy can resolve
    request.role.proxy_url = Concat({"http://", user, "127.0.0.1:", std::to_string(proxy_port)});
    return request;
  }

  // Answers CONNECT, then is the server itself.
  ScriptedServer::Script Proxy(std::string answer, ScriptedServer::Script then = {}) {
    return [this, answer = std::move(answer), then = std::move(then)](int socket) {
      std::string request = ReadRequest(socket);
      {
        const std::lock_guard lock(mutex_);
        connect_ = std::move(request);
      }
      WriteAll(socket, answer);
      then ? then(socket) : static_cast<void>(ReadToEnd(socket));
    };
  }

  std::string connect_request() {
    const std::lock_guard lock(mutex_);
    return connect_;
  }

 private:
  std::mutex mutex_;
  std::string connect_;
};

TEST_F(DialProxy, CarriesMessagesBothWays) {
  const std::string large(200'000, 'x');
  std::string received;
  {
    const ScriptedServer proxy(Proxy("HTTP/1.1 200 Connection established\r\n\r\n", [&](int socket) {
      WriteAll(socket, SwitchingAnswer(ReadRequest(socket)) + Frame(1, "hello") + Frame(1, large));
      received = ReadToEnd(socket);
    }));
    RecordingEvents events;
    events.react = [&](std::string_view line) {
      if (line.starts_with("text xxx")) {
        EXPECT_TRUE(connection_->Send(large));
        connection_->Close(1000, "");
      }
    };
    Dial(RequestBy(proxy.port(), "user:p%40ss@"), events);
    EXPECT_TRUE(events.WaitFor("closed 1000")) << events.failure().text;
    EXPECT_EQ(events.CountLines("text hello"), 1U);
    Drop();
  }
  EXPECT_THAT(connect_request(), StartsWith("CONNECT feed.example:443 HTTP/1.1\r\nHost: feed.example:443\r\n"));
  EXPECT_THAT(connect_request(), HasSubstr("Proxy-Authorization: Basic dXNlcjpwQHNz\r\n"));
  const std::vector<std::string> frames = ParseClientFrames(received);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0], "1:" + large);
}

TEST_F(DialProxy, TlsGoesThroughIt) {
  CertificateWish wish;
  wish.alternative = "DNS:feed.example";
  const Identity identity = MakeCertificate(wish);
  const ScriptedServer proxy(Proxy("HTTP/1.1 200 OK\r\n\r\n", TlsScript({identity, 0, ""}, Frame(1, "hello"))));
  DialRequest request = RequestBy(proxy.port());
  request.role.tls = true;
  request.role.tls_settings.root_ca.text = identity.certificate;
  RecordingEvents events;
  Dial(request, events);
  EXPECT_TRUE(events.WaitFor("text hello")) << events.failure().text;
  EXPECT_EQ(events.facts().tls_version, "TLSv1.3");
}

TEST_F(DialProxy, ARefusalIsToldWithItsStatus) {
  const ScriptedServer proxy(Proxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
  const DialFailure failure = FailureOf(RequestBy(proxy.port()));
  EXPECT_EQ(failure.stage, DialStage::kConnect);
  EXPECT_EQ(failure.problem, DialProblem::kProxyRefused);
  EXPECT_EQ(failure.http_status, 403);
  EXPECT_THAT(failure.text, HasSubstr("answered 403 Forbidden"));
}

TEST_F(DialProxy, WantsCredentials) {
  const ScriptedServer proxy(Proxy("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n"));
  const DialFailure failure = FailureOf(RequestBy(proxy.port()));
  EXPECT_EQ(failure.problem, DialProblem::kProxyRefused);
  EXPECT_EQ(failure.http_status, 407);
  EXPECT_THAT(failure.text, HasSubstr("wants a user and a password"));
  EXPECT_FALSE(CanHeal(failure));
}

TEST_F(DialProxy, ThatIsNoneIsToldSo) {
  const ScriptedServer proxy(Proxy("220 mail ready\r\n\r\n"));
  EXPECT_THAT(FailureOf(RequestBy(proxy.port())).text, HasSubstr("something else than HTTP"));
}

TEST_F(DialProxy, NobodyListensThere) {
  uint16_t port = 0;
  {
    const ScriptedServer gone([](int) {});
    port = gone.port();
  }
  const DialFailure failure = FailureOf(RequestBy(port));
  EXPECT_EQ(failure.problem, DialProblem::kRefused);
  EXPECT_THAT(failure.text, HasSubstr("nobody listens at the proxy"));
}

TEST_F(DialProxy, AMuteOneIsLeft) {
  const ScriptedServer proxy(Proxy(""));
  DialRequest request = RequestBy(proxy.port());
  request.role.handshake_timeout = std::chrono::milliseconds(300);
  EXPECT_EQ(FailureOf(request).problem, DialProblem::kTimeout);
}

TEST_F(DialProxy, AServersRefusalBehindItIsTheServers) {
  const ScriptedServer proxy(Proxy("HTTP/1.1 200 OK\r\n\r\n", [](int socket) {
    ReadRequest(socket);
    WriteAll(socket, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    ReadToEnd(socket);
  }));
  const DialFailure failure = FailureOf(RequestBy(proxy.port()));
  EXPECT_EQ(failure.problem, DialProblem::kHttpStatus);
  EXPECT_EQ(failure.http_status, 401);
}

TEST_F(DialProxy, NeedsTheOperatorsConsent) {
  egress_options_.proxy = false;
  const DialFailure failure = FailureOf(RequestBy(1));
  EXPECT_EQ(failure.problem, DialProblem::kForbidden);
  EXPECT_THAT(failure.text, HasSubstr("egress.proxy"));
}

TEST_F(DialProxy, ItsOwnAddressMustBeAllowed) {
  egress_options_.deny = {"127.0.0.0/8"};
  EXPECT_EQ(FailureOf(RequestBy(1)).problem, DialProblem::kForbidden);
}

TEST_F(DialProxy, AWrongUrlIsAWrongSettingShownWithoutItsSecrets) {
  DialRequest request = RequestBy(1);
  request.role.proxy_url = "socks5://user:secret@host";
  const DialFailure failure = FailureOf(request);
  EXPECT_EQ(failure.problem, DialProblem::kSetting);
  EXPECT_THAT(failure.text, testing::Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace inlet::ws
