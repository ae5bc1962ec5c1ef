// The contract's StreamService: takes calls, hands changes to the control thread, and answers.
#include "service/rpc/stream_service.h"

#include <memory>
#include <utility>

#include "ingest/error.h"
#include "service/rpc/convert.h"
#include "service/rpc/error_mapping.h"
#include "service/rpc/stream_pages.h"

namespace inlet::rpc {
namespace {

using service::StreamEntryPtr;
using service::StreamPlan;

grpc::ServerUnaryReactor* FinishNow(grpc::CallbackServerContext* context, const absl::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpcStatus(status));
  return reactor;
}

absl::Status CheckGiven(const std::string& name) {
  return name.empty() ? FieldInvalid("name", R"(name is missing: send {"name": "..."}; ListStreams tells all names)")
                      : absl::OkStatus();
}

}  // namespace

StreamService::StreamService(Options options) : options_(std::move(options)) {}

grpc::ServerUnaryReactor* StreamService::CreateStream(grpc::CallbackServerContext* context,
                                                      const v1::CreateStreamRequest* request, v1::Stream* response) {
  absl::StatusOr<StreamPlan> planned = options_.plan(*request);
  if (!planned.ok()) return FinishNow(context, planned.status());
  const service::StreamRegistry::CreateOptions create{request->validate_only(), request->allow_existing()};
  auto plan = std::make_shared<const StreamPlan>(*std::move(planned));
  return OnControlThread(context, [this, plan = std::move(plan), create, response] {
    const absl::StatusOr<StreamEntryPtr> entry = options_.registry->Create(*plan, create);
    if (entry.ok()) *response = ToStream(**entry);
    return entry.status();
  });
}

grpc::ServerUnaryReactor* StreamService::GetStream(grpc::CallbackServerContext* context,
                                                   const v1::GetStreamRequest* request, v1::Stream* response) {
  if (absl::Status given = CheckGiven(request->name()); !given.ok()) return FinishNow(context, given);
  const absl::StatusOr<StreamEntryPtr> entry = options_.registry->Get(request->name());
  if (entry.ok()) *response = ToStream(**entry);
  return FinishNow(context, entry.status());
}

grpc::ServerUnaryReactor* StreamService::ListStreams(grpc::CallbackServerContext* context,
                                                     const v1::ListStreamsRequest* request,
                                                     v1::ListStreamsResponse* response) {
  absl::StatusOr<v1::ListStreamsResponse> page = ListPage(*request, *options_.registry, ToStream);
  if (page.ok()) *response = std::move(*page);
  return FinishNow(context, page.status());
}

grpc::ServerUnaryReactor* StreamService::DeleteStream(grpc::CallbackServerContext* context,
                                                      const v1::DeleteStreamRequest* request,
                                                      v1::DeleteStreamResponse* /*response*/) {
  if (absl::Status given = CheckGiven(request->name()); !given.ok()) return FinishNow(context, given);
  return OnControlThread(context, [this, name = request->name(), allow_missing = request->allow_missing()] {
    return options_.registry->Delete(name, allow_missing);
  });
}

grpc::ServerWriteReactor<v1::WatchStreamResponse>* StreamService::WatchStream(grpc::CallbackServerContext* context,
                                                                              const v1::WatchStreamRequest* request) {
  return options_.watch(context, *request);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* StreamService::Subscribe(grpc::CallbackServerContext* context,
                                                                     const grpc::ByteBuffer* request) {
  return options_.subscribe(context, request);
}

grpc::ServerUnaryReactor* StreamService::OnControlThread(grpc::CallbackServerContext* context,
                                                         std::function<absl::Status()> change) const {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const absl::Status posted = options_.control->Post([context, reactor, change = std::move(change)] {
    // Nobody waits for it any more: better not done than done unseen.
    const absl::Status status = context->IsCancelled() ? absl::CancelledError("the caller has gone") : change();
    reactor->Finish(ToGrpcStatus(status));
  });
  if (!posted.ok()) reactor->Finish(ToGrpcStatus(posted));
  return reactor;
}

}  // namespace inlet::rpc
