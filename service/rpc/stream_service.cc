// The contract's StreamService: takes calls, hands changes to the control thread, and answers.
#include "service/rpc/stream_service.h"

#include <string>
#include <utility>

#include "ingest/error.h"
#include "ingest/text.h"
#include "service/rpc/control_call.h"
#include "service/rpc/convert.h"
#include "service/rpc/stream_pages.h"

namespace inlet::rpc {
namespace {

using service::StreamEntryPtr;
using service::StreamPlan;

absl::Status CheckGiven(const std::string& name, std::string_view field = "name") {
  if (!name.empty()) return absl::OkStatus();
  return FieldInvalid(field, Concat({field, " is missing: say which stream; ListStreams tells all names"}));
}

}  // namespace

StreamService::StreamService(Options options) : options_(std::move(options)) {}

grpc::ServerUnaryReactor* StreamService::CreateStream(grpc::CallbackServerContext* context,
                                                      const v1::CreateStreamRequest* request, v1::Stream* response) {
  return AnswerWithStream(context, response, [this, request]() -> absl::StatusOr<StreamEntryPtr> {
    absl::StatusOr<StreamPlan> plan = options_.plan(*request);
    if (!plan.ok()) return plan.status();
    return options_.registry->Create(*std::move(plan), {request->validate_only(), request->allow_existing()});
  });
}

grpc::ServerUnaryReactor* StreamService::UpdateStream(grpc::CallbackServerContext* context,
                                                      const v1::UpdateStreamRequest* request, v1::Stream* response) {
  if (absl::Status given = CheckGiven(request->stream().name(), "stream.name"); !given.ok()) {
    return FinishNow(context, given);
  }
  return AnswerWithStream(context, response, [this, request] {
    return service::UpdateStream(*options_.registry, options_.plan, options_.shown_query, *request);
  });
}

grpc::ServerUnaryReactor* StreamService::PauseStream(grpc::CallbackServerContext* context,
                                                     const v1::PauseStreamRequest* request, v1::Stream* response) {
  if (absl::Status given = CheckGiven(request->name()); !given.ok()) return FinishNow(context, given);
  return AnswerWithStream(context, response, [this, name = request->name()] { return options_.registry->Pause(name); });
}

grpc::ServerUnaryReactor* StreamService::ResumeStream(grpc::CallbackServerContext* context,
                                                      const v1::ResumeStreamRequest* request, v1::Stream* response) {
  if (absl::Status given = CheckGiven(request->name()); !given.ok()) return FinishNow(context, given);
  return AnswerWithStream(context, response,
                          [this, name = request->name()] { return options_.registry->Resume(name); });
}

grpc::ServerUnaryReactor* StreamService::ReconnectStream(grpc::CallbackServerContext* context,
                                                         const v1::ReconnectStreamRequest* request,
                                                         v1::Stream* response) {
  if (absl::Status given = CheckGiven(request->name()); !given.ok()) return FinishNow(context, given);
  return AnswerWithStream(context, response,
                          [this, name = request->name()] { return options_.registry->Reconnect(name); });
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
  return FinishAfter(context, *options_.control, [this, request] {
    return options_.registry->Delete(request->name(), request->allow_missing(), request->etag());
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

grpc::ServerUnaryReactor* StreamService::AnswerWithStream(grpc::CallbackServerContext* context, v1::Stream* response,
                                                          Change change) const {
  return FinishAfter(context, *options_.control, [response, change = std::move(change)] {
    const absl::StatusOr<StreamEntryPtr> entry = change();
    if (entry.ok()) *response = ToStream(**entry);
    return entry.status();
  });
}

}  // namespace inlet::rpc
