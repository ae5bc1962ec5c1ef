// Certificates made on the spot, and the server's side of TLS for a script.
#ifndef INLET_TESTS_INGEST_WS_TLS_FIXTURE_H_
#define INLET_TESTS_INGEST_WS_TLS_FIXTURE_H_

#include <openssl/ssl.h>

#include <functional>
#include <string>
#include <string_view>

#include "tests/ingest/ws/dial_fixture.h"

namespace inlet::ws {

struct Identity {
  std::string certificate;  // PEM
  std::string key;          // PEM
};

struct CertificateWish {
  std::string name = "localhost";                          // CN
  std::string alternative = "DNS:localhost,IP:127.0.0.1";  // empty: none
  long begin_days = -1;                                    // from now
  long end_days = 30;
  bool authority = false;
};

// Signed by `issuer`; self-signed if that is empty.
Identity MakeCertificate(const CertificateWish& wish, const Identity& issuer = {});

struct TlsServerWish {
  Identity identity;
  int most_version = 0;      // TLS1_2_VERSION, ...; 0: any
  std::string client_roots;  // PEM; not empty: a client certificate is required
};

// A script of ScriptedServer that accepts TLS, answers the upgrade and sends `bytes`.
ScriptedServer::Script TlsScript(const TlsServerWish& wish, std::string bytes);

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_TLS_FIXTURE_H_
