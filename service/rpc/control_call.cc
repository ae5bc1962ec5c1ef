// Answers unary calls: at once, or when a change has run on the control thread.
#include "service/rpc/control_call.h"

#include <utility>

#include "service/rpc/error_mapping.h"

namespace inlet::rpc {

grpc::ServerUnaryReactor* FinishNow(grpc::CallbackServerContext* context, const absl::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpcStatus(status));
  return reactor;
}

grpc::ServerUnaryReactor* FinishAfter(grpc::CallbackServerContext* context, service::ControlThread& control,
                                      std::function<absl::Status()> change) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const absl::Status posted = control.Post([context, reactor, change = std::move(change)] {
    // Nobody waits for it any more: better not done than done unseen.
    const absl::Status status = context->IsCancelled() ? absl::CancelledError("the caller has gone") : change();
    reactor->Finish(ToGrpcStatus(status));
  });
  if (!posted.ok()) reactor->Finish(ToGrpcStatus(posted));
  return reactor;
}

}  // namespace inlet::rpc
