// Lists streams a page at a time.
#ifndef INLET_SERVICE_RPC_STREAM_PAGES_H_
#define INLET_SERVICE_RPC_STREAM_PAGES_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "inlet/v1/inlet.pb.h"
#include "service/stream_registry.h"

namespace inlet::rpc {

inline constexpr size_t kMaxPageBytes = 1U << 20;
inline constexpr int32_t kDefaultPageSize = 100;
inline constexpr int32_t kMaxPageSize = 1000;

using ShowStream = std::function<v1::Stream(const service::StreamEntry&)>;

// The page that `request` asks for: a page also ends before its streams, as `show` writes them, exceed kMaxPageBytes,
// but holds at least one. A token names the last stream of the page before, so that it stays good whatever is created
// and deleted meanwhile. FIELD_INVALID: a negative page_size; a page_token that is not ours. Any thread.
absl::StatusOr<v1::ListStreamsResponse> ListPage(const v1::ListStreamsRequest& request,
                                                 const service::StreamRegistry& registry, const ShowStream& show);

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_STREAM_PAGES_H_
