// What a stream is, as plain values: made once from the configuration, then const.
#ifndef INLET_INGEST_STREAM_SPEC_H_
#define INLET_INGEST_STREAM_SPEC_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "ingest/schema.h"

namespace inlet::ingest {

inline constexpr uint32_t kDefaultMaxMessageBytes = 1U << 20;
inline constexpr uint32_t kLargestMaxMessageBytes = 3U
                                                    << 20;  // a record must fit in the 4 MiB of a default gRPC client

// Texts marked "(references)" may hold ${env:NAME} and ${file:NAME}; see credentials.h.

// What holds for each connection, whoever opened it.
struct ConnectionSettings {
  std::chrono::milliseconds ping_interval{20'000};  // a connection silent for so long gets a ping; 0: never
  std::chrono::milliseconds idle_timeout{60'000};   // one silent for so long is closed; 0: never
  std::vector<std::string> subprotocols;            // in order of preference
  bool operator==(const ConnectionSettings&) const = default;
};

// Remote clients connect to a path of Inlet's own server.
struct ServerRole {
  // Begins with "/". A segment that is {name} matches any one non-empty segment.
  std::string path;
  std::vector<std::string> bearer_tokens = {};    // any of them opens; none: no check (references)
  std::vector<std::string> allowed_origins = {};  // none: any
  uint32_t max_connections = 0;                   // 0: no limit of its own
  bool operator==(const ServerRole&) const = default;
};

struct BackoffSettings {
  std::chrono::milliseconds initial{500};
  std::chrono::milliseconds max{30'000};
  bool operator==(const BackoffSettings&) const = default;
};

struct HttpHeader {
  std::string name;
  std::string value;  // (references)
  bool operator==(const HttpHeader&) const = default;
};

// A certificate or key: the path of a file, or PEM text. Both empty: there is none.
struct PemSource {
  std::string path;
  std::string text;  // (references)
  bool empty() const { return path.empty() && text.empty(); }
  bool operator==(const PemSource&) const = default;
};

enum class TlsVersion { kTls12, kTls13 };

struct TlsClientSettings {
  PemSource root_ca;  // empty: those of the system
  PemSource certificate;
  PemSource private_key;
  bool insecure_skip_verify = false;
  std::string server_name;  // for SNI and the certificate's name; empty: the host
  TlsVersion min_version = TlsVersion::kTls12;
  bool operator==(const TlsClientSettings&) const = default;
};

// Inlet connects to a remote server.
struct ClientRole {
  bool tls = false;
  std::string host;                                     // a name, or an address (IPv6 without brackets)
  uint16_t port = 0;                                    // never 0
  std::string target;                                   // path and query, begins with "/" (references)
  std::string url;                                      // for people: the whole, with its secrets redacted
  std::vector<HttpHeader> headers;                      // in byte order of their names, as they are sent
  std::chrono::milliseconds handshake_timeout{10'000};  // from the resolution to 101
  BackoffSettings backoff;
  std::vector<std::string> open_messages;           // sent in order after each connect (references)
  std::string heartbeat_message;                    // empty: none (references)
  std::chrono::milliseconds heartbeat_interval{0};  // 0: never
  std::string proxy_url;                            // http://user:password@host:port; empty: none (references)
  TlsClientSettings tls_settings;
  bool operator==(const ClientRole&) const = default;
};

// What a log keeps. The first limit reached evicts.
struct RetentionLimits {
  uint64_t max_bytes = 64ULL << 20;
  uint64_t max_records = 0;             // 0: no such limit
  std::chrono::nanoseconds max_age{0};  // 0: no such limit
  bool operator==(const RetentionLimits&) const = default;
};

struct StreamSpec {
  std::string name;
  std::variant<ServerRole, ClientRole> role;
  uint32_t max_message_bytes = kDefaultMaxMessageBytes;
  ConnectionSettings connection = {};
  std::vector<std::string> ignore = {};         // whole texts that are no records
  std::chrono::milliseconds record_timeout{0};  // without a record for so long: kStalled; 0: never
  bool reconnect_when_stalled = false;          // client role
  RetentionLimits retention = {};
  Schema schema = {};
  bool record_origin = false;  // whether every record says who sent it
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_STREAM_SPEC_H_
