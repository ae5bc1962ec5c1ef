// Names the conf key in errors about settings that a stream has from one.
#include "service/config/setting_origin.h"

#include <algorithm>
#include <array>
#include <string>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/names.h"
#include "service/config/settings_reader.h"

namespace inlet::config {
namespace {

using google::protobuf::FieldDescriptor;
using v1::SourceSettings;

// Errors name `field` also where only `cause` is given.
struct Cause {
  int field;
  int cause;
};

constexpr std::array kCauses = {
    Cause{SourceSettings::kHeartbeatIntervalFieldNumber, SourceSettings::kHeartbeatMessageFieldNumber},
    Cause{SourceSettings::kHeartbeatMessageFieldNumber, SourceSettings::kHeartbeatIntervalFieldNumber},
    Cause{SourceSettings::kBackoffInitialFieldNumber, SourceSettings::kBackoffMaxFieldNumber},
    Cause{SourceSettings::kCertificationPathFieldNumber, SourceSettings::kCertificationRawFieldNumber},
    Cause{SourceSettings::kPrivateKeyPathFieldNumber, SourceSettings::kPrivateKeyRawFieldNumber},
};

// The setting that "requestHeader.Authorization" is about; null if there is none.
const FieldDescriptor* FindSetting(std::string_view path) {
  const std::string_view name = path.substr(0, path.find('.'));
  const auto& descriptor = *SourceSettings::descriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    if (descriptor.field(i)->json_name() == name) return descriptor.field(i);
  }
  return nullptr;
}

const FieldDescriptor* CauseOf(const FieldDescriptor& field) {
  const auto* const found =
      std::find_if(kCauses.begin(), kCauses.end(), [&](const Cause& row) { return row.field == field.number(); });
  return found == kCauses.end() ? nullptr : SourceSettings::descriptor()->FindFieldByNumber(found->cause);
}

bool Sets(const SourceSettings& settings, const FieldDescriptor& field) {
  const auto fields = FieldsSet(settings);
  return std::find(fields.begin(), fields.end(), &field) != fields.end();
}

// The uppermost of the two conf keys of the stream that has the setting; empty if none has it.
std::string_view KeyWith(const FieldDescriptor& field, std::string_view conf_key, const ConfKeys& keys) {
  constexpr std::string_view kDefault = "default";
  for (const std::string_view name : {conf_key, kDefault}) {
    if (keys.Contains(name) && Sets(keys.Section(name), field)) return name;
  }
  return {};
}

}  // namespace

absl::Status NameOrigin(const absl::Status& error, std::string_view settings_path, const v1::Stream& definition,
                        const ConfKeys& keys) {
  ErrorDetail detail = GetErrorDetail(error);
  const std::string prefix = Concat({settings_path, "."});
  const std::string message(error.message());
  if (!detail.field.starts_with(prefix) || !message.starts_with(prefix)) return error;
  const std::string setting = detail.field.substr(prefix.size());
  const FieldDescriptor* const field = FindSetting(setting);
  if (field == nullptr) return error;
  std::string_view key;
  for (const FieldDescriptor* given : {field, CauseOf(*field)}) {
    if (given == nullptr || !key.empty()) break;
    if (Sets(definition.settings(), *given)) return error;
    key = KeyWith(*given, definition.conf_key(), keys);
  }
  if (key.empty()) return error;
  detail.SetField(Concat({kConfKeySettings, ".", setting}));
  return MakeError(error.code(), Concat({"conf key ", Shown(key), ": ", message.substr(prefix.size())}), detail);
}

}  // namespace inlet::config
