// Who is at the other end of a TLS connection.
#ifndef INLET_INGEST_WS_PEER_CERTIFICATE_H_
#define INLET_INGEST_WS_PEER_CERTIFICATE_H_

#include <string>
#include <string_view>

struct ssl_st;

namespace inlet::ws {

inline constexpr size_t kMostSubjectBytes = 1024;

// The subject of the peer's certificate in one line of RFC 2253, such as "CN=pump-7,O=Acme": ASCII, other characters
// escaped; cut at kMostSubjectBytes. Empty: it showed none. `connection`: null for a plain one.
std::string PeerSubject(const ssl_st* connection);

// Such as "TLSv1.3"; empty for a null `connection`. Valid for ever.
std::string_view TlsVersionOf(const ssl_st* connection);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_PEER_CERTIFICATE_H_
