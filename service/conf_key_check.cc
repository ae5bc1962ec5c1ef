// Judges what a caller wants to put into a conf key.
#include "service/conf_key_check.h"

#include <utility>
#include <vector>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/client_role_builder.h"
#include "service/config/kept_secrets.h"
#include "service/config/layer_check.h"
#include "service/config/pem_text.h"
#include "service/config/secret_references.h"
#include "service/config/setting_origin.h"
#include "service/config/settings_check.h"
#include "service/config/settings_reader.h"
#include "service/stream_secrets.h"

namespace inlet::service {
namespace {

using google::protobuf::FieldDescriptor;
using v1::SourceSettings;

// All texts of one setting.
std::vector<std::string> TextsOf(const SourceSettings& settings, const FieldDescriptor& field) {
  std::vector<std::string> texts;
  const auto& reflection = *SourceSettings::GetReflection();
  if (field.is_map()) {
    for (const auto& [name, value] : settings.request_header()) texts.push_back(value);
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING && field.is_repeated()) {
    for (int i = 0; i < reflection.FieldSize(settings, &field); ++i) {
      texts.push_back(reflection.GetRepeatedString(settings, &field, i));
    }
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    texts.push_back(reflection.GetString(settings, &field));
  }
  return texts;
}

bool IsPath(const FieldDescriptor& field) {
  switch (field.number()) {
    case SourceSettings::kRootCaPathFieldNumber:
    case SourceSettings::kCertificationPathFieldNumber:
    case SourceSettings::kPrivateKeyPathFieldNumber:
      return true;
    default:
      return false;
  }
}

SecretUse UseOf(const SourceSettings& settings, const FieldDescriptor& field) {
  SecretUse use;
  for (std::string& text : TextsOf(settings, field)) {
    for (const config::TextPiece& piece : config::SplitReferences(text)) {
      if (piece.kind != config::TextPiece::Kind::kLiteral) use.references.insert(config::ReferenceText(piece));
    }
    if (IsPath(field) && !text.empty()) use.paths.insert(std::move(text));
  }
  return use;
}

absl::Status CheckReferences(const SourceSettings& settings, SecretStore& secrets) {
  for (const FieldDescriptor* field : config::FieldsSet(settings)) {
    const absl::Status status = secrets.Hold(UseOf(settings, *field)).status();
    if (!status.ok()) return AboutField(status, Concat({config::kConfKeySettings, ".", field->json_name()}));
  }
  return absl::OkStatus();
}

ingest::PemSource Pem(const std::string& path, const std::string& raw) {
  return {path, config::PemText(raw).value_or(std::string())};
}

absl::Status CheckCertificates(const SourceSettings& settings, SecretStore& secrets) {
  ingest::StreamSpec spec;
  ingest::TlsClientSettings& tls = spec.role.emplace<ingest::ClientRole>().tls_settings;
  tls.root_ca = Pem(settings.root_ca_path(), settings.root_ca_raw());
  tls.certificate = Pem(settings.certification_path(), settings.certification_raw());
  tls.private_key = Pem(settings.private_key_path(), settings.private_key_raw());
  const absl::StatusOr<SecretLease> held = secrets.Hold(FindSecrets(spec));
  return held.ok() ? CheckTls(tls, "conf_key", secrets) : held.status();
}

}  // namespace

absl::Status AcceptSettings(const SourceSettings& present, const ConfKeyRules& rules, SourceSettings& settings) {
  const bool same_destination = config::IsSameDestination(present, settings);
  absl::Status status = config::KeepSecrets(present, same_destination, config::kConfKeySettings, settings);
  if (status.ok()) status = config::CheckSupported(settings, config::kConfKeySettings);
  if (status.ok()) status = config::CheckValues(settings, config::kConfKeySettings);
  if (status.ok()) status = config::CheckLayer(settings, config::kConfKeySettings);
  if (status.ok() && !rules.allow_proxy && !settings.proxy_url().empty()) {
    status = config::ProxyForbidden(Concat({config::kConfKeySettings, ".proxyUrl"}));
  }
  if (!status.ok() || rules.secrets == nullptr) return status;
  status = CheckReferences(settings, *rules.secrets);
  return status.ok() ? CheckCertificates(settings, *rules.secrets) : status;
}

}  // namespace inlet::service
