// What the files of eKuiper hold beside our own keys, and what becomes of it.
#include "service/config/ekuiper_keys.h"

#include <algorithm>
#include <array>

#include "ingest/text.h"
#include "service/config/app_settings.h"
#include "service/config/names.h"

namespace inlet::config {
namespace {

constexpr std::string_view kServerSection = "source";
constexpr std::array<std::string_view, 9> kKuiperSections = {
    "basic", "rule", "sink", "source", "store", "portable", "openTelemetry", "security", "connection"};

enum class Effect {
  kNone,      // accepted: nothing changes without it
  kDifferent  // refused: a stream would be another one without it
};

struct EkuiperKey {
  std::string_view name;
  Effect effect;
  std::string_view harmless;  // a value that says what is so anyway
  std::string_view advice;
};

constexpr std::string_view kDatasource = "the path belongs to the stream: write it as DATASOURCE";
constexpr std::string_view kJsonAlone = "a message is JSON here, an object or an array of objects: remove it";
constexpr std::string_view kAtOnce = "records are delivered as they come";

constexpr std::array kKeys = {
    EkuiperKey{"path", Effect::kDifferent, "", kDatasource},
    EkuiperKey{"datasource", Effect::kDifferent, "", kDatasource},
    EkuiperKey{"endpoint", Effect::kDifferent, "", kDatasource},
    EkuiperKey{"server", Effect::kDifferent, "", "write host:port as addr, and ws or wss as scheme"},
    EkuiperKey{"connectionSelector", Effect::kDifferent, "",
               "named connections are not read: write what the connection has (addr, scheme, requestHeader, ...) here"},
    EkuiperKey{"tls", Effect::kDifferent, "",
               "kuiper.yaml's security.tls is not read: write rootCaPath, certificationPath and privateKeyPath here"},
    EkuiperKey{
        "decrypt", Effect::kDifferent, "",
        "files are read as they are: decrypt them, or name the key by reference, as privateKeyRaw: ${file:NAME}"},
    EkuiperKey{"decompression", Effect::kDifferent, "", "messages are not decompressed: remove it"},
    EkuiperKey{"format", Effect::kDifferent, "json", kJsonAlone},
    EkuiperKey{"schemaId", Effect::kDifferent, "", kJsonAlone},
    EkuiperKey{"delimiter", Effect::kDifferent, "", kJsonAlone},
    EkuiperKey{"payloadFormat", Effect::kDifferent, "", kJsonAlone},
    EkuiperKey{"payloadField", Effect::kDifferent, "", kJsonAlone},
    EkuiperKey{"payloadBatchField", Effect::kDifferent, "", kJsonAlone},
    EkuiperKey{"payloadSchemaId", Effect::kDifferent, "", kJsonAlone},
    EkuiperKey{"payloadDelimiter", Effect::kDifferent, "", kJsonAlone},
    EkuiperKey{"interval", Effect::kNone, "", kAtOnce},
    EkuiperKey{"sendInterval", Effect::kNone, "", kAtOnce},
    EkuiperKey{"merger", Effect::kNone, "", kAtOnce},
    EkuiperKey{"mergeField", Effect::kNone, "", kAtOnce},
    EkuiperKey{"useInt64ForWholeNumber", Effect::kNone, "", "numbers are exact anyway"},
    EkuiperKey{"renegotiationSupport", Effect::kNone, "never", "TLS is not renegotiated"},
    EkuiperKey{"checkConnection", Effect::kNone, "false", "`inletctl check` looks at a connection when it is asked to"},
};

bool HasSection(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The first parts of the paths of inlet.yaml.
std::vector<std::string_view> InletSections() {
  std::vector<std::string_view> names;
  for (const AppSetting& setting : ServiceSettings()) names.push_back(setting.path.substr(0, setting.path.find('.')));
  return names;
}

const EkuiperKey* FindKey(std::string_view name) {
  const auto* const found = std::find_if(kKeys.begin(), kKeys.end(), [&](const auto& key) { return key.name == name; });
  return found == kKeys.end() ? nullptr : &*found;
}

// Nothing is said by a key without value, an empty one, or one that is so anyway.
bool IsHarmless(const EkuiperKey& key, const Value& value) {
  const bool is_scalar = value.kind != Value::Kind::kList && value.kind != Value::Kind::kMap;
  return is_scalar && (value.text.empty() || (!key.harmless.empty() && EqualIgnoringCase(value.text, key.harmless)));
}

}  // namespace

bool IsKuiperYaml(std::string_view file, const Value& root) {
  if (root.kind != Value::Kind::kMap) return false;
  const std::vector<std::string_view> ours = InletSections();
  bool is_kuiper = false;
  for (const Member& member : root.members) {
    if (HasSection(ours, member.key)) return false;
    const bool is_known =
        std::find(kKuiperSections.begin(), kKuiperSections.end(), member.key) != kKuiperSections.end();
    is_kuiper |= is_known && (member.key != kServerSection || file.ends_with("kuiper.yaml"));
  }
  return is_kuiper;
}

const Value* ServerSectionOf(std::string_view file, const Value& root, ConfigWarnings& warnings) {
  const Value* server = nullptr;
  std::string others;
  for (const Member& member : root.members) {
    if (member.key == kServerSection) {
      server = &member.value;
    } else {
      others += Concat({others.empty() ? "" : ", ", Shown(member.key)});
    }
  }
  if (!others.empty()) {
    warnings.push_back(Concat({file, ": of a kuiper.yaml the section `source` is used; without effect: ", others}));
  }
  return server;
}

absl::Status TakeEkuiperKeys(std::string_view file, std::string_view section, Value& settings,
                             ConfigWarnings& warnings) {
  absl::Status status;
  std::erase_if(settings.members, [&](const Member& member) {
    const EkuiperKey* const key = FindKey(member.key);
    if (key == nullptr || !status.ok()) return false;
    if (IsHarmless(*key, member.value)) return true;
    const std::string place = Place(file, member.line);
    const std::string path = JoinPath(section, member.key);
    if (key->effect == Effect::kDifferent) {
      status = ValueError(place, path, Concat({"this key of eKuiper is not used here; ", key->advice}));
      return false;
    }
    warnings.push_back(Concat({place, ": ", path, ": this key of eKuiper has no effect here; ", key->advice}));
    return true;
  });
  return status;
}

}  // namespace inlet::config
