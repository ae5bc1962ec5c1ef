// What the contract says of a check: its request's times, and its response.
#ifndef INLET_SERVICE_RPC_CHECK_CONVERT_H_
#define INLET_SERVICE_RPC_CHECK_CONVERT_H_

#include <chrono>
#include <optional>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "ingest/connection_checker.h"
#include "inlet/v1/inlet.pb.h"

namespace inlet::rpc {

// Until the caller's deadline. Nothing: there is none.
std::optional<std::chrono::nanoseconds> RemainingTime(const grpc::CallbackServerContext& context);

// `remaining`: as RemainingTime; the answer leaves a tenth of it, at least 250 ms, for its way back. FIELD_INVALID:
// wait_for_message is no duration, negative, or longer than five minutes. Pure.
absl::StatusOr<ingest::CheckOptions> ReadCheckOptions(const v1::CheckConnectionRequest& request,
                                                      std::optional<std::chrono::nanoseconds> remaining);

v1::CheckConnectionResponse ToResponse(const ingest::CheckReport& report);

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_CHECK_CONVERT_H_
