// Turns settings into the client role: where it dials and how, judged together.
#include "service/config/client_role_builder.h"

#include <array>
#include <map>
#include <optional>
#include <utility>

#include "google/protobuf/util/time_util.h"
#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/header_check.h"
#include "service/config/names.h"
#include "service/config/pem_text.h"
#include "service/config/remote_address.h"
#include "service/config/secret_references.h"
#include "service/config/settings_reader.h"

namespace inlet::config {
namespace {

using google::protobuf::util::TimeUtil;
using std::chrono::milliseconds;
using v1::SourceSettings;

constexpr std::string_view kDatasource = "stream.datasource";
constexpr std::string_view kSubprotocolHeader = "Sec-WebSocket-Protocol";

constexpr std::array kTlsFields = {
    SourceSettings::kInsecureSkipVerifyFieldNumber, SourceSettings::kServerNameFieldNumber,
    SourceSettings::kTlsMinVersionFieldNumber,      SourceSettings::kRootCaPathFieldNumber,
    SourceSettings::kCertificationPathFieldNumber,  SourceSettings::kPrivateKeyPathFieldNumber,
    SourceSettings::kRootCaRawFieldNumber,          SourceSettings::kCertificationRawFieldNumber,
    SourceSettings::kPrivateKeyRawFieldNumber,
};

bool IsTls(const SourceSettings& effective) { return effective.scheme() == "wss"; }

absl::Status DatasourceInvalid(std::string_view problem) {
  return FieldInvalid(kDatasource, Concat({kDatasource, ": ", problem}));
}

// An empty text and `false` take a value of the conf key away: they ask for nothing.
bool AsksForSomething(const SourceSettings& settings, const google::protobuf::FieldDescriptor& field) {
  const auto& reflection = *SourceSettings::GetReflection();
  if (!reflection.HasField(settings, &field)) return false;
  if (field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_BOOL) return reflection.GetBool(settings, &field);
  return !reflection.GetString(settings, &field).empty();
}

// The entries of a header's list.
std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> entries;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string entry = Spaceless(text.substr(0, comma));
    if (!entry.empty()) entries.push_back(entry);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return entries;
}

class Builder {
 public:
  Builder(const v1::Stream& definition, const SourceSettings& effective, const ClientRules& rules,
          ingest::ConnectionSettings& connection)
      : definition_(definition), settings_(effective), rules_(rules), connection_(connection) {}

  absl::StatusOr<ingest::ClientRole> Build() {
    absl::Status status = SetTarget();
    if (status.ok()) status = SetHeaders();
    if (status.ok()) status = SetTimes();
    if (status.ok()) status = SetMessages();
    if (status.ok()) status = SetProxy();
    if (status.ok()) status = SetTls();
    if (!status.ok()) return status;
    return std::move(role_);
  }

 private:
  absl::Status Invalid(std::string_view setting, std::string_view problem) const {
    const std::string path = Concat({rules_.settings_path, ".", setting});
    return FieldInvalid(path, Concat({path, ": ", problem}));
  }

  absl::Status SetTarget() {
    RemoteAddress address;
    if (const std::string problem = ReadRemoteAddress(settings_.addr(), address); !problem.empty()) {
      return Invalid("addr", problem);
    }
    role_.tls = IsTls(settings_);
    role_.host = address.host;
    role_.port = address.port == 0 ? DefaultPort(role_.tls) : address.port;
    if (absl::Status status = ReadTarget(); !status.ok()) return status;
    const bool is_default_port = role_.port == DefaultPort(role_.tls);
    std::string host = AddressText({role_.host, role_.port});
    if (is_default_port) host.resize(host.rfind(':'));
    role_.url = RedactUrl(Concat({role_.tls ? "wss://" : "ws://", host, role_.target}), rules_.shown_query);
    return absl::OkStatus();
  }

  absl::Status ReadTarget() {
    const std::string& datasource = definition_.datasource();
    RemoteUrl url;
    std::string problem;
    if (IsRemoteUrl(datasource)) {
      problem = ReadRemoteUrl(datasource, url);
    } else {
      url.target = datasource.empty() ? "/" : datasource;
      problem = TargetProblem(url.target);
    }
    role_.target = url.target;
    return problem.empty() ? absl::OkStatus() : DatasourceInvalid(problem);
  }

