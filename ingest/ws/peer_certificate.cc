// Who is at the other end of a TLS connection, as OpenSSL knows it.
#include "ingest/ws/peer_certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

namespace inlet::ws {

std::string PeerSubject(const ssl_st* connection) {
  const X509* const certificate = connection != nullptr ? SSL_get0_peer_certificate(connection) : nullptr;
  if (certificate == nullptr) return {};
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  if (!out) return {};
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  ERR_clear_error();
  const char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, std::min(static_cast<size_t>(std::max(size, 0L)), kMostSubjectBytes)};
}

std::string_view TlsVersionOf(const ssl_st* connection) {
  return connection != nullptr ? SSL_get_version(connection) : std::string_view();
}

}  // namespace inlet::ws
