// Reads etc/inlet.yaml, sources/websocket.yaml beside it, and the environment, in layers.
#include "service/config/load.h"

#include <filesystem>
#include <system_error>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/app_settings.h"
#include "service/config/client_role_builder.h"
#include "service/config/definition_files.h"
#include "service/config/ekuiper_keys.h"
#include "service/config/environment.h"
#include "service/config/layer_check.h"
#include "service/config/names.h"
#include "service/config/settings_reader.h"
#include "service/config/yaml_text.h"

namespace inlet::config {
namespace {

constexpr std::string_view kServerSection = "source";
constexpr std::string_view kServiceFile = "INLET";
constexpr std::string_view kSourcesFile = "WEBSOCKET";

void AddTexts(const std::string& path, const Value& value, ServerTexts& texts) {
  if (value.members.empty() && value.items.empty()) texts[path] = value.text;
  for (const Member& member : value.members) AddTexts(JoinPath(path, member.key), member.value, texts);
  for (size_t i = 0; i < value.items.size(); ++i) AddTexts(JoinPath(path, std::to_string(i)), value.items[i], texts);
}

class Loader {
 public:
  absl::Status ReadInlet(const ConfigText& file) {
    const auto root = ParseYaml(file.name, file.text);
    if (!root.ok()) return root.status();
    if (IsKuiperYaml(file.name, *root)) return ReadServerOf(file, *root);
    return ReadAppSettings(ServiceSettings(), file.name, "", *root, loaded_.app, places_);
  }

  absl::Status ReadKuiper(const ConfigText& file) {
    const auto root = ParseYaml(file.name, file.text);
    if (!root.ok()) return root.status();
    return IsKuiperYaml(file.name, *root) ? ReadServerOf(file, *root) : absl::OkStatus();
  }

