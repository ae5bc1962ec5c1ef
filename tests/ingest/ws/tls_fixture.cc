// Certificates made on the spot, and the server's side of TLS for a script.
#include "tests/ingest/ws/tls_fixture.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <atomic>
#include <memory>

#include "ingest/ws/tls_material.h"

namespace inlet::ws {
namespace {

using BioPointer = std::unique_ptr<BIO, OpenSslDelete<&BIO_free_all>>;

std::string TextOf(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<size_t>(size)};
}

X509Pointer ReadCertificate(const std::string& pem) {
  const BioPointer bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return X509Pointer(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

KeyPointer ReadKey(const std::string& pem) {
  const BioPointer bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return KeyPointer(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

void AddExtension(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

SSL_CTX* MakeContext(const TlsServerWish& wish) {
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate(context, ReadCertificate(wish.identity.certificate).get());
  SSL_CTX_use_PrivateKey(context, ReadKey(wish.identity.key).get());
  if (wish.most_version != 0) {
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, wish.most_version);
  }
  if (!wish.client_roots.empty()) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ReadCertificate(wish.client_roots).get());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

void Talk(SSL* ssl, const std::string& bytes) {
  std::string request;
  char byte = 0;
  while (!request.ends_with("\r\n\r\n") && SSL_read(ssl, &byte, 1) == 1) request += byte;
  const std::string answer = SwitchingAnswer(request) + bytes;
  if (!request.empty()) SSL_write(ssl, answer.data(), static_cast<int>(answer.size()));
  while (SSL_read(ssl, &byte, 1) == 1) {
  }
}

}  // namespace

Identity MakeCertificate(const CertificateWish& wish, const Identity& issuer) {
  static std::atomic<long> serial = 1;
  const KeyPointer key(EVP_EC_gen("P-256"));
  const X509Pointer certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wish.begin_days * 86'400);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.end_days * 86'400);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(wish.name.c_str()), -1,
                             -1, 0);
  const X509Pointer parent = issuer.certificate.empty() ? nullptr : ReadCertificate(issuer.certificate);
  X509_set_issuer_name(certificate.get(), parent ? X509_get_subject_name(parent.get()) : name);
  if (wish.authority) AddExtension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  if (!wish.alternative.empty()) AddExtension(certificate.get(), NID_subject_alt_name, wish.alternative);
  const KeyPointer parent_key = parent ? ReadKey(issuer.key) : nullptr;
  X509_sign(certificate.get(), parent_key ? parent_key.get() : key.get(), EVP_sha256());
  const BioPointer certificate_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate_text.get(), certificate.get());
  const BioPointer key_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {TextOf(certificate_text.get()), TextOf(key_text.get())};
}

ScriptedServer::Script TlsScript(const TlsServerWish& wish, std::string bytes) {
  const std::shared_ptr<SSL_CTX> context(MakeContext(wish), &SSL_CTX_free);
  return [context, bytes = std::move(bytes)](int socket) {
    SSL* const ssl = SSL_new(context.get());
    SSL_set_fd(ssl, socket);
    if (SSL_accept(ssl) == 1) {
      Talk(ssl, bytes);
    } else {
      // A close with unread bytes would reset the connection, and take the alert with it.
      shutdown(socket, SHUT_WR);
      ReadToEnd(socket);
    }
    SSL_free(ssl);
    ERR_clear_error();
  };
}

}  // namespace inlet::ws
