// What each setting of a source may be, one by one.
#include "service/config/setting_values.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <string_view>

#include "google/protobuf/duration.pb.h"
#include "ingest/stream_spec.h"
#include "ingest/text.h"
#include "service/config/header_check.h"
#include "service/config/names.h"
#include "service/config/network_address.h"
#include "service/config/remote_address.h"
#include "service/config/scalars.h"
#include "service/config/secret_references.h"

namespace inlet::config {
namespace {

using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using std::chrono::milliseconds;
using v1::SourceSettings;
using Texts = google::protobuf::RepeatedPtrField<std::string>;

constexpr int kMostTexts = 64;
constexpr size_t kLongestText = 65'536;
constexpr size_t kLongestPem = 262'144;
constexpr uint32_t kMostConnections = 10'000'000;

// ---- Durations ----

struct DurationRange {
  int field;
  milliseconds least;
  milliseconds most;
  bool zero;  // is a value too: never
  std::string_view words;
};

constexpr milliseconds kTenth{100};
constexpr milliseconds kHour{3'600'000};
constexpr milliseconds kDay{86'400'000};
constexpr std::array kDurationRanges = {
    DurationRange{SourceSettings::kPingIntervalFieldNumber, kTenth, kDay, true, "0s (never) or from 100ms to 24h"},
    DurationRange{SourceSettings::kIdleTimeoutFieldNumber, kTenth, kDay, true, "0s (never) or from 100ms to 24h"},
    DurationRange{SourceSettings::kRecordTimeoutFieldNumber, kTenth, 365 * kDay, true,
                  "0s (never) or from 100ms to 365 days"},
    DurationRange{SourceSettings::kHandshakeTimeoutFieldNumber, kTenth, kHour / 12, false, "from 100ms to 5m"},
    DurationRange{SourceSettings::kBackoffInitialFieldNumber, milliseconds(10), kHour, false, "from 10ms to 1h"},
    DurationRange{SourceSettings::kBackoffMaxFieldNumber, milliseconds(10), kDay, false, "from 10ms to 24h"},
    DurationRange{SourceSettings::kHeartbeatIntervalFieldNumber, kTenth, kDay, true, "0s (never) or from 100ms to 24h"},
};

std::string DurationProblem(const Duration& duration, const DurationRange& range) {
  constexpr int32_t kBillion = 1'000'000'000;
  if (duration.nanos() <= -kBillion || duration.nanos() >= kBillion) return "is no valid duration";
  if (duration.seconds() < 0 || duration.nanos() < 0) return "must not be negative";
  if (duration.seconds() >= kLongestDuration.count()) return Concat({"must be ", range.words});
  const auto length = std::chrono::seconds(duration.seconds()) + std::chrono::nanoseconds(duration.nanos());
  const bool fits = (length.count() == 0 && range.zero) || (length >= range.least && length <= range.most);
  return fits ? std::string() : Concat({"must be ", range.words});
}

std::string DurationProblem(const SourceSettings& settings, const FieldDescriptor& field) {
  const auto& duration = dynamic_cast<const Duration&>(SourceSettings::GetReflection()->GetMessage(settings, &field));
  const auto* const range = std::find_if(kDurationRanges.begin(), kDurationRanges.end(),
                                         [&field](const auto& row) { return row.field == field.number(); });
  return DurationProblem(duration, *range);
}

// ---- Lists ----

// What `problem` says of the first wrong text, with its number. Duplicates are none's intention.
std::string ListProblem(const Texts& texts, std::string (*problem)(const std::string&)) {
  if (texts.size() > kMostTexts) return "has more than 64 entries";
  std::set<std::string_view> seen;
  for (int i = 0; i < texts.size(); ++i) {
    std::string found = problem(texts[i]);
    if (found.empty() && !seen.insert(texts[i]).second) found = "is there twice";
    if (!found.empty()) return Concat({"entry ", std::to_string(i + 1), " ", found});
  }
  return {};
}

std::string MessageProblem(const std::string& text) {
  if (text.size() > kLongestText) return "is longer than 65536 bytes";
  return ReferenceProblem(text);
}

std::string SubprotocolProblem(const std::string& text) {
  return IsToken(text) ? "" : "is no name of a subprotocol: letters, digits and marks such as . and -, without spaces";
}

std::string IgnoreProblem(const std::string& text) {
  if (text.empty()) return "is empty, and so is no message";
  return text.size() > kLongestText ? "is longer than 65536 bytes" : "";
}

std::string BearerTokenProblem(const std::string& text) {
  const auto is_odd = [](char c) { return c <= ' ' || c >= '\x7f'; };
  if (text.empty()) return "is empty, and would let everybody in";
  if (std::any_of(text.begin(), text.end(), is_odd)) {
    return "must be visible ASCII characters without spaces: the token alone, without Bearer";
  }
  return ReferenceProblem(text);
}

std::string OriginProblem(const std::string& origin) {
  constexpr std::string_view kForm =
      "must be scheme://host or scheme://host:port, as browsers send it, *.host or scheme://*.host, or null";
  if (origin == "null") return {};
  if (origin == "*") return "is *: leave allowedOrigins out, and any origin may connect";
  std::string_view rest = origin;
  const size_t scheme_end = rest.find("://");
  const bool has_scheme = scheme_end != std::string_view::npos;
  if (has_scheme ? !IsToken(origin.substr(0, scheme_end)) : !rest.starts_with("*.")) return std::string(kForm);
  if (has_scheme) rest.remove_prefix(scheme_end + 3);
  if (rest.starts_with("*.")) rest.remove_prefix(2);
  return IsHost(rest) || IsHostAndPort(rest) ? std::string() : std::string(kForm);
}

// Messages differ from other lists: the same one may be sent twice.
std::string OpenMessagesProblem(const SourceSettings& settings) {
  if (settings.open_messages_size() > kMostTexts) return "has more than 64 entries";
  for (int i = 0; i < settings.open_messages_size(); ++i) {
    const std::string problem = MessageProblem(settings.open_messages(i));
    if (!problem.empty()) return Concat({"entry ", std::to_string(i + 1), " ", problem});
  }
  return {};
}

// ---- The rest ----

std::string PathProblem(const std::string& path) {
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  const bool is_odd = path.size() > 4096 || std::any_of(path.begin(), path.end(), is_control);
  return is_odd ? "must be the path of a file" : "";
}

std::string PemProblem(const std::string& text) {
  return text.size() > kLongestPem ? "is longer than 262144 bytes" : ReferenceProblem(text);
}

std::string ServerNameProblem(const std::string& name) {
  const bool is_right = name.empty() || IsHost(name) || IsIpAddress(name);
  return is_right ? "" : "must be a host's name, such as feed.example.com, without a port";
}

std::string AddrProblem(const std::string& addr) {
  RemoteAddress ignored;
  return addr.empty() ? std::string() : ReadRemoteAddress(addr, ignored);
}

std::string MaxMessageBytesProblem(uint32_t bytes) {
  const bool is_in_range = bytes >= 1 && bytes <= ingest::kLargestMaxMessageBytes;
  return is_in_range ? std::string() : Concat({"must be from 1 to 3145728 (3 MiB), found ", std::to_string(bytes)});
}

std::string CompressionProblem(const SourceSettings& settings) {
  return settings.compression() ? "must be false: the WebSocket library that Inlet is built on breaks compressed "
                                  "connections, so none is offered and none accepted"
                                : "";
}

struct Check {
  int field;
  std::string (*problem)(const SourceSettings& settings);
};

constexpr std::array kChecks = {
    Check{SourceSettings::kMaxMessageBytesFieldNumber,
          [](const SourceSettings& s) { return MaxMessageBytesProblem(s.max_message_bytes()); }},
    Check{SourceSettings::kSubprotocolsFieldNumber,
          [](const SourceSettings& s) { return ListProblem(s.subprotocols(), SubprotocolProblem); }},
    Check{SourceSettings::kIgnoreFieldNumber,
          [](const SourceSettings& s) { return ListProblem(s.ignore(), IgnoreProblem); }},
    Check{SourceSettings::kCompressionFieldNumber, CompressionProblem},
    Check{SourceSettings::kAddrFieldNumber, [](const SourceSettings& s) { return AddrProblem(s.addr()); }},
    Check{SourceSettings::kSchemeFieldNumber,
          [](const SourceSettings& s) {
            return std::string(s.scheme() == "ws" || s.scheme() == "wss" ? "" : "must be ws or wss");
          }},
    Check{SourceSettings::kRequestHeaderFieldNumber, RequestHeaderProblem},
    Check{SourceSettings::kOpenMessagesFieldNumber, OpenMessagesProblem},
    Check{SourceSettings::kHeartbeatMessageFieldNumber,
          [](const SourceSettings& s) { return MessageProblem(s.heartbeat_message()); }},
    Check{
        SourceSettings::kProxyUrlFieldNumber,
        [](const SourceSettings& s) { return s.proxy_url().empty() ? std::string() : ProxyUrlProblem(s.proxy_url()); }},
    Check{SourceSettings::kServerNameFieldNumber,
          [](const SourceSettings& s) { return ServerNameProblem(s.server_name()); }},
    Check{SourceSettings::kTlsMinVersionFieldNumber,
          [](const SourceSettings& s) {
            const bool is_known = s.tls_min_version() == "tls1.2" || s.tls_min_version() == "tls1.3";
            return std::string(is_known ? "" : "must be tls1.2 or tls1.3");
          }},
    Check{SourceSettings::kRootCaPathFieldNumber,
          [](const SourceSettings& s) { return PathProblem(s.root_ca_path()); }},
    Check{SourceSettings::kCertificationPathFieldNumber,
          [](const SourceSettings& s) { return PathProblem(s.certification_path()); }},
    Check{SourceSettings::kPrivateKeyPathFieldNumber,
          [](const SourceSettings& s) { return PathProblem(s.private_key_path()); }},
    Check{SourceSettings::kRootCaRawFieldNumber, [](const SourceSettings& s) { return PemProblem(s.root_ca_raw()); }},
    Check{SourceSettings::kCertificationRawFieldNumber,
          [](const SourceSettings& s) { return PemProblem(s.certification_raw()); }},
    Check{SourceSettings::kPrivateKeyRawFieldNumber,
          [](const SourceSettings& s) { return PemProblem(s.private_key_raw()); }},
    Check{SourceSettings::kBearerTokensFieldNumber,
          [](const SourceSettings& s) { return ListProblem(s.bearer_tokens(), BearerTokenProblem); }},
    Check{SourceSettings::kAllowedOriginsFieldNumber,
          [](const SourceSettings& s) { return ListProblem(s.allowed_origins(), OriginProblem); }},
    Check{SourceSettings::kMaxConnectionsFieldNumber,
          [](const SourceSettings& s) {
            return std::string(s.max_connections() <= kMostConnections ? "" : "must be from 0 (no limit) to 10000000");
          }},
};

}  // namespace

std::string ValueProblem(const SourceSettings& settings, const FieldDescriptor& field) {
  if (field.message_type() == Duration::descriptor()) return DurationProblem(settings, field);
  const auto* const check =
      std::find_if(kChecks.begin(), kChecks.end(), [&field](const Check& row) { return row.field == field.number(); });
  return check == kChecks.end() ? std::string() : check->problem(settings);
}

Range NumberRange(const FieldDescriptor& field) {
  const bool is_bytes = field.number() == SourceSettings::kMaxMessageBytesFieldNumber;
  return is_bytes ? Range{1, ingest::kLargestMaxMessageBytes} : Range{0, kMostConnections};
}

}  // namespace inlet::config
