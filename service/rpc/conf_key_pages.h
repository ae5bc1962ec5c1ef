// What the contract shows of conf keys, one and a page of them.
#ifndef INLET_SERVICE_RPC_CONF_KEY_PAGES_H_
#define INLET_SERVICE_RPC_CONF_KEY_PAGES_H_

#include "absl/status/statusor.h"
#include "inlet/v1/inlet.pb.h"
#include "service/conf_key_entry.h"
#include "service/conf_key_users.h"

namespace inlet::rpc {

// Secrets redacted, with the first 100 streams that take it: one pass over all streams. Any thread.
v1::ConfKey ShowConfKey(const service::ConfKeyEntry& entry, const service::ConfKeySnapshot& snapshot,
                        const service::NextStreams& next_streams);

// The page that `request` asks for; it also ends before kMaxPageBytes, but holds at least one. One pass over all
// streams. FIELD_INVALID as of page_token.h. Any thread.
absl::StatusOr<v1::ListConfKeysResponse> ListConfKeyPage(const v1::ListConfKeysRequest& request,
                                                         const service::ConfKeySnapshot& snapshot,
                                                         const service::NextStreams& next_streams);

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_CONF_KEY_PAGES_H_
