// Judges what users say about their streams for themselves.
#ifndef INLET_SERVICE_CONFIG_LABELS_CHECK_H_
#define INLET_SERVICE_CONFIG_LABELS_CHECK_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::config {

inline constexpr int kMostLabels = 64;
inline constexpr size_t kLongestLabel = 63;
inline constexpr size_t kLongestDescription = 1024;

// At most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit; not empty.
bool IsLabelKey(std::string_view text);
// The same, or empty.
bool IsLabelValue(std::string_view text);

// OK, or FIELD_INVALID about stream.labels or stream.description that says the rule. Pure.
absl::Status CheckLabels(const v1::Stream& definition);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_LABELS_CHECK_H_