  absl::Status SetHeaders() {
    // A map of protobuf has another order in each message, and a spec is compared.
    const std::map<std::string, std::string> sorted(settings_.request_header().begin(),
                                                    settings_.request_header().end());
    for (const auto& [name, value] : sorted) {
      const bool is_subprotocol = EqualIgnoringCase(name, kSubprotocolHeader);
      if (is_subprotocol && settings_.subprotocols_size() > 0) {
        return Invalid("requestHeader", "has Sec-WebSocket-Protocol, and so says subprotocols: give one of them");
      }
      if (is_subprotocol && !HasReference(value)) {
        if (absl::Status status = TakeSubprotocols(value); !status.ok()) return status;
      } else {
        role_.headers.push_back({name, value});
      }
    }
    return absl::OkStatus();
  }

  absl::Status TakeSubprotocols(const std::string& value) {
    connection_.subprotocols = SplitList(value);
    for (const std::string& name : connection_.subprotocols) {
      if (!IsToken(name)) return Invalid("requestHeader", "the value of Sec-WebSocket-Protocol is no list of names");
    }
    return absl::OkStatus();
  }

  absl::Status SetTimes() {
    if (settings_.has_handshake_timeout()) role_.handshake_timeout = Milliseconds(settings_.handshake_timeout());
    if (settings_.has_backoff_initial()) role_.backoff.initial = Milliseconds(settings_.backoff_initial());
    if (settings_.has_backoff_max()) role_.backoff.max = Milliseconds(settings_.backoff_max());
    if (role_.backoff.initial <= role_.backoff.max) return absl::OkStatus();
    return Invalid("backoffInitial", Concat({"is ", std::to_string(role_.backoff.initial.count()),
                                             "ms, and must not be longer than backoffMax, which is ",
                                             std::to_string(role_.backoff.max.count()), "ms"}));
  }

  absl::Status SetMessages() {
    role_.open_messages.assign(settings_.open_messages().begin(), settings_.open_messages().end());
    role_.heartbeat_message = settings_.heartbeat_message();
    role_.heartbeat_interval = Milliseconds(settings_.heartbeat_interval());
    const bool has_interval = role_.heartbeat_interval.count() > 0;
    if (has_interval && role_.heartbeat_message.empty()) {
      return Invalid("heartbeatMessage", "is missing: heartbeatInterval says how often, but not what is sent");
    }
    if (!has_interval && !role_.heartbeat_message.empty()) {
      return Invalid("heartbeatInterval", "is missing: heartbeatMessage says what is sent, but not how often");
    }
    return absl::OkStatus();
  }

  absl::Status SetProxy() {
    role_.proxy_url = settings_.proxy_url();
    if (role_.proxy_url.empty() || rules_.allow_proxy) return absl::OkStatus();
    return ProxyForbidden(Concat({rules_.settings_path, ".proxyUrl"}));
  }

  absl::Status SetTls() {
    ingest::TlsClientSettings& tls = role_.tls_settings;
    tls.insecure_skip_verify = settings_.insecure_skip_verify();
    tls.server_name = Lower(settings_.server_name());
    if (settings_.tls_min_version() == "tls1.3") tls.min_version = ingest::TlsVersion::kTls13;
    absl::Status status =
        SetPem({settings_.root_ca_path(), settings_.root_ca_raw()}, "rootCa", "rootCARaw", tls.root_ca);
    if (status.ok()) {
      status = SetPem({settings_.certification_path(), settings_.certification_raw()}, "certification",
                      "certificationRaw", tls.certificate);
    }
    if (status.ok()) {
      status = SetPem({settings_.private_key_path(), settings_.private_key_raw()}, "privateKey", "privateKeyRaw",
                      tls.private_key);
    }
    if (!status.ok() || tls.certificate.empty() == tls.private_key.empty()) return status;
    return tls.private_key.empty() ? Invalid("certificationPath", "has no key: set privateKeyPath or privateKeyRaw too")
                                   : Invalid("privateKeyPath",
                                             "has no certificate: set certificationPath or "
                                             "certificationRaw too");
  }

