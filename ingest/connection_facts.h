// What a source tells of a connection when it opens.
#ifndef INLET_INGEST_CONNECTION_FACTS_H_
#define INLET_INGEST_CONNECTION_FACTS_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace inlet::ingest {

// What a peer has where a stream's path has {name}.
struct PathVariable {
  std::string_view name;
  std::string_view value;
  bool operator==(const PathVariable&) const = default;
};

// Texts come from strangers: they may be no UTF-8. The views are valid during the call only.
struct ConnectionFacts {
  uint64_t id = 0;                            // never used twice while the process runs
  std::string_view peer = {};                 // ip:port; behind a trusted proxy, what the proxy says
  std::string_view path = {};                 // server role: what the peer asked for, without the query
  std::vector<PathVariable> variables = {};   // in the order of this stream's path, and by its names
  std::string_view certificate_subject = {};  // of the peer, one line of RFC 2253; empty: it showed none
  std::string_view tls_version = {};          // such as TLSv1.3; empty: plain
  std::string_view subprotocol = {};
};

// What became of a text to be sent.
enum class SendVerdict {
  kHanded,   // it will go out, unless the connection ends before
  kRefused,  // too much waits for the socket, or the connection is closing
  kUnknown,  // the source has no such connection
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_CONNECTION_FACTS_H_
