// Reads the keys of etc/inlet.yaml and of the `source` section of websocket.yaml by their tables.
#include "service/config/app_settings.h"

#include <algorithm>
#include <utility>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/config/names.h"
#include "service/config/network_address.h"

namespace inlet::config {
namespace {

// Names that may follow `prefix`, each once, in the table's order.
std::vector<std::string_view> Children(std::span<const AppSetting> table, std::string_view prefix) {
  const std::string begin = prefix.empty() ? std::string() : Concat({prefix, "."});
  std::vector<std::string_view> children;
  for (const AppSetting& setting : table) {
    if (!setting.path.starts_with(begin)) continue;
    const std::string_view rest = setting.path.substr(begin.size());
    const std::string_view child = rest.substr(0, rest.find('.'));
    if (std::find(children.begin(), children.end(), child) == children.end()) children.push_back(child);
  }
  return children;
}

// Empty if none of them is meant.
std::string_view FindChild(const std::vector<std::string_view>& children, std::string_view key) {
  for (const std::string_view child : children) {
    if (key == child || key == SnakeCase(child)) return child;
  }
  return {};
}

absl::Status ReadLeaf(const AppSetting& setting, std::string_view source, const Value& value, AppConfig& config,
                      Places& places) {
  const std::string place = Place(source, value.line);
  const auto [entry, is_new] = places.emplace(setting.path, place);
  if (!is_new) {
    return ValueError(place, setting.path, Concat({"given twice, first at ", entry->second, "; keep one of them"}));
  }
  return setting.read({source, std::string(setting.path)}, value, config);
}

absl::Status ReadMember(std::span<const AppSetting> table, std::string_view source, std::string_view prefix,
                        const Member& member, AppConfig& config, Places& places) {
  const std::vector<std::string_view> children = Children(table, prefix);
  const std::string_view child = FindChild(children, member.key);
  if (child.empty()) return UnknownKey(Place(source, member.line), prefix, member.key, children);
  const std::string path = JoinPath(prefix, child);
  for (const AppSetting& setting : table) {
    if (setting.path == path) return ReadLeaf(setting, source, member.value, config, places);
  }
  return ReadAppSettings(table, source, path, member.value, config, places);
}

std::string PlaceOf(const Places& places, std::string_view path) {
  const auto place = places.find(path);
  return place == places.end() ? "built-in" : place->second;
}

absl::Status CheckServerTls(const ServerTlsConfig& tls, const Places& places) {
  constexpr std::string_view kSection = "source.httpServerTls.";
  const auto error = [&](std::string_view key, std::string_view message) {
    const std::string path = Concat({kSection, key});
    return ValueError(PlaceOf(places, path), path, message);
  };
  if (tls.enabled() && tls.keyfile.path.empty()) return error("certfile", "needs keyfile beside it");
  for (const std::string_view key : {"keyfile", "clientCaFile", "clientAuth", "minVersion"}) {
    if (!tls.enabled() && places.contains(Concat({kSection, key}))) {
      return error(key, "has no meaning without certfile: set certfile and keyfile, or remove httpServerTls");
    }
  }
  if (tls.EffectiveClientAuth() != ServerTlsConfig::ClientAuth::kNone && tls.client_ca_file.path.empty()) {
    return error("clientAuth", "needs clientCaFile, which holds the certificates of those that sign clients'");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadAppSettings(std::span<const AppSetting> table, std::string_view source, std::string_view prefix,
                             const Value& value, AppConfig& config, Places& places) {
  if (value.kind == Value::Kind::kNull) return absl::OkStatus();  // a section whose keys are all commented out
  if (value.kind != Value::Kind::kMap) return WrongType({source, std::string(prefix)}, value, "a map of keys");
  for (const Member& member : value.members) {
    absl::Status status = ReadMember(table, source, prefix, member, config, places);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckAppConfig(const AppConfig& config, const Places& places) {
  if (absl::Status status = CheckServerTls(config.server.tls, places); !status.ok()) return status;
  if (config.grpc.insecure || IsLoopback(config.grpc.address)) return absl::OkStatus();
  return ValueError(
      PlaceOf(places, "grpc.address"), "grpc.address",
      Concat({config.grpc.address,
              " is open to other machines, and without TLS so is all that is sent there: use 127.0.0.1, or set "
              "grpc.insecure: true (INLET__GRPC__INSECURE=true) if the network is trusted"}));
}

std::map<std::string, std::vector<std::string_view>, std::less<>> SectionsOf(std::span<const AppSetting> table) {
  std::map<std::string, std::vector<std::string_view>, std::less<>> sections;
  for (const AppSetting& setting : table) {
    const size_t dot = setting.path.rfind('.');
    const bool is_on_top = dot == std::string_view::npos;
    const std::string_view section = is_on_top ? std::string_view() : setting.path.substr(0, dot);
    sections[std::string(section)].push_back(is_on_top ? setting.path : setting.path.substr(dot + 1));
  }
  return sections;
}

}  // namespace inlet::config
