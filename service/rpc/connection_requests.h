// What callers ask about connections: checked, and answered in the contract's terms. Pure.
#ifndef INLET_SERVICE_RPC_CONNECTION_REQUESTS_H_
#define INLET_SERVICE_RPC_CONNECTION_REQUESTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/stream.h"
#include "ingest/stream_spec.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::rpc {

// FIELD_INVALID: the name is empty.
absl::Status CheckStreamGiven(const std::string& stream);

struct ConnectionsPage {
  uint64_t after = 0;  // the id of the last connection of the page before
  size_t size = 0;
};

// FIELD_INVALID: a negative page_size, a page_token that is not ours.
absl::StatusOr<ConnectionsPage> ReadConnectionsPage(const v1::ListConnectionsRequest& request);

// The answer that has `rows`, of which one more than the page was asked for, so that the end is known. It also ends
// before kMaxPageBytes, but holds at least one.
v1::ListConnectionsResponse ToResponse(const std::vector<ingest::ConnectionRow>& rows, const ConnectionsPage& page);

struct CloseOrder {
  uint64_t connection = 0;
  uint16_t code = 0;
  std::string reason;
};

// FIELD_INVALID: no connection, a code that nobody may send, a reason of more than 123 bytes or not in UTF-8.
absl::StatusOr<CloseOrder> ReadCloseOrder(const v1::CloseConnectionRequest& request);

// To whom. FIELD_INVALID: a text of more than 1 MiB or not in UTF-8; a target that the role does not have, or none
// where it is needed; a variable that the stream's path has not.
absl::StatusOr<ingest::SendTarget> ReadSendTarget(const v1::SendRequest& request, const ingest::StreamSpec& spec);

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_CONNECTION_REQUESTS_H_
