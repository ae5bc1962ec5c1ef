// What each key of etc/inlet.yaml and of the `source` section of websocket.yaml means.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/app_settings.h"
#include "service/config/egress_rule.h"
#include "service/config/limits.h"
#include "service/config/names.h"
#include "service/config/network_address.h"

namespace inlet::config {
namespace {

constexpr Range kCount{1, 10'000'000};
constexpr std::array<std::string_view, 4> kLevels = {"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 2> kFormats = {"text", "json"};
constexpr std::array<std::string_view, 2> kSwitches = {"off", "on"};
constexpr std::array<std::string_view, 2> kListens = {"on_demand", "always"};
constexpr std::array<std::string_view, 3> kClientAuths = {"none", "optional", "required"};
constexpr std::array<std::string_view, 2> kTlsVersions = {"tls1.2", "tls1.3"};
constexpr Range kAssemblyBytes{1U << 20, 1ULL << 40};

// What was read goes to `target`, if it could be read.
template <typename T, typename Read>
absl::Status Store(const absl::StatusOr<Read>& read, T& target) {
  if (read.ok()) target = static_cast<T>(*read);
  return read.status();
}

// A text that `is_right` accepts.
absl::Status StoreText(const Spot& spot, const Value& value, bool (*is_right)(std::string_view),
                       std::string_view expected, std::string& target) {
  auto text = ReadText(spot, value);
  if (!text.ok()) return text.status();
  if (!is_right(*text)) return WrongType(spot, value, expected);
  target = *std::move(text);
  return absl::OkStatus();
}

// A list of texts, each of which `is_right` accepts.
absl::Status StoreTexts(const Spot& spot, const Value& value, bool (*is_right)(std::string_view),
                        std::string_view expected, std::vector<std::string>& target) {
  auto texts = ReadTexts(spot, value);
  if (!texts.ok()) return texts.status();
  const bool is_list = value.kind == Value::Kind::kList;  // of YAML, where each entry has its line
  for (size_t i = 0; i < texts->size(); ++i) {
    const std::string& text = (*texts)[i];
    if (is_right(text)) continue;
    const int line = is_list ? value.items[i].line : value.line;
    return ValueError(Place(spot.source, line), spot.key, Concat({Shown(text), " is not ", expected}));
  }
  target = *std::move(texts);
  return absl::OkStatus();
}

// Milliseconds that a stop may take.
absl::Status StoreStopTime(const Spot& spot, const Value& value, std::chrono::milliseconds& target) {
  constexpr std::chrono::minutes kLongest{10};
  const auto duration = ReadDuration(spot, value);
  if (!duration.ok()) return duration.status();
  if (*duration > kLongest) return WrongType(spot, value, "a duration of at most 10m");
  target = std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
  return absl::OkStatus();
}

bool IsFileName(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

bool IsVariablePattern(std::string_view text) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '*';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_allowed);
}

bool IsQueryName(std::string_view text) {
  constexpr std::string_view kEnds = "=&?#";
  return !text.empty() && text.find_first_of(kEnds) == std::string_view::npos && IsFileName(text);
}

// The HTTP library of the metrics has no IPv6, and takes some names for ports.
bool IsEmptyOrIpv4Port(std::string_view text) {
  const std::string_view host = text.substr(0, text.rfind(':'));
  return text.empty() || (IsHostAndPort(text) && (IsIpAddress(host) || host == "localhost"));
}

bool IsEmptyOrPublicUrl(std::string_view text) { return text.empty() || IsPublicUrl(text); }

// Whatever it says: a server that was told to speak TLS must not open in plain text.
absl::Status StoreFile(const Spot& spot, const Value& value, FileSetting& target) {
  const auto is_path = [](std::string_view text) { return !text.empty() && IsFileName(text); };
  target.place = Place(spot.source, value.line);
  return StoreText(spot, value, is_path, "the path of a file in PEM form", target.path);
}

absl::Status StoreClientAuth(const Spot& spot, const Value& value, AppConfig& config) {
  const auto word = ReadWord(spot, value, kClientAuths);
  if (word.ok()) config.server.tls.client_auth = static_cast<ServerTlsConfig::ClientAuth>(*word);
  return word.status();
}

// Read when all else is known.
absl::Status StoreDefinitions(const Spot& spot, const Value& value, AppConfig& config) {
  config.streams.definitions = {std::string(spot.source), value};
  return absl::OkStatus();
}

constexpr std::array kServiceSettings = {
    AppSetting{"dataDir",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreText(spot, value, IsFileName, "the name of a folder", config.data_dir);
               }},
    AppSetting{"grpc.address",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreText(spot, value, IsHostAndPort, "host:port, such as 127.0.0.1:50051 or [::1]:50051",
                                  config.grpc.address);
               }},
    AppSetting{"grpc.insecure", [](const Spot& spot, const Value& value,
                                   AppConfig& config) { return Store(ReadBool(spot, value), config.grpc.insecure); }},
    AppSetting{"grpc.maxSubscribers",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return Store(ReadWholeNumber(spot, value, kCount), config.grpc.max_subscribers);
               }},
    AppSetting{"metrics.address",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreText(spot, value, IsEmptyOrIpv4Port,
                                  "an IPv4 address and a port, such as 127.0.0.1:9464; or \"\" for none",
                                  config.metrics.address);
               }},
    AppSetting{"metrics.maxStreams",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return Store(ReadWholeNumber(spot, value, {0, kCount.most}), config.metrics.max_streams);
               }},
    AppSetting{"log.level", [](const Spot& spot, const Value& value,
                               AppConfig& config) { return Store(ReadWord(spot, value, kLevels), config.log.level); }},
    AppSetting{"log.format",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return Store(ReadWord(spot, value, kFormats), config.log.format);
               }},
    AppSetting{"log.file",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreText(spot, value, IsFileName, "the name of a file", config.log.file);
               }},
    AppSetting{"shutdown.delay", [](const Spot& spot, const Value& value,
                                    AppConfig& config) { return StoreStopTime(spot, value, config.shutdown.delay); }},
    AppSetting{"shutdown.drainTimeout",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreStopTime(spot, value, config.shutdown.drain_timeout);
               }},
    AppSetting{"streams.retention.maxBytes",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return Store(ReadByteSize(spot, value, {kLeastRetentionBytes, kMostRetentionBytes}),
                              config.streams.retention.max_bytes);
               }},
    AppSetting{"streams.retention.maxRecords",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 const Range any{0, std::numeric_limits<uint64_t>::max()};
                 return Store(ReadWholeNumber(spot, value, any), config.streams.retention.max_records);
               }},
    AppSetting{"streams.retention.maxAge",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return Store(ReadDuration(spot, value), config.streams.retention.max_age);
               }},
    AppSetting{"streams.dir",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreText(spot, value, IsFileName, "the name of a folder", config.streams.dir);
               }},
    AppSetting{"streams.definitions", StoreDefinitions},
    AppSetting{"streams.maxStreams",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return Store(ReadWholeNumber(spot, value, kCount), config.streams.max_streams);
               }},
};

