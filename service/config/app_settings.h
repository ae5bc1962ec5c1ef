// The keys of etc/inlet.yaml and of the `source` section of websocket.yaml: one table says what each means.
#ifndef INLET_SERVICE_CONFIG_APP_SETTINGS_H_
#define INLET_SERVICE_CONFIG_APP_SETTINGS_H_

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "service/config/app_config.h"
#include "service/config/scalars.h"
#include "service/config/value.h"

namespace inlet::config {

struct AppSetting {
  std::string_view path;  // sections and key, such as "streams.retention.maxBytes"
  absl::Status (*read)(const Spot& spot, const Value& value, AppConfig& config) = nullptr;
};

// Of inlet.yaml.
std::span<const AppSetting> ServiceSettings();
// Of websocket.yaml; all paths begin with "source.".
std::span<const AppSetting> ServerSettings();

// Where each setting was written last, by its path; for errors that need more than one setting.
using Places = std::map<std::string, std::string, std::less<>>;

// Reads `value`, a map or null, into what the rows below `prefix` (empty: all) set. The first error ends it.
absl::Status ReadAppSettings(std::span<const AppSetting> table, std::string_view source, std::string_view prefix,
                             const Value& value, AppConfig& config, Places& places);

// What only all settings together can tell: whether the gRPC address may be opened without TLS.
absl::Status CheckAppConfig(const AppConfig& config, const Places& places);

// Sections (the empty one too, if it has keys) and their keys, of a table.
std::map<std::string, std::vector<std::string_view>, std::less<>> SectionsOf(std::span<const AppSetting> table);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_APP_SETTINGS_H_
