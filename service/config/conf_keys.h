// The named settings that streams build on: the sections of etc/sources/websocket.yaml other than `source`.
#ifndef INLET_SERVICE_CONFIG_CONF_KEYS_H_
#define INLET_SERVICE_CONFIG_CONF_KEYS_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::config {

// What holds without any file: the lowest layer.
v1::SourceSettings BuiltInSettings();

// OK for [A-Za-z][A-Za-z0-9_-]{0,62} without "__" that is not `source` in any case; else a FIELD_INVALID about
// `field` that says the rule.
absl::Status CheckConfKeyName(std::string_view name, std::string_view field = "conf_key");

// Filled by one thread, then const and read by any. `default` always exists.
class ConfKeys {
 public:
  ConfKeys();

  // Adds or replaces a section. `where` says in errors where it was written, such as "etc/sources/websocket.yaml:12".
  // FIELD_INVALID if the name breaks the rule.
  absl::Status Set(std::string_view name, v1::SourceSettings settings, std::string where);

  bool Contains(std::string_view name) const;
  // Sorted by name; "default" is among them.
  std::vector<std::string_view> Names() const;
  // The section alone. Precondition: Contains(name).
  const v1::SourceSettings& Section(std::string_view name) const;
  // Where it was written. Precondition: Contains(name).
  const std::string& Where(std::string_view name) const;
  // CONF_KEY_UNKNOWN about a name that is not there, with the nearest one.
  absl::Status Unknown(std::string_view name, absl::StatusCode code) const;

  // What a stream gets: built-in, below `default`, below the section `conf_key` (empty: `default`), below `own`, which
  // is the stream's own settings, or EXTRA's. What is unset, or an empty list or map, comes from the layer below; an
  // empty addr is a value. The result holds secrets: redact what is shown. `own_where` is the path of `own` in errors:
  // "stream.settings", or "EXTRA". Errors: CONF_KEY_UNKNOWN with the nearest name; FIELD_INVALID about a value of
  // `own`; NOT_IMPLEMENTED about a setting of a newer contract, with the layer that it comes from.
  absl::StatusOr<v1::SourceSettings> Effective(std::string_view conf_key, const v1::SourceSettings& own,
                                               std::string_view own_where) const;

 private:
  struct Layer {
    v1::SourceSettings settings;
    std::string where;
  };
  std::map<std::string, Layer, std::less<>> sections_;
};

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_CONF_KEYS_H_
