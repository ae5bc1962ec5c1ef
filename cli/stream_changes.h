// What a command line changes in a definition: assignments, fields to clear, and a file, with the paths for a field
// mask. Values are read as in files of definitions: 500ms, 64KiB, {a: b}, [x, y].
#ifndef INLET_CLI_STREAM_CHANGES_H_
#define INLET_CLI_STREAM_CHANGES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::cli {

// One definition, one thread. All errors are INVALID_ARGUMENT, and tell what is wrong and what is nearest.
class StreamChanges {
 public:
  // `under`: what all paths are below, such as "settings" for those of a conf key; empty: the stream itself.
  explicit StreamChanges(std::string under = {}) : under_(std::move(under)) {}

  // PATH=VALUE. A path is names of fields in the spelling of JSON or of the contract, with points between; behind a map
  // (labels, settings.requestHeader) all that follows is a key. A value that begins with {, [ or " is YAML or JSON, any
  // other one is taken as it stands. `option`: what the user calls it, for errors.
  absl::Status Set(std::string_view option, std::string_view assignment);
  // PATH alone: the field is cleared, or the key leaves its map.
  absl::Status Clear(std::string_view option, std::string_view path);
  // YAML or JSON, a map of fields; a map among them is replaced as a whole. `source`: the file's name, for errors.
  absl::Status Read(std::string_view source, std::string_view text);

  bool empty() const { return mask_.empty(); }
  // Whether a single key of a map changes, so that the map as it is counts.
  bool NeedsPresent() const { return !keys_.empty(); }
  // Each once, as the contract spells them.
  const std::vector<std::string>& mask() const { return mask_; }

  // Makes the changes in a definition; keys of a map that were not named stay.
  void ApplyTo(v1::Stream& stream) const;

  // What a file said of the name; else empty.
  const std::string& name() const { return values_.name(); }

 private:
  struct KeyChange {
    std::string path;  // of the map, as in the mask
    std::string key;
    std::string value;
    bool is_cleared = false;
  };

  std::string FullPath(std::string_view path) const;
  absl::Status AddToMask(std::string_view option, const std::string& path);

  std::string under_;
  v1::Stream values_;
  std::vector<std::string> mask_;
  std::vector<KeyChange> keys_;
};

}  // namespace inlet::cli

#endif  // INLET_CLI_STREAM_CHANGES_H_
