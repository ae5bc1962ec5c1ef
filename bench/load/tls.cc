// Makes TLS contexts from PEM files, with the library's own choice of ciphers.
#include "bench/load/tls.h"

#include <openssl/err.h>

#include <array>

namespace inlet::bench {

std::string TlsError() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0) return "the connection ended";
  std::array<char, 256> text{};
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

TlsContext MakeDiallingTls(const std::string& authority, std::string* error) {
  TlsContext context(SSL_CTX_new(TLS_client_method()));
  if (context != nullptr && SSL_CTX_load_verify_locations(context.get(), authority.c_str(), nullptr) == 1) {
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    return context;
  }
  *error = authority + ": " + TlsError();
  return nullptr;
}

TlsContext MakeListeningTls(const std::string& certificate, const std::string& key, std::string* error) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (context != nullptr && SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) == 1 &&
      SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) == 1 &&
      SSL_CTX_check_private_key(context.get()) == 1) {
    return context;
  }
  *error = certificate + ", " + key + ": " + TlsError();
  return nullptr;
}

}  // namespace inlet::bench
