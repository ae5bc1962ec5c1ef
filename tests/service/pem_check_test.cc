// Certificates and keys that cannot be used are told before anybody dials. They are made here.
#include "service/pem_check.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "service/stream_secrets.h"

namespace inlet::service {
namespace {

using testing::HasSubstr;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

std::string TextOf(BIO* memory) {
  char* data = nullptr;
  const auto size = static_cast<size_t>(BIO_get_mem_data(memory, &data));
  return {data, size};
}

Key MakeKey() { return {EVP_EC_gen("P-256"), &EVP_PKEY_free}; }

std::string KeyPem(EVP_PKEY* key, std::string password = "") {
  const Memory memory(BIO_new(BIO_s_mem()), &BIO_free_all);
  const EVP_CIPHER* const cipher = password.empty() ? nullptr : EVP_aes_128_cbc();
  PEM_write_bio_PKCS8PrivateKey(memory.get(), key, cipher, password.data(), static_cast<int>(password.size()), nullptr,
                                nullptr);
  return TextOf(memory.get());
}

std::string CertificatePem(EVP_PKEY* key) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_sign(certificate.get(), key, EVP_sha256());
  const Memory memory(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_X509(memory.get(), certificate.get());
  return TextOf(memory.get());
}

class PemCheck : public testing::Test {
 protected:
  const Key key_ = MakeKey();
  const Key other_ = MakeKey();
  const std::string key_pem_ = KeyPem(key_.get());
  const std::string certificate_pem_ = CertificatePem(key_.get());
};

TEST_F(PemCheck, GoodOnesHaveNoProblem) {
  EXPECT_EQ(CertificatesProblem(certificate_pem_), "");
  EXPECT_EQ(CertificatesProblem("# comment\n" + certificate_pem_ + certificate_pem_), "");
  EXPECT_EQ(PrivateKeyProblem(key_pem_), "");
  EXPECT_EQ(KeyPairProblem(certificate_pem_, key_pem_), "");
}

TEST_F(PemCheck, EachFlawIsTold) {
  EXPECT_THAT(CertificatesProblem(""), HasSubstr("holds no certificate"));
  EXPECT_THAT(CertificatesProblem(key_pem_), HasSubstr("holds no certificate"));
  std::string broken = certificate_pem_;
  broken.replace(broken.find('\n') + 1, 4, "AAAA");
  EXPECT_THAT(CertificatesProblem(broken + certificate_pem_), HasSubstr("cannot be read"));
  EXPECT_THAT(PrivateKeyProblem(certificate_pem_), HasSubstr("holds no private key"));
  EXPECT_THAT(PrivateKeyProblem(KeyPem(key_.get(), "pass")), HasSubstr("is protected by a password"));
  EXPECT_THAT(KeyPairProblem(certificate_pem_, KeyPem(other_.get())), HasSubstr("belongs to another key"));
}

TEST_F(PemCheck, AStreamIsToldWhichSettingIsWrong) {
  SecretStore store({{"INLET_SECRET_*"}, "", "", nullptr});
  const auto hold = [&](const std::string& root, const std::string& certificate, const std::string& key) {
    ingest::ClientRole role;
    role.target = "/";
    role.tls_settings.root_ca.text = root;
    role.tls_settings.certificate.text = certificate;
    role.tls_settings.private_key.text = key;
    ingest::StreamSpec spec;
    spec.role = role;
    return HoldSecrets(spec, store).status();
  };
  EXPECT_TRUE(hold(certificate_pem_, certificate_pem_, key_pem_).ok());
  const absl::Status root = hold("-----BEGIN X-----", "", "");
  EXPECT_EQ(GetErrorDetail(root).reason, "TLS_MATERIAL_INVALID");
  EXPECT_EQ(GetErrorDetail(root).field, "stream.settings.rootCARaw");
  EXPECT_EQ(GetErrorDetail(hold("", key_pem_, key_pem_)).field, "stream.settings.certificationRaw");
  const absl::Status pair = hold("", certificate_pem_, KeyPem(other_.get()));
  EXPECT_EQ(GetErrorDetail(pair).field, "stream.settings.privateKeyRaw");
  EXPECT_THAT(std::string(pair.message()), HasSubstr("belongs to another key than the certificate"));
}

}  // namespace
}  // namespace inlet::service
