// What settings may say, whichever way they came.
#include "service/config/settings_check.h"

#include <algorithm>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/redact.h"
#include "service/config/setting_values.h"
#include "service/config/settings_reader.h"

namespace inlet::config {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using v1::SourceSettings;

// What is shown of these may hold the placeholder inside.
bool IsSecret(const FieldDescriptor& field) {
  switch (field.number()) {
    case SourceSettings::kProxyUrlFieldNumber:
    case SourceSettings::kBearerTokensFieldNumber:
    case SourceSettings::kPrivateKeyRawFieldNumber:
      return true;
    default:
      return false;
  }
}

bool IsPlaceholder(std::string_view text, const FieldDescriptor& field) {
  return IsSecret(field) ? text.find(kRedacted) != std::string_view::npos : text == kRedacted;
}

bool HasPlaceholderText(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return false;
  if (!field.is_repeated()) return IsPlaceholder(reflection.GetString(message, &field), field);
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (IsPlaceholder(reflection.GetRepeatedString(message, &field, i), field)) return true;
  }
  return false;
}

// The contract numbers them so: below 16 both roles, from 48 on the server role.
SourceRole RoleOf(const FieldDescriptor& field) {
  constexpr int kFirstOfServerRole = 48;
  return field.number() >= kFirstOfServerRole ? SourceRole::kServer : SourceRole::kClient;
}

bool IsOfBothRoles(const FieldDescriptor& field) {
  constexpr int kFirstOfClientRole = 16;
  const bool is_of_client = field.number() == SourceSettings::kReconnectWhenStalledFieldNumber;
  return field.number() < kFirstOfClientRole && !is_of_client;
}

}  // namespace

bool HasPlaceholder(const SourceSettings& settings, const FieldDescriptor& field) {
  if (!field.is_map()) return HasPlaceholderText(settings, field);
  const auto& headers = settings.request_header();
  return std::any_of(headers.begin(), headers.end(),
                     [](const auto& header) { return header.second.find(kRedacted) != std::string::npos; });
}

std::string FieldProblem(const SourceSettings& settings, const FieldDescriptor& field) {
  if (HasPlaceholder(settings, field)) {
    return Concat({kRedacted, " stands for a secret that was hidden, and there is none to keep here: write the value"});
  }
  return ValueProblem(settings, field);
}

absl::Status CheckValues(const SourceSettings& settings, std::string_view where) {
  for (const FieldDescriptor* field : FieldsSet(settings)) {
    const std::string problem = FieldProblem(settings, *field);
    if (problem.empty()) continue;
    const std::string path = Concat({where, ".", field->json_name()});
    return FieldInvalid(path, Concat({path, ": ", problem}));
  }
  return absl::OkStatus();
}

absl::Status CheckSupported(const SourceSettings& settings, std::string_view where) {
  const auto& unknown = SourceSettings::GetReflection()->GetUnknownFields(settings);
  if (unknown.empty()) return absl::OkStatus();
  const std::string number = std::to_string(unknown.field(0).number());
  return NotImplemented(where, Concat({where, ": this version does not know the setting with field number ", number,
                                       "; update Inlet, or leave it out"}));
}

std::vector<std::string> UnusedSettings(const SourceSettings& own, SourceRole role) {
  const std::string_view why = role == SourceRole::kServer
                                   ? " has no effect: it is for streams that dial a remote server, and addr is empty"
                                   : " has no effect: it is for streams that peers connect to, and this one dials";
  std::vector<std::string> warnings;
  for (const FieldDescriptor* field : FieldsSet(own)) {
    const bool is_addr = field->number() == SourceSettings::kAddrFieldNumber;  // it chose the role
    if (IsOfBothRoles(*field) || RoleOf(*field) == role || is_addr) continue;
    warnings.push_back(Concat({field->json_name(), why}));
  }
  return warnings;
}

}  // namespace inlet::config
