// What a stream refers to: found in its spec, read, and checked as far as that helps before it runs.
#include "service/stream_secrets.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/secret_references.h"
#include "service/pem_check.h"

namespace inlet::service {
namespace {

using ingest::ClientRole;
using ingest::PemSource;
using ingest::ServerRole;
using ingest::StreamSpec;

// What the text may hold after its references were replaced.
enum class Content { kVisible, kHeader, kMessage, kPem };

using TakeText = std::function<absl::Status(std::string_view setting, const std::string& text, Content content)>;
using TakePath = std::function<absl::Status(std::string_view setting, const std::string& path)>;

// One certificate or key of the settings, and how its two forms are called.
struct PemSetting {
  const PemSource& source;
  std::string_view path;
  std::string_view raw;
  std::string_view name() const { return source.path.empty() ? raw : path; }
};

std::array<PemSetting, 3> PemSettings(const ingest::TlsClientSettings& tls) {
  return {PemSetting{tls.root_ca, "settings.rootCaPath", "settings.rootCARaw"},
          PemSetting{tls.certificate, "settings.certificationPath", "settings.certificationRaw"},
          PemSetting{tls.private_key, "settings.privateKeyPath", "settings.privateKeyRaw"}};
}

absl::Status VisitMessages(const ClientRole& role, const TakeText& text) {
  for (const std::string& message : role.open_messages) {
    if (absl::Status status = text("settings.openMessages", message, Content::kMessage); !status.ok()) return status;
  }
  return text("settings.heartbeatMessage", role.heartbeat_message, Content::kMessage);
}

absl::Status VisitTls(const ClientRole& role, const TakeText& text, const TakePath& path) {
  for (const PemSetting& pem : PemSettings(role.tls_settings)) {
    absl::Status status =
        pem.source.path.empty() ? text(pem.raw, pem.source.text, Content::kPem) : path(pem.path, pem.source.path);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status VisitRole(const ServerRole& role, const TakeText& text, const TakePath& /*path*/) {
  for (const std::string& token : role.bearer_tokens) {
    if (absl::Status status = text("settings.bearerTokens", token, Content::kVisible); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status VisitRole(const ClientRole& role, const TakeText& text, const TakePath& path) {
  absl::Status status = text("datasource", role.target, Content::kVisible);
  for (const ingest::HttpHeader& header : role.headers) {
    if (status.ok()) status = text(Concat({"settings.requestHeader.", header.name}), header.value, Content::kHeader);
  }
  if (status.ok()) status = text("settings.proxyUrl", role.proxy_url, Content::kVisible);
  if (status.ok()) status = VisitMessages(role, text);
  return status.ok() ? VisitTls(role, text, path) : status;
}

// Calls back for everything in the spec that may refer to a secret. The first error ends it.
absl::Status Visit(const StreamSpec& spec, const TakeText& text, const TakePath& path) {
  return std::visit([&](const auto& role) { return VisitRole(role, text, path); }, spec.role);
}

bool IsAllowed(Content content, char c) {
  const bool is_control = (c >= 0 && c < ' ' && c != '\t') || c == '\x7f';
  if (content == Content::kVisible) return c > ' ' && c < '\x7f';
  return content != Content::kHeader || !is_control;
}

// Names the setting, in the message and as the field at fault.
absl::Status AboutSetting(const absl::Status& status, std::string_view setting) {
  return AboutField(status, Concat({"stream.", setting}));
}

absl::Status Unusable(const std::string& field, std::string_view problem) {
  return MakeError(absl::StatusCode::kInvalidArgument, Concat({field, " ", problem}),
                   {"TLS_MATERIAL_INVALID", {{"field", field}}, field, {}});
}

absl::Status CheckText(std::string_view setting, const std::string& text, Content content, const SecretStore& store) {
  if (!config::HasReference(text)) return absl::OkStatus();
  const auto expanded = store.Expand(text);
  if (!expanded.ok()) return AboutSetting(FieldInvalid("", std::string(expanded.status().message())), setting);
  const bool fits =
      std::all_of(expanded->begin(), expanded->end(), [content](char c) { return IsAllowed(content, c); });
  if (fits) return absl::OkStatus();
  return AboutSetting(FieldInvalid("",
                                   "a secret that it refers to holds line breaks, spaces or other characters that "
                                   "must not be sent there"),
                      setting);
}

std::vector<std::string> ReferencesOf(std::string_view text) {
  std::vector<std::string> references;
  for (const config::TextPiece& piece : config::SplitReferences(text)) {
    if (piece.kind != config::TextPiece::Kind::kLiteral) references.push_back(config::ReferenceText(piece));
  }
  return references;
}

// Errors of Hold name the reference; which setting has it is found again.
absl::Status NameSetting(const StreamSpec& spec, const absl::Status& error) {
  const std::string message(error.message());
  std::string found;
  const auto take_text = [&](std::string_view setting, const std::string& text, Content) {
    for (const std::string& reference : ReferencesOf(text)) {
      if (found.empty() && message.starts_with(reference)) found = setting;
    }
    return absl::OkStatus();
  };
  const auto take_path = [&](std::string_view setting, const std::string& path) {
    if (found.empty() && message.starts_with(Concat({"the file ", path, " "}))) found = setting;
    return absl::OkStatus();
  };
  static_cast<void>(Visit(spec, take_text, take_path));
  return found.empty() ? error : AboutSetting(error, found);
}

// The PEM that a setting stands for; empty if there is none.
absl::StatusOr<std::string> PemOf(const PemSource& source, const SecretStore& store) {
  if (!source.path.empty()) return store.ReadFile(source.path);
  return store.Expand(source.text);
}

}  // namespace

absl::Status CheckTls(const ingest::TlsClientSettings& tls, std::string_view where, const SecretStore& store) {
  const auto settings = PemSettings(tls);
  std::array<std::string, 3> pems;
  for (size_t i = 0; i < settings.size(); ++i) {
    auto pem = PemOf(settings[i].source, store);
    if (!pem.ok()) return pem.status();
    pems[i] = *std::move(pem);
  }
  const auto& [root_ca, certificate, private_key] = pems;
  const auto unusable = [&](const PemSetting& setting, std::string_view problem) {
    return Unusable(Concat({where, ".", setting.name()}), problem);
  };
  std::string problem = tls.root_ca.empty() ? std::string() : CertificatesProblem(root_ca);
  if (!problem.empty()) return unusable(settings[0], problem);
  if (!tls.certificate.empty()) problem = CertificatesProblem(certificate);
  if (!problem.empty()) return unusable(settings[1], problem);
  if (!tls.private_key.empty()) problem = PrivateKeyProblem(private_key);
  const bool is_pair = !tls.certificate.empty() && !tls.private_key.empty();
  if (problem.empty() && is_pair) problem = KeyPairProblem(certificate, private_key);
  return problem.empty() ? absl::OkStatus() : unusable(settings[2], problem);
}

SecretUse FindSecrets(const StreamSpec& spec) {
  SecretUse use;
  const auto take_text = [&use](std::string_view, const std::string& text, Content) {
    for (std::string& reference : ReferencesOf(text)) use.references.insert(std::move(reference));
    return absl::OkStatus();
  };
  const auto take_path = [&use](std::string_view, const std::string& path) {
    use.paths.insert(path);
    return absl::OkStatus();
  };
  static_cast<void>(Visit(spec, take_text, take_path));
  return use;
}

absl::StatusOr<SecretLease> HoldSecrets(const StreamSpec& spec, SecretStore& store) {
  absl::StatusOr<SecretLease> lease = store.Hold(FindSecrets(spec));
  if (!lease.ok()) return NameSetting(spec, lease.status());
  absl::Status status = Visit(
      spec,
      [&store](std::string_view setting, const std::string& text, Content content) {
        return CheckText(setting, text, content, store);
      },
      [](std::string_view, const std::string&) { return absl::OkStatus(); });
  const auto* const client = std::get_if<ClientRole>(&spec.role);
  if (status.ok() && client != nullptr) status = CheckTls(client->tls_settings, "stream", store);
  if (!status.ok()) return status;
  return lease;
}

}  // namespace inlet::service
