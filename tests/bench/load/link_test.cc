// What goes through a link comes out at the other end, with TLS as without; and both halves of the upgrade fit.
#include "bench/load/link.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <array>
#include <future>
#include <memory>
#include <string>

#include "bench/load/connection.h"
#include "bench/load/upgrade.h"

namespace inlet::bench {
namespace {

constexpr int kSeconds = 20;
constexpr long kDay = 24L * 3600;

// A certificate for 127.0.0.1 that signs itself, and who shows and who trusts it.
class Identity {
 public:
  Identity() {
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const certificate = X509_new();
    X509_set_version(certificate, 2);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate), kDay);
    X509_set_pubkey(certificate, key);
    X509_EXTENSION* const names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate, key, EVP_sha256());
    SSL_CTX_use_certificate(listening_.get(), certificate);
    SSL_CTX_use_PrivateKey(listening_.get(), key);
    SSL_CTX_set_verify(dialling_.get(), SSL_VERIFY_PEER, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(dialling_.get()), certificate);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }

  SSL_CTX* listening() const { return listening_.get(); }
  SSL_CTX* dialling() const { return dialling_.get(); }

 private:
  TlsContext listening_{SSL_CTX_new(TLS_server_method())};
  TlsContext dialling_{SSL_CTX_new(TLS_client_method())};
};

class LinkTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    dialler_ = std::make_unique<Link>(ends[0]);
    listener_ = std::make_unique<Link>(ends[1]);
  }

  // True if both sides are content.
  bool StartTls(const std::string& host) {
    auto other = std::async(std::launch::async, [this] {
      std::string error;
      return listener_->StartTls(identity_.listening(), "", kSeconds, &error);
    });
    const bool ours = dialler_->StartTls(identity_.dialling(), host, kSeconds, &error_);
    if (!ours) dialler_.reset();
    return other.get() && ours;
  }

  // All that has come and comes until `size` bytes are there; the sender's rest is flushed meanwhile.
  std::string Take(Link* from, Link* sender, size_t size) {
    std::string taken;
    std::array<char, 5000> buffer{};
    while (taken.size() < size && !from->closed()) {
      sender->Flush();
      const size_t got = from->Receive(buffer.data(), buffer.size());
      taken.append(buffer.data(), got);
      if (got == 0) from->AwaitInput(1);
    }
    return taken;
  }

  const Identity identity_;
  std::unique_ptr<Link> dialler_;
  std::unique_ptr<Link> listener_;
  std::string error_;
};

TEST_P(LinkTest, NothingIsLostWhenTheSocketIsFull) {
  ASSERT_TRUE(!GetParam() || StartTls("127.0.0.1")) << error_;
  std::string text;
  for (int i = 0; text.size() < size_t{1} << 20; ++i) text += std::to_string(i) + " ";
  std::string sent;
  while (const size_t taken = dialler_->Send(std::string_view(text).substr(sent.size()))) {
    sent.append(text, sent.size(), taken);
  }
  ASSERT_GT(sent.size(), 0U);
  ASSERT_LT(sent.size(), text.size()) << "the socket was never full";
  EXPECT_EQ(Take(listener_.get(), dialler_.get(), sent.size()), sent);
  EXPECT_TRUE(dialler_->Flush());
}

TEST_P(LinkTest, KnowsThatThePeerIsGone) {
  ASSERT_TRUE(!GetParam() || StartTls("127.0.0.1")) << error_;
  listener_.reset();
  char byte = 0;
  EXPECT_EQ(dialler_->Receive(&byte, 1), 0U);
  EXPECT_TRUE(dialler_->closed());
  EXPECT_EQ(dialler_->Send("x"), 0U);
}

TEST_P(LinkTest, UpgradesAndKeepsWhatCameBehindTheHeader) {
  ASSERT_TRUE(!GetParam() || StartTls("127.0.0.1")) << error_;
  std::string rest;
  ASSERT_TRUE(SendRequest(dialler_.get(), "127.0.0.1:1", "/demo", &error_));
  ASSERT_EQ(dialler_->Send("early"), 5U);
  ASSERT_TRUE(AnswerRequest(listener_.get(), kSeconds, &rest, &error_)) << error_;
  if (rest.size() < 5) rest += Take(listener_.get(), dialler_.get(), 5 - rest.size());
  EXPECT_EQ(rest, "early");
  rest.clear();
  ASSERT_TRUE(ReadAnswer(dialler_.get(), kSeconds, &rest, &error_)) << error_;
  EXPECT_EQ(rest, "");
}

INSTANTIATE_TEST_SUITE_P(Links, LinkTest, testing::Bool(),
                         [](const auto& tls) { return std::string(tls.param ? "Tls" : "Plain"); });

TEST_F(LinkTest, RefusesACertificateForAnotherAddress) {
  EXPECT_FALSE(StartTls("127.0.0.2"));
  EXPECT_NE(error_.find("certificate verify failed"), std::string::npos) << error_;
}

TEST_F(LinkTest, RefusesAnAnswerThatIsNo101) {
  std::string rest;
  ASSERT_GT(listener_->Send("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\n\r\n"), 0U);
  EXPECT_FALSE(ReadAnswer(dialler_.get(), kSeconds, &rest, &error_));
  EXPECT_EQ(error_, "the server answered: HTTP/1.1 503 Busy");
}

TEST_F(LinkTest, AServersFramesAreNotMaskedAndItReadsMaskedOnes) {
  Connection server(std::move(listener_), Masking::kPlain, std::string("\x89\x82\x01\x02\x03\x04ik", 8));
  EXPECT_EQ(Take(dialler_.get(), dialler_.get(), 4), std::string("\x8A\x02hi", 4));
  server.QueueClose();
  EXPECT_EQ(Take(dialler_.get(), dialler_.get(), 4), std::string("\x88\x02\x03\xe8", 4));
  EXPECT_EQ(MakeFrame(Opcode::kText, "abc", Masking::kPlain),
            "\x81\x03"
            "abc");
  EXPECT_EQ(FrameHeaderSize(215, Masking::kPlain), 4U);
}

TEST(Upgrade, AcceptValueIsThatOfTheStandardsExample) {
  EXPECT_EQ(AcceptValue("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

}  // namespace
}  // namespace inlet::bench
