// Conf keys as people read them.
#ifndef INLET_CLI_CONF_KEY_TEXT_H_
#define INLET_CLI_CONF_KEY_TEXT_H_

#include <string>
#include <vector>

#include "inlet/v1/inlet.pb.h"

namespace inlet::cli {

// A table with a line of headings.
std::string ConfKeysText(const std::vector<v1::ConfKey>& conf_keys);

// A name, aligned facts, and the settings as YAML.
std::string ConfKeyText(const v1::ConfKey& conf_key);

// "file" or "API": where it was written.
std::string LayerText(v1::ConfKey::Layer layer);

}  // namespace inlet::cli

#endif  // INLET_CLI_CONF_KEY_TEXT_H_
