// Bounds that the configuration and a stream's definition share.
#ifndef INLET_SERVICE_CONFIG_LIMITS_H_
#define INLET_SERVICE_CONFIG_LIMITS_H_

#include <cstdint>

namespace inlet::config {

inline constexpr uint64_t kLeastRetentionBytes = 65'536;
inline constexpr uint64_t kMostRetentionBytes = 1ULL << 40;

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_LIMITS_H_
