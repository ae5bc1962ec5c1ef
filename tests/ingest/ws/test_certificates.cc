// Certificates for tests, made when they run.
#include "tests/ingest/ws/test_certificates.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <memory>

namespace inlet::ws {
namespace {

template <auto free_function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using BioPtr = std::unique_ptr<BIO, Free<BIO_free>>;
using CertificatePtr = std::unique_ptr<X509, Free<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

constexpr long kDay = 24L * 3600;

std::string TextOf(const BioPtr& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<size_t>(size)};
}

void AddExtension(X509* certificate, X509* issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

CertificatePtr NewCertificate(EVP_PKEY* key, const std::string& name, int days) {
  static std::atomic<long> serial{1};
  CertificatePtr certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -10 * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * kDay);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

TestCertificate Sign(const CertificatePtr& certificate, const KeyPtr& key, EVP_PKEY* signer) {
  X509_sign(certificate.get(), signer, EVP_sha256());
  const BioPtr text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(text.get(), certificate.get());
  const BioPtr key_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {TextOf(text), TextOf(key_text)};
}

}  // namespace

TestCertificate MakeAuthority(const std::string& name) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertificatePtr certificate = NewCertificate(key.get(), name, 30);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  AddExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  return Sign(certificate, key, key.get());
}

TestCertificate Issue(const TestCertificate& authority, const std::string& name, int days) {
  const BioPtr authority_text(BIO_new_mem_buf(authority.certificate.data(), -1));
  const BioPtr authority_key(BIO_new_mem_buf(authority.key.data(), -1));
  const CertificatePtr issuer(PEM_read_bio_X509(authority_text.get(), nullptr, nullptr, nullptr));
  const KeyPtr signer(PEM_read_bio_PrivateKey(authority_key.get(), nullptr, nullptr, nullptr));
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertificatePtr certificate = NewCertificate(key.get(), name, days);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  AddExtension(certificate.get(), issuer.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  AddExtension(certificate.get(), issuer.get(), NID_ext_key_usage, "serverAuth,clientAuth");
  return Sign(certificate, key, signer.get());
}

}  // namespace inlet::ws
