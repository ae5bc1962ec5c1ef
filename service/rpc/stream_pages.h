// Lists streams a page at a time.
#ifndef INLET_SERVICE_RPC_STREAM_PAGES_H_
#define INLET_SERVICE_RPC_STREAM_PAGES_H_

#include <functional>

#include "absl/status/statusor.h"
#include "inlet/v1/inlet.pb.h"
#include "service/rpc/page_token.h"
#include "service/stream_registry.h"

namespace inlet::rpc {

using ShowStream = std::function<v1::Stream(const service::StreamEntry&)>;

// The page that `request` asks for: a page also ends before its streams, as `show` writes them, exceed kMaxPageBytes,
// but holds at least one. A token names the last stream of the page before, so that it stays good whatever is created
// and deleted meanwhile. FIELD_INVALID: a negative page_size; a page_token that is not ours. Any thread.
absl::StatusOr<v1::ListStreamsResponse> ListPage(const v1::ListStreamsRequest& request,
                                                 const service::StreamRegistry& registry, const ShowStream& show);

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_STREAM_PAGES_H_
