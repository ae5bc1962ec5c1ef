// The one place where an error of ours becomes a gRPC status with its details.
#ifndef INLET_SERVICE_RPC_ERROR_MAPPING_H_
#define INLET_SERVICE_RPC_ERROR_MAPPING_H_

#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"
#include "inlet/wire/error_details.pb.h"

namespace inlet::rpc {

// Message and details of an error together, as gRPC writes them into the trailers (which a client may limit to 8 KB).
inline constexpr size_t kMaxErrorBytes = 2048;

// The details are a google.rpc.Status with ErrorInfo (if `status` has a reason), BadRequest (if a field is at fault)
// and RetryInfo (if it says when to come back). What is too long is cut in its middle, so that a hint at the end
// survives; text that is not UTF-8 is mended. OK gives OK. Any thread.
grpc::Status ToGrpcStatus(const absl::Status& status);

// The details of an error that a server of ours sent; nothing if there are none, or they cannot be read.
std::optional<wire::Status> ParseErrorDetails(const grpc::Status& status);

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_ERROR_MAPPING_H_
