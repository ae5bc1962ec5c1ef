// Pages of lists: how large, and where the next one begins.
#ifndef INLET_SERVICE_RPC_PAGE_TOKEN_H_
#define INLET_SERVICE_RPC_PAGE_TOKEN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace inlet::rpc {

inline constexpr size_t kMaxPageBytes = 1U << 20;
inline constexpr int32_t kDefaultPageSize = 100;
inline constexpr int32_t kMaxPageSize = 1000;

// A token that names the last item of a page, so that it stays good whatever is created and deleted meanwhile.
std::string MakePageToken(std::string_view last);

// The name in a token of ours; empty for the first page. FIELD_INVALID: it is not one of ours.
absl::StatusOr<std::string> ReadPageToken(const std::string& token);

// Both for lists that are ordered by a number from 1 on; 0 for the first page.
std::string MakeNumberPageToken(uint64_t last);
absl::StatusOr<uint64_t> ReadNumberPageToken(const std::string& token);

// FIELD_INVALID if it is negative.
absl::StatusOr<size_t> ReadPageSize(int32_t asked);

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_PAGE_TOKEN_H_
