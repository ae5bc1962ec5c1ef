// What a configuration text says, whatever its syntax was: a small tree of scalars, lists and maps.
#ifndef INLET_SERVICE_CONFIG_VALUE_H_
#define INLET_SERVICE_CONFIG_VALUE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace inlet::config {

// Bounds of every text that is parsed, so that none can exhaust memory or stack.
inline constexpr size_t kMaxConfigBytes = 1U << 20;
inline constexpr size_t kMaxConfigValues = 1U << 16;
inline constexpr size_t kMaxConfigDepth = 16;
inline constexpr size_t kMaxKeyBytes = 64;

// Of one text, where it may have more than that.
struct TextBounds {
  size_t bytes = kMaxConfigBytes;
  size_t values = kMaxConfigValues;  // keys count, too
};

struct Member;

struct Value {
  enum class Kind {
    kNull,
    kPlain,    // YAML without quotes, or an environment variable: may stand for text as well as for a number
    kText,     // a string in quotes
    kLiteral,  // a number, true or false of JSON
    kList,
    kMap,
  };
  Kind kind = Kind::kNull;
  std::string text;             // of a scalar
  std::vector<Value> items;     // of a list
  std::vector<Member> members;  // of a map; no two have the same key
  int line = 0;                 // from 1; 0: not known
};

struct Member {
  std::string key;
  int line = 0;
  Value value;
};

// "etc/inlet.yaml:12", or the source alone if the line is not known.
std::string Place(std::string_view source, int line);

// INVALID_ARGUMENT, FIELD_INVALID: "PLACE: KEY: message".
absl::Status ValueError(std::string_view place, std::string_view key, std::string_view message);

// INVALID_ARGUMENT, OPTION_UNKNOWN with the nearest of `candidates`: `PLACE: unknown key "KEY" in PREFIX; did you mean
// "X"?`, or, without a place, `PREFIX: unknown key "KEY"; ...`.
absl::Status UnknownKey(std::string_view place, std::string_view prefix, std::string_view key,
                        const std::vector<std::string_view>& candidates);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_VALUE_H_
