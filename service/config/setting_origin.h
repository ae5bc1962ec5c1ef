// Names the conf key in errors about settings that a stream has from one.
#ifndef INLET_SERVICE_CONFIG_SETTING_ORIGIN_H_
#define INLET_SERVICE_CONFIG_SETTING_ORIGIN_H_

#include <string_view>

#include "absl/status/status.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/conf_keys.h"

namespace inlet::config {

// The path of a conf key's settings in errors.
inline constexpr std::string_view kConfKeySettings = "conf_key.settings";

// `error` is about a setting of a stream, as a field below `settings_path` ("stream.settings" or "EXTRA"). If the
// stream does not set that one itself and a conf key does: the same error about conf_key.settings, with a message that
// begins with the key (conf key "feed": rootCARaw: ...). One about a setting that nobody gives, though another one
// needs it, belongs to who gives that other one. Else `error`. Pure, any thread.
absl::Status NameOrigin(const absl::Status& error, std::string_view settings_path, const v1::Stream& definition,
                        const ConfKeys& keys);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_SETTING_ORIGIN_H_
