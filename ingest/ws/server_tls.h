// The TLS side of the WebSocket server: certificates that can be replaced while connections live.
#ifndef INLET_INGEST_WS_SERVER_TLS_H_
#define INLET_INGEST_WS_SERVER_TLS_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/ws/counters.h"
#include "ingest/ws/server_options.h"
#include "ingest/ws/tls_failure_watch.h"

struct ssl_ctx_st;
struct ssl_st;

namespace inlet::ws {

// libwebsockets' own SSL_CTX gets no certificate: each handshake is given the SSL_CTX that is current at its beginning,
// and keeps it alive. A new one is built whole before it takes the place of the old one. Loop thread only.
class ServerTls {
 public:
  // InvalidArgument: the material is not usable; the message names what (certfile, keyfile, clientCaFile) and why,
  // without any of its content.
  // `failures` counts TLS handshakes that fail, and outlives it; null: nobody wants to know.
  static absl::StatusOr<std::unique_ptr<ServerTls>> Create(const TlsOptions& options, Counter* failures = nullptr);

  ~ServerTls();
  ServerTls(const ServerTls&) = delete;
  ServerTls& operator=(const ServerTls&) = delete;

  // For the handshakes from now on. InvalidArgument, as Create: all stays as it was.
  absl::Status Replace(const TlsMaterial& material);

  // Makes handshakes on `base`, libwebsockets' own context, use this. It must outlive them.
  void Install(ssl_ctx_st* base);

 private:
  ServerTls(TlsOptions options, Counter* failures);
  static int OnServerName(ssl_st* connection, int* alert, void* self);
  absl::Status Build(ssl_ctx_st* context, const TlsMaterial& material);
  void ApplyPolicy(ssl_ctx_st* context) const;

  const TlsOptions options_;  // its material is not looked at again
  std::optional<TlsFailureWatch> watch_;
  ssl_ctx_st* current_ = nullptr;
};

// Whether the server could start with it: as ServerTls::Create. Any thread.
absl::Status CheckTlsMaterial(const TlsOptions& options);

// "CN = inlet.example.com, valid until Nov 24 12:00:00 2027 GMT" of the first certificate; empty: there is none. Any
// thread.
std::string DescribeCertificate(const std::string& pem);

// Whether the TLS handshake of a connection is complete. `connection`: null for none, which never is.
bool TlsIsOpen(const ssl_st* connection);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_SERVER_TLS_H_
