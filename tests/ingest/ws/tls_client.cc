// A raw client that speaks TLS, by OpenSSL alone.
#include "tests/ingest/ws/tls_client.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <csignal>

namespace inlet::ws {
namespace {

std::string LastError() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason == nullptr ? "" : reason;
}

X509* ReadCertificate(const std::string& pem) {
  BIO* text = BIO_new_mem_buf(pem.data(), -1);
  X509* certificate = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
  BIO_free(text);
  return certificate;
}

void UseCertificate(SSL_CTX* context, const TestCertificate& own) {
  X509* certificate = ReadCertificate(own.certificate);
  SSL_CTX_use_certificate(context, certificate);
  X509_free(certificate);
  BIO* text = BIO_new_mem_buf(own.key.data(), -1);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(text, nullptr, nullptr, nullptr);
  SSL_CTX_use_PrivateKey(context, key);
  EVP_PKEY_free(key);
  BIO_free(text);
}

SSL_CTX* MakeContext(const TlsClientOptions& options) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(context, 0);  // old versions, to see them refused
  SSL_CTX_set_min_proto_version(context, options.min_version);
  SSL_CTX_set_max_proto_version(context, options.max_version);
  if (!options.authority.empty()) {
    X509* authority = ReadCertificate(options.authority);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority);
    X509_free(authority);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  }
  if (!options.certificate.certificate.empty()) UseCertificate(context, options.certificate);
  std::string alpn;
  for (const std::string& name : options.alpn) (alpn += static_cast<char>(name.size())) += name;
  SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(alpn.data()),
                          static_cast<unsigned>(alpn.size()));
  return context;
}

}  // namespace

TlsClient::TlsClient(uint16_t port, const TlsClientOptions& options) : RawClient(port) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  SSL_CTX* context = MakeContext(options);
  ssl_ = SSL_new(context);
  SSL_CTX_free(context);
  SSL_set_fd(ssl_, socket_descriptor());
  if (!options.server_name.empty()) {
    SSL_set_tlsext_host_name(ssl_, options.server_name.c_str());
    SSL_set1_host(ssl_, options.server_name.c_str());
  }
  ERR_clear_error();
  if (!options.before.empty()) RawPeer::Transmit(options.before);
  secure_ = SSL_connect(ssl_) == 1;
  if (!secure_) error_ = LastError();
}

TlsClient::~TlsClient() { SSL_free(ssl_); }

std::string TlsClient::PeerName() const {
  X509* certificate = SSL_get1_peer_certificate(ssl_);
  std::array<char, 256> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(), name.size());
  X509_free(certificate);
  return name.data();
}

std::string TlsClient::Version() const { return SSL_get_version(ssl_); }

std::string TlsClient::Alpn() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool TlsClient::Open(std::string_view path) {
  return secure_ && Send(Handshake(path)) && ReadHttp().starts_with("HTTP/1.1 101 ");
}

ssize_t TlsClient::Transmit(std::string_view bytes) const {
  return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
}

ssize_t TlsClient::Receive(char* buffer, size_t size) {
  const int received = SSL_read(ssl_, buffer, static_cast<int>(size));
  if (received > 0) return received;
  const bool ended = SSL_get_error(ssl_, received) == SSL_ERROR_ZERO_RETURN;
  error_ = LastError();
  return ended || error_ == "unexpected eof while reading" ? 0 : -1;
}

}  // namespace inlet::ws
