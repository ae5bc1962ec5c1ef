// Reads v1::SourceSettings by the message's own descriptor, from YAML, from EXTRA's JSON and from the environment.
//
// A key is the field's JSON name (maxMessageBytes) or its proto name (max_message_bytes); in the environment, either in
// any case. Text is for string, `true` for bool, digits for a number (with KiB, MiB or GiB where the name ends in
// Bytes), 500ms, 20s, 2m, 1h or 0.5s for a duration; a list may be a single text; a value of a map may be a list, which
// is joined by ", " (by "; " for Cookie). In the environment a list or a map is written as JSON.
//
// Errors are INVALID_ARGUMENT: OPTION_UNKNOWN with the nearest key, or FIELD_INVALID. Pure functions, any thread.
#ifndef INLET_SERVICE_CONFIG_SETTINGS_READER_H_
#define INLET_SERVICE_CONFIG_SETTINGS_READER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "inlet/v1/inlet.pb.h"
#include "service/config/value.h"

namespace inlet::config {

// The text of EXTRA: strict JSON, one object of settings. Errors begin with "EXTRA".
absl::StatusOr<v1::SourceSettings> SettingsFromJson(std::string_view json);

// What <redacted> means: a mistake where nothing is there to keep, or whatever the service has.
enum class Placeholder { kRefused, kTaken };

// A map of settings as parsed from a file. `section` precedes the keys in errors, such as "default".
absl::StatusOr<v1::SourceSettings> SettingsFromValue(std::string_view source, std::string_view section,
                                                     const Value& value,
                                                     Placeholder placeholder = Placeholder::kRefused);

// Sets the one field that `key` names in any case, from the text of an environment variable; NOT_FOUND if it names
// none. `where` is what errors begin with.
absl::Status ReadSettingFromText(std::string_view where, std::string_view key, std::string_view text,
                                 v1::SourceSettings& settings);

// The JSON names of all settings, in the order of the contract.
const std::vector<std::string_view>& SettingNames();

// The fields that have a value; an empty list or map has none.
std::vector<const google::protobuf::FieldDescriptor*> FieldsSet(const v1::SourceSettings& settings);

// Lays `upper` over `lower`: a field that is set, or a list or map that is not empty, replaces the one below as a
// whole.
void MergeSettings(const v1::SourceSettings& upper, v1::SourceSettings& lower);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_SETTINGS_READER_H_
