// What the files of eKuiper hold beside our own keys: a kuiper.yaml, and sections of its sources/websocket.yaml.
#ifndef INLET_SERVICE_CONFIG_EKUIPER_KEYS_H_
#define INLET_SERVICE_CONFIG_EKUIPER_KEYS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "service/config/value.h"

namespace inlet::config {

// Sentences about what was accepted and has no effect, each with its file and line.
using ConfigWarnings = std::vector<std::string>;

// Whether `root` is the map of a kuiper.yaml: it has a section that only eKuiper knows, or `source`, and none of
// inlet.yaml's. `source` alone is enough only in a file of that name.
bool IsKuiperYaml(std::string_view file, const Value& root);

// Its `source` section, which has the keys of our own; null if there is none. One warning names all other sections.
// Precondition: IsKuiperYaml.
const Value* ServerSectionOf(std::string_view file, const Value& root, ConfigWarnings& warnings);

// Takes out of a section of sources/websocket.yaml, which is named `section`, what is eKuiper's: with a warning where
// it makes no difference here. FIELD_INVALID with file, line, key and our way to say it where it would change what a
// stream is. What is not eKuiper's stays.
absl::Status TakeEkuiperKeys(std::string_view file, std::string_view section, Value& settings,
                             ConfigWarnings& warnings);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_EKUIPER_KEYS_H_
