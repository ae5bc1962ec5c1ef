// Where the system keeps the authorities that it trusts, and whether they have changed. Blocks as a disk does.
#ifndef INLET_INGEST_WS_SYSTEM_AUTHORITIES_H_
#define INLET_INGEST_WS_SYSTEM_AUTHORITIES_H_

#include <string>
#include <vector>

#include "ingest/ws/pem.h"

namespace inlet::ws {

struct SystemAuthorities {
  std::string bundle;                // a file of many certificates
  std::vector<std::string> folders;  // of files named HHHHHHHH.N, as c_rehash makes them

  // As SSL_CERT_FILE and SSL_CERT_DIR say, else as OpenSSL was built.
  static SystemAuthorities Default();

  // Differs when a file was replaced, written, added or removed.
  std::string Stamp() const;

  // All that can be read, each once.
  std::vector<X509Pointer> Read() const;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_SYSTEM_AUTHORITIES_H_
