// TLS material of the load generator: whom it trusts, or what it shows.
#ifndef INLET_BENCH_LOAD_TLS_H_
#define INLET_BENCH_LOAD_TLS_H_

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace inlet::bench {

struct TlsDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using TlsContext = std::unique_ptr<SSL_CTX, TlsDeleter>;
using TlsSession = std::unique_ptr<SSL, TlsDeleter>;

// For dialling: `authority` is a PEM file of whom the server's certificate comes from. Null, with the reason in
// `error`, if it cannot be read.
TlsContext MakeDiallingTls(const std::string& authority, std::string* error);

// For listening: PEM files of our certificate and its key. Null, with the reason in `error`, if they are no pair.
TlsContext MakeListeningTls(const std::string& certificate, const std::string& key, std::string* error);

// What OpenSSL complained about last in this thread, and forgets with this.
std::string TlsError();

}  // namespace inlet::bench

#endif  // INLET_BENCH_LOAD_TLS_H_
