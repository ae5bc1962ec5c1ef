// Answers unary calls: at once, or when a change has run on the control thread.
#ifndef INLET_SERVICE_RPC_CONTROL_CALL_H_
#define INLET_SERVICE_RPC_CONTROL_CALL_H_

#include <functional>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "service/control_thread.h"

namespace inlet::rpc {

// The call ends with this status; its response is complete.
grpc::ServerUnaryReactor* FinishNow(grpc::CallbackServerContext* context, const absl::Status& status);

// The call ends with what `change` returns, once it has run on the control thread; it is not run for a caller who has
// gone. Request and response of the call live until then.
grpc::ServerUnaryReactor* FinishAfter(grpc::CallbackServerContext* context, service::ControlThread& control,
                                      std::function<absl::Status()> change);

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_CONTROL_CALL_H_
