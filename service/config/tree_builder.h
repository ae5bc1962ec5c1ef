// Builds a Value from the events of a parser, within bounds and without duplicate keys.
#ifndef INLET_SERVICE_CONFIG_TREE_BUILDER_H_
#define INLET_SERVICE_CONFIG_TREE_BUILDER_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "service/config/value.h"

namespace inlet::config {

// After an error no more events may follow.
class TreeBuilder {
 public:
  // `source` is what errors begin with.
  explicit TreeBuilder(std::string_view source, size_t most_values = kMaxConfigValues)
      : source_(source), most_values_(most_values) {}

  // Whether the next event in the open map must be a key.
  bool WantsKey() const {
    return !open_.empty() && open_.back().value.kind == Value::Kind::kMap && !open_.back().has_key;
  }

  absl::Status Key(std::string_view key, int line);
  absl::Status Scalar(Value value);
  // A list or a map begins.
  absl::Status Open(Value::Kind kind, int line);
  absl::Status Close();

  // What was built; null if there were no events.
  Value Take() { return std::move(root_); }

 private:
  struct Frame {
    Value value;
    bool has_key = false;
    std::string key;
    int key_line = 0;
    std::map<std::string, int, std::less<>> lines_of_keys;
  };

  absl::Status CountOne(int line);
  void Attach(Value value);
  std::string Path() const;

  std::string_view source_;
  size_t most_values_;
  std::vector<Frame> open_;
  Value root_;
  size_t count_ = 0;
};

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_TREE_BUILDER_H_
