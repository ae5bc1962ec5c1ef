// What the operator decides, as plain values with their defaults. Read once at start, then const.
#ifndef INLET_SERVICE_CONFIG_APP_CONFIG_H_
#define INLET_SERVICE_CONFIG_APP_CONFIG_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ingest/stream_spec.h"
#include "service/config/value.h"

namespace inlet::config {

struct GrpcConfig {
  std::string address = "127.0.0.1:50051";
  // Without TLS the address must be a loopback one, unless this says that the operator knows.
  bool insecure = false;
  uint32_t max_subscribers = 10'000;
};

// The port that Prometheus reads.
struct MetricsConfig {
  std::string address = "127.0.0.1:9464";  // IPv4 or localhost; empty: no port is opened
  uint32_t max_streams = 1000;             // that have samples of their own
};

struct LogConfig {
  enum class Format { kText, kJson };
  enum class Level { kDebug, kInfo, kWarn, kError };
  Format format = Format::kText;
  Level level = Level::kInfo;
  std::string file;  // empty: standard error
};

struct ShutdownConfig {
  std::chrono::milliseconds delay{0};               // between NOT_SERVING and the first close
  std::chrono::milliseconds drain_timeout{10'000};  // for readers to take what is left
};

// What a file says, to be read once all layers are known.
struct UnreadSetting {
  std::string source = {};
  Value value = {};
};

struct StreamsConfig {
  ingest::RetentionLimits retention;  // what a stream takes where it says nothing
  uint32_t max_streams = 100'000;
  std::string dir = {};  // folder of files that define streams; empty: there are none
  UnreadSetting definitions = {};
};

// A file that is read at start and again when it changes.
struct FileSetting {
  std::string path;   // empty: there is none
  std::string place;  // where it was set, for errors
};

// `source.httpServerTls`: without certfile the server is plain.
struct ServerTlsConfig {
  enum class ClientAuth { kNone, kOptional, kRequired };
  FileSetting certfile;
  FileSetting keyfile;
  FileSetting client_ca_file;
  std::optional<ClientAuth> client_auth;  // none: required if there is a client_ca_file
  ingest::TlsVersion min_version = ingest::TlsVersion::kTls12;

  bool enabled() const { return !certfile.path.empty(); }
  ClientAuth EffectiveClientAuth() const {
    return client_auth.value_or(client_ca_file.path.empty() ? ClientAuth::kNone : ClientAuth::kRequired);
  }
};

// The WebSocket server that all server-role streams share: the `source` section of etc/sources/websocket.yaml.
struct WebSocketServerConfig {
  enum class Listen { kOnDemand, kAlways };
  std::string http_server_ip = "0.0.0.0";
  uint16_t http_server_port = 10081;  // 0: any free one
  std::string public_url;  // what status.endpoint shows instead of ws://ip:port (wss:// with TLS); empty: that
  Listen listen = Listen::kOnDemand;
  std::vector<std::string> trusted_proxies;  // addresses and ranges
  bool proxy_protocol = false;               // whether each connection from them begins with a PROXY header
  uint32_t max_connections = 100'000;
  uint32_t max_pending_handshakes = 8'192;
  uint64_t max_assembly_bytes = 256ULL << 20;
  ServerTlsConfig tls;
};

// What ${env:NAME} and ${file:NAME} in a stream's settings may name.
struct SecretsConfig {
  std::vector<std::string> env = {"INLET_SECRET_*"};  // names of variables; * stands for any characters
  std::string dir;                                    // folder of the files; empty: there are none
};

struct CertificatesConfig {
  std::string dir;  // folder of rootCaPath, certificationPath and privateKeyPath; empty: there are none
};

// Where streams may dial, as addresses, ranges, names and *.name. A rule of `deny` wins; an empty `allow` allows all
// that is not denied. Link-local addresses are always denied.
struct EgressConfig {
  std::vector<std::string> allow;
  std::vector<std::string> deny;
  bool proxy = false;  // whether streams may name a proxy, which resolves names behind our back
};

struct RedactConfig {
  // Names in query strings whose values are shown.
  std::vector<std::string> show_query = {"symbol",   "symbols", "stream", "streams", "channel",
                                         "channels", "topic",   "market", "version"};
};

struct AppConfig {
  // The folder that keeps definitions across restarts, made if it is missing. Empty: nothing is kept.
  std::string data_dir = "./data";
  GrpcConfig grpc;
  MetricsConfig metrics;
  LogConfig log;
  ShutdownConfig shutdown;
  StreamsConfig streams;
  WebSocketServerConfig server;
  SecretsConfig secrets;
  CertificatesConfig certificates;
  EgressConfig egress;
  RedactConfig redact;
};

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_APP_CONFIG_H_
