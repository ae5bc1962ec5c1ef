// Reads one value of a configuration as a type: text, bool, whole number, byte size, duration, one of a few words.
//
// All errors are FIELD_INVALID and say what was expected and what was found.
#ifndef INLET_SERVICE_CONFIG_SCALARS_H_
#define INLET_SERVICE_CONFIG_SCALARS_H_

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "service/config/value.h"

namespace inlet::config {

// What a value belongs to, for errors: "SOURCE:LINE: KEY: ...".
struct Spot {
  std::string_view source;
  std::string key;
};

// No duration is longer: ten years.
inline constexpr std::chrono::seconds kLongestDuration = std::chrono::hours(10 * 365 * 24);

struct Range {
  uint64_t least = 0;
  uint64_t most = 0;
};

// "expected `expected`, found ...". WrongType repeats the value; WrongShape, for what may be a secret, only its kind.
absl::Status WrongType(const Spot& spot, const Value& value, std::string_view expected);
absl::Status WrongShape(const Spot& spot, const Value& value, std::string_view expected);

// Never repeats the value.
absl::StatusOr<std::string> ReadText(const Spot& spot, const Value& value);
// A list of texts, or one text; in the environment a list is JSON, and the empty text no entries.
absl::StatusOr<std::vector<std::string>> ReadTexts(const Spot& spot, const Value& value);
absl::StatusOr<bool> ReadBool(const Spot& spot, const Value& value);
absl::StatusOr<uint64_t> ReadWholeNumber(const Spot& spot, const Value& value, Range range);
// Bytes: 1048576, 64KiB, 64MiB, 1GiB.
absl::StatusOr<uint64_t> ReadByteSize(const Spot& spot, const Value& value, Range range);
// 500ms, 20s, 2m, 1h, 0.5s. Never negative.
absl::StatusOr<std::chrono::nanoseconds> ReadDuration(const Spot& spot, const Value& value);
// The index in `words`.
absl::StatusOr<size_t> ReadWord(const Spot& spot, const Value& value, std::span<const std::string_view> words);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_SCALARS_H_