constexpr std::string_view kEgressForms = "an address, a range such as 10.0.0.0/8, a name, or *.name";

// What concerns secrets and where streams dial; a table of its own only because it is long.
constexpr std::array kSafetySettings = {
    AppSetting{"secrets.env",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreTexts(spot, value, IsVariablePattern,
                                   "the name of an environment variable; * stands for any characters",
                                   config.secrets.env);
               }},
    AppSetting{"secrets.dir",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreText(spot, value, IsFileName, "the name of a folder", config.secrets.dir);
               }},
    AppSetting{"certificates.dir",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreText(spot, value, IsFileName, "the name of a folder", config.certificates.dir);
               }},
    AppSetting{"egress.allow",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreTexts(spot, value, IsEgressRule, kEgressForms, config.egress.allow);
               }},
    AppSetting{"egress.deny",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreTexts(spot, value, IsEgressRule, kEgressForms, config.egress.deny);
               }},
    AppSetting{"egress.proxy", [](const Spot& spot, const Value& value,
                                  AppConfig& config) { return Store(ReadBool(spot, value), config.egress.proxy); }},
    AppSetting{"redact.showQuery",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreTexts(spot, value, IsQueryName, "the name of a value in a query string",
                                   config.redact.show_query);
               }},
};

// Both, as one table.
constexpr auto kAllServiceSettings = [] {
  std::array<AppSetting, kServiceSettings.size() + kSafetySettings.size()> all{};
  std::copy(kSafetySettings.begin(), kSafetySettings.end(),
            std::copy(kServiceSettings.begin(), kServiceSettings.end(), all.begin()));
  return all;
}();

constexpr std::array kServerSettings = {
    AppSetting{"source.httpServerIp",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreText(spot, value, IsIpAddress,
                                  "an IP address, such as 0.0.0.0, 127.0.0.1 or ::", config.server.http_server_ip);
               }},
    AppSetting{"source.httpServerPort",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 const Range ports{0, std::numeric_limits<uint16_t>::max()};
                 return Store(ReadWholeNumber(spot, value, ports), config.server.http_server_port);
               }},
    AppSetting{"source.httpServerTls.certfile",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreFile(spot, value, config.server.tls.certfile);
               }},
    AppSetting{"source.httpServerTls.keyfile",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreFile(spot, value, config.server.tls.keyfile);
               }},
    AppSetting{"source.httpServerTls.clientCaFile",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreFile(spot, value, config.server.tls.client_ca_file);
               }},
    AppSetting{"source.httpServerTls.clientAuth", StoreClientAuth},
    AppSetting{"source.httpServerTls.minVersion",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return Store(ReadWord(spot, value, kTlsVersions), config.server.tls.min_version);
               }},
    AppSetting{"source.listen",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return Store(ReadWord(spot, value, kListens), config.server.listen);
               }},
    AppSetting{"source.publicUrl",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreText(spot, value, IsEmptyOrPublicUrl, "a URL such as wss://inlet.example.com",
                                  config.server.public_url);
               }},
    AppSetting{"source.trustedProxies",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return StoreTexts(spot, value, IsIpRange, "an address or a range such as 10.0.0.0/8",
                                   config.server.trusted_proxies);
               }},
    AppSetting{"source.proxyProtocol",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return Store(ReadWord(spot, value, kSwitches), config.server.proxy_protocol);
               }},
    AppSetting{"source.maxConnections",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return Store(ReadWholeNumber(spot, value, kCount), config.server.max_connections);
               }},
    AppSetting{"source.maxPendingHandshakes",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return Store(ReadWholeNumber(spot, value, kCount), config.server.max_pending_handshakes);
               }},
    AppSetting{"source.maxAssemblyBytes",
               [](const Spot& spot, const Value& value, AppConfig& config) {
                 return Store(ReadByteSize(spot, value, kAssemblyBytes), config.server.max_assembly_bytes);
               }},
};

}  // namespace

std::span<const AppSetting> ServiceSettings() { return kAllServiceSettings; }

std::span<const AppSetting> ServerSettings() { return kServerSettings; }

}  // namespace inlet::config
