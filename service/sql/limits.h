// What a statement may hold: hostile input costs no more than this.
#ifndef INLET_SERVICE_SQL_LIMITS_H_
#define INLET_SERVICE_SQL_LIMITS_H_

#include <cstddef>

namespace inlet::sql {

inline constexpr size_t kLongestStatement = 64 * 1024;  // bytes
inline constexpr size_t kLongestStreamName = 63;        // characters
inline constexpr size_t kLongestColumnName = 128;       // bytes
inline constexpr size_t kMostColumns = 1000;            // of all levels together
inline constexpr size_t kDeepestType = 32;              // levels of ARRAY and STRUCT

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_LIMITS_H_