  absl::Status ReadWebSocket(const ConfigText& file) {
    const auto root = ParseYaml(file.name, file.text);
    if (!root.ok()) return root.status();
    if (root->kind == Value::Kind::kNull) return absl::OkStatus();
    if (root->kind != Value::Kind::kMap) return WrongType({file.name, ""}, *root, "a map of sections");
    for (const Member& section : root->members) {
      absl::Status status = ReadSection(file.name, section);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ReadEnvironment(const Environment& environment) {
    const std::vector<EnvironmentSection> sections = Sections();
    const auto overrides = ResolveEnvironment(environment, sections);
    if (!overrides.ok()) return overrides.status();
    for (const Override& variable : *overrides) {
      absl::Status status = Apply(variable, sections[variable.section]);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Loaded> Finish() {
    AddKuiperPlaces();
    absl::Status status = CheckAppConfig(loaded_.app, places_);
    if (status.ok()) status = CheckProxies();
    if (!status.ok()) return status;
    auto streams = ReadStreamsSetting(loaded_.app.streams.definitions);
    if (!streams.ok()) return streams.status();
    loaded_.streams = *std::move(streams);
    return std::move(loaded_);
  }

 private:
  absl::Status ReadServerOf(const ConfigText& kuiper, const Value& root) {
    const Value* const server = ServerSectionOf(kuiper.name, root, loaded_.warnings);
    if (server == nullptr) return absl::OkStatus();
    absl::Status status = ReadAppSettings(ServerSettings(), kuiper.name, kServerSection, *server, loaded_.app, places_);
    kuiper_places_.swap(places_);
    return status;
  }

  absl::Status CheckProxies() const {
    const ConfKeys& keys = loaded_.conf_keys;
    for (const std::string_view name : keys.Names()) {
      if (loaded_.app.egress.proxy || keys.Section(name).proxy_url().empty()) continue;
      return AddContext(ProxyForbidden(JoinPath(name, "proxyUrl")), keys.Where(name));
    }
    return absl::OkStatus();
  }

  // What a kuiper.yaml sets holds unless another layer sets it.
  void AddKuiperPlaces() {
    for (const auto& [path, place] : kuiper_places_) {
      const auto [found, is_its_own] = places_.emplace(path, place);
      if (is_its_own) continue;
      loaded_.warnings.push_back(Concat({place, ": ", path, " has no effect, since ", found->second, " sets it"}));
    }
  }

  absl::Status ReadSection(std::string_view file, Member section) {
    if (section.key == kServerSection) {
      AddTexts(section.key, section.value, loaded_.server_texts);
      return ReadAppSettings(ServerSettings(), file, kServerSection, section.value, loaded_.app, places_);
    }
    const std::string place = Place(file, section.line);
    absl::Status name = CheckConfKeyName(section.key);
    if (!name.ok()) return AddContext(name, place);
    absl::Status status = TakeEkuiperKeys(file, section.key, section.value, loaded_.warnings);
    if (!status.ok()) return status;
    auto settings = SettingsFromValue(file, section.key, section.value);
    if (!settings.ok()) return settings.status();
    if (status = CheckSection(*settings, file, section); !status.ok()) return status;
    return loaded_.conf_keys.Set(section.key, *std::move(settings), place);
  }

  std::vector<EnvironmentSection> Sections() const {
    std::vector<EnvironmentSection> sections;
    for (const auto& [name, keys] : SectionsOf(ServiceSettings())) {
      sections.push_back({std::string(kServiceFile), name, keys});
    }
    for (const auto& [name, keys] : SectionsOf(ServerSettings())) {
      sections.push_back({std::string(kSourcesFile), name, keys});
    }
    for (const std::string_view name : loaded_.conf_keys.Names()) {
      sections.push_back({std::string(kSourcesFile), std::string(name), SettingNames()});
    }
    return sections;
  }

  absl::Status Apply(const Override& variable, const EnvironmentSection& section) {
    const std::string where = Concat({"environment variable ", variable.variable});
    if (!IsUtf8(variable.text)) return ValueError(where, variable.key, "the text is not UTF-8");
    if (section.file == kServiceFile) return ApplyTo(ServiceSettings(), where, variable, section);
    const bool is_server = !loaded_.conf_keys.Contains(section.name);
    return is_server ? ApplyTo(ServerSettings(), where, variable, section) : ApplyToConfKey(where, variable, section);
  }

  absl::Status ApplyTo(std::span<const AppSetting> table, const std::string& where, const Override& variable,
                       const EnvironmentSection& section) {
    const std::string path = JoinPath(section.name, variable.key);
    Value value;
    value.kind = Value::Kind::kPlain;
    value.text = variable.text;
    for (const AppSetting& setting : table) {
      if (setting.path != path) continue;
      places_[path] = where;
      if (section.file == kSourcesFile) loaded_.server_texts[path] = variable.text;
      return setting.read({where, path}, value, loaded_.app);
    }
    return absl::InternalError(Concat({where, ": no such setting"}));
  }

  absl::Status ApplyToConfKey(const std::string& where, const Override& variable, const EnvironmentSection& section) {
    v1::SourceSettings settings = loaded_.conf_keys.Section(section.name);
    absl::Status status = ReadSettingFromText(where, variable.key, variable.text, settings);
    if (status.ok()) status = CheckLayer(settings, Concat({where, ": ", section.name}));
    if (!status.ok()) return status;
    return loaded_.conf_keys.Set(section.name, std::move(settings), where);
  }

  Loaded loaded_;
  Places places_;
  Places kuiper_places_;  // what a kuiper.yaml set
};

// Missing is as good as empty; unreadable is not.
absl::StatusOr<ConfigText> ReadFileIfThere(const std::filesystem::path& path) {
  const std::string name = path.string();
  auto text = ReadConfigFile(name, kMaxConfigBytes);
  if (!text.ok() && !absl::IsNotFound(text.status())) return text.status();
  return ConfigText{name, text.ok() ? *std::move(text) : std::string()};
}

absl::StatusOr<Loaded> LoadFiles(const std::string& path, const Environment& environment) {
  const auto inlet = ReadConfigFile(path, kMaxConfigBytes);
  if (!inlet.ok()) return inlet.status();
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const std::string sources = folder / "sources" / "websocket.yaml";
  const auto websocket = ReadFileIfThere(sources);
  if (!websocket.ok()) return websocket.status();
  auto kuiper = ReadFileIfThere(folder / "kuiper.yaml");
  if (!kuiper.ok()) return kuiper.status();
  if (std::filesystem::path(path).filename() == "kuiper.yaml") *kuiper = {};
  auto loaded = LoadText({path, *inlet}, *websocket, environment, *kuiper);
  std::error_code ignored;
  const bool is_there = std::filesystem::exists(sources, ignored);
  if (loaded.ok()) loaded->sources_file = {sources, is_there, {path, *inlet}, *std::move(kuiper), environment};
  return loaded;
}

}  // namespace

Environment ReadEnvironment(const char* const* entries) {
  Environment environment;
  for (; *entries != nullptr; ++entries) {
    const std::string_view entry(*entries);
    const size_t equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return environment;
}

absl::StatusOr<Loaded> LoadText(const ConfigText& inlet, const ConfigText& websocket, const Environment& environment,
                                const ConfigText& kuiper) {
  Loader loader;
  absl::Status status = loader.ReadKuiper(kuiper);
  if (status.ok()) status = loader.ReadInlet(inlet);
  if (status.ok()) status = loader.ReadWebSocket(websocket);
  if (status.ok()) status = loader.ReadEnvironment(environment);
  if (!status.ok()) return status;
  return loader.Finish();
}

absl::StatusOr<Loaded> Load(const std::optional<std::string>& path, const Environment& environment) {
  auto loaded = path ? LoadFiles(*path, environment) : LoadText({"built-in", {}}, {"built-in", {}}, environment);
  if (!loaded.ok()) return loaded;
  if (absl::Status status = AddDefinitionFolder(loaded->app.streams.dir, loaded->streams); !status.ok()) return status;
  return loaded;
}

absl::StatusOr<std::string> ReadAgain(const SourcesFile& file) {
  auto text = ReadConfigFile(file.path, kMaxConfigBytes);
  if (absl::IsNotFound(text.status()) && !file.was_there) return std::string();
  return text;
}

absl::StatusOr<Loaded> LoadAgain(const SourcesFile& file, std::string text) {
  return LoadText(file.inlet, {file.path, std::move(text)}, file.environment, file.kuiper);
}

}  // namespace inlet::config
