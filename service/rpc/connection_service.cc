// The contract's ConnectionService: takes calls, hands checks to the loop, and answers.
#include "service/rpc/connection_service.h"

#include <utility>

#include "service/rpc/check_call.h"
#include "service/rpc/check_convert.h"
#include "service/rpc/error_mapping.h"

namespace inlet::rpc {

ConnectionService::ConnectionService(Options options) : options_(std::move(options)) {}

grpc::ServerUnaryReactor* ConnectionService::CheckConnection(grpc::CallbackServerContext* context,
                                                             const v1::CheckConnectionRequest* request,
                                                             v1::CheckConnectionResponse* response) {
  absl::StatusOr<service::CheckTarget> target = service::ReadCheckTarget(*request, options_.sources);
  const auto check = ReadCheckOptions(*request, RemainingTime(*context));
  if (!target.ok() || !check.ok()) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(ToGrpcStatus(target.ok() ? check.status() : target.status()));
    return reactor;
  }
  return CheckCall::Start({*options_.loop, *options_.checker, *options_.control, options_.hold}, *std::move(target),
                          *check, response);
}

}  // namespace inlet::rpc
