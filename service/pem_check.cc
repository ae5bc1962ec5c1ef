// Whether certificates and keys can be used, told before anybody dials.
#include "service/pem_check.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace inlet::service {
namespace {

template <typename T, void (*Free)(T*)>
struct Deleter {
  void operator()(T* object) const { Free(object); }
};
using Certificate = std::unique_ptr<X509, Deleter<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY, EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Deleter<BIO, BIO_free_all>>;

Memory Open(std::string_view text) { return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

// Asked for a password, there is none; and a question on the terminal would hang the service.
int NoPassword(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return 0;
}

Certificate NextCertificate(BIO* memory) {
  bool asked = false;
  return Certificate(PEM_read_bio_X509(memory, nullptr, NoPassword, &asked));
}

Key ReadKey(std::string_view pem, bool& asked) {
  const Memory memory = Open(pem);
  return Key(PEM_read_bio_PrivateKey(memory.get(), nullptr, NoPassword, &asked));
}

// The reader of certificates stops at the end of the text as it does at a broken one.
bool HasReachedEnd() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

}  // namespace

std::string CertificatesProblem(std::string_view pem) {
  ERR_clear_error();
  const Memory memory = Open(pem);
  int count = 0;
  while (NextCertificate(memory.get())) ++count;
  if (!HasReachedEnd()) return "holds a certificate that cannot be read";
  return count > 0 ? "" : "holds no certificate: -----BEGIN CERTIFICATE----- is missing";
}

std::string PrivateKeyProblem(std::string_view pem) {
  bool asked = false;
  const Key key = ReadKey(pem, asked);
  ERR_clear_error();
  if (key) return {};
  return asked ? "is protected by a password, which is not supported: store it without one, and guard the file"
               : "holds no private key that can be read: -----BEGIN PRIVATE KEY----- is expected";
}

std::string KeyPairProblem(std::string_view certificates, std::string_view private_key) {
  bool asked = false;
  const Memory memory = Open(certificates);
  const Certificate certificate = NextCertificate(memory.get());
  const Key key = ReadKey(private_key, asked);
  const bool match = certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  return match ? "" : "belongs to another key than the certificate";
}

}  // namespace inlet::service