  absl::Status SetPem(ingest::PemSource given, std::string_view name, std::string_view raw_name,
                      ingest::PemSource& target) const {
    if (!given.path.empty() && !given.text.empty()) {
      return Invalid(raw_name, Concat({"and ", name,
                                       "Path say the same thing twice: leave one out, or set it to \"\" if "
                                       "it comes from the conf key"}));
    }
    if (given.text.empty()) {
      target = std::move(given);
      return absl::OkStatus();
    }
    std::optional<std::string> text = PemText(given.text);
    if (text) {
      target.text = *std::move(text);
      return absl::OkStatus();
    }
    const std::string path = Concat({rules_.settings_path, ".", raw_name});
    return MakeError(absl::StatusCode::kInvalidArgument, Concat({path, ": ", kNoPem}),
                     {"TLS_MATERIAL_INVALID", {{"field", path}}, path, {}});
  }

  static milliseconds Milliseconds(const google::protobuf::Duration& duration) {
    return milliseconds(TimeUtil::DurationToMilliseconds(duration));
  }

  const v1::Stream& definition_;
  const SourceSettings& settings_;
  const ClientRules& rules_;
  ingest::ConnectionSettings& connection_;
  ingest::ClientRole role_;
};

// Whether `addr` and `scheme` of the settings leave room for the URL.
absl::Status CheckAgreement(const RemoteUrl& url, const SourceSettings& effective) {
  const bool other_scheme = !effective.scheme().empty() && IsTls(effective) != url.tls;
  RemoteAddress address = url.address;
  if (!effective.addr().empty()) {
    address = {};
    static_cast<void>(ReadRemoteAddress(effective.addr(), address));  // what is wrong with it is told elsewhere
    if (address.port == 0) address.port = DefaultPort(url.tls);
  }
  const uint16_t port = url.address.port == 0 ? DefaultPort(url.tls) : url.address.port;
  if (address.port == 0) address.port = port;
  const bool other_address = address.host != url.address.host || address.port != port;
  if (!other_scheme && !other_address) return absl::OkStatus();
  return DatasourceInvalid(Concat({"the URL and ", other_scheme ? "scheme" : "addr",
                                   " of the settings (or of the conf key) say different things: give the URL alone, or "
                                   "a path with scheme and addr"}));
}

}  // namespace

absl::Status AdoptUrl(const v1::Stream& definition, v1::SourceSettings& effective) {
  if (!IsRemoteUrl(definition.datasource())) return absl::OkStatus();
  RemoteUrl url;
  const std::string problem = ReadRemoteUrl(definition.datasource(), url);
  if (!problem.empty()) return DatasourceInvalid(problem);
  if (absl::Status agreed = CheckAgreement(url, effective); !agreed.ok()) return agreed;
  if (url.address.port == 0) url.address.port = DefaultPort(url.tls);
  effective.set_addr(AddressText(url.address));
  effective.set_scheme(url.tls ? "wss" : "ws");
  return absl::OkStatus();
}

absl::Status ProxyForbidden(std::string_view path) {
  return MakeError(absl::StatusCode::kPermissionDenied,
                   Concat({path,
                           ": a proxy resolves names for itself, so that egress.allow and egress.deny do not hold "
                           "behind it: the operator has to set egress.proxy: true"}),
                   {"TARGET_FORBIDDEN", {{"rule", "egress.proxy"}}, std::string(path), {}});
}

absl::StatusOr<ingest::ClientRole> BuildClientRole(const v1::Stream& definition, const SourceSettings& effective,
                                                   const ClientRules& rules, ingest::ConnectionSettings& connection) {
  return Builder(definition, effective, rules, connection).Build();
}

absl::Status CheckTlsIsMeant(const SourceSettings& own, const SourceSettings& effective,
                             std::string_view settings_path) {
  if (effective.addr().empty() || IsTls(effective)) return absl::OkStatus();
  for (const int number : kTlsFields) {
    const auto& field = *SourceSettings::descriptor()->FindFieldByNumber(number);
    if (!AsksForSomething(own, field)) continue;
    const std::string path = Concat({settings_path, ".", field.json_name()});
    return FieldInvalid(path, Concat({path,
                                      ": has an effect only with TLS, and the connection would be plain: set "
                                      "scheme to wss, or leave it out"}));
  }
  return absl::OkStatus();
}

}  // namespace inlet::config
