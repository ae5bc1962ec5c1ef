// The contract's StreamService: takes calls, hands changes to the control thread, and answers.
#ifndef INLET_SERVICE_RPC_STREAM_SERVICE_H_
#define INLET_SERVICE_RPC_STREAM_SERVICE_H_

#include <functional>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "inlet/v1/inlet.grpc.pb.h"
#include "service/control_thread.h"
#include "service/stream_plan.h"
#include "service/stream_registry.h"
#include "service/stream_update.h"

namespace inlet::rpc {

// Subscribe is raw: a subscriber writes the log's own bytes, and parses the request itself.
using StreamServiceCalls = v1::StreamService::WithCallbackMethod_CreateStream<
    v1::StreamService::WithCallbackMethod_GetStream<v1::StreamService::WithCallbackMethod_ListStreams<
        v1::StreamService::WithCallbackMethod_DeleteStream<v1::StreamService::WithCallbackMethod_WatchStream<
            v1::StreamService::WithRawCallbackMethod_Subscribe<v1::StreamService::Service>>>>>>;
using StreamServiceBase = v1::StreamService::WithCallbackMethod_UpdateStream<
    v1::StreamService::WithCallbackMethod_PauseStream<v1::StreamService::WithCallbackMethod_ResumeStream<
        v1::StreamService::WithCallbackMethod_ReconnectStream<StreamServiceCalls>>>>;

// Its methods run on gRPC's threads and never block. Must outlive the server.
class StreamService final : public StreamServiceBase {
 public:
  struct Options {
    // Both outlive the service, and the control thread runs what it has before the registry goes.
    service::StreamRegistry* registry = nullptr;
    service::ControlThread* control = nullptr;
    // With the conf keys as they are when it is called: on the control thread.
    service::PlanRequest plan;
    config::QueryNames shown_query = {};  // as PlanRules::shown_query
    // Makes the reactor of a Subscribe call.
    std::function<grpc::ServerWriteReactor<grpc::ByteBuffer>*(grpc::CallbackServerContext*, const grpc::ByteBuffer*)>
        subscribe;
    // That of a WatchStream call.
    std::function<grpc::ServerWriteReactor<v1::WatchStreamResponse>*(grpc::CallbackServerContext*,
                                                                     const v1::WatchStreamRequest&)>
        watch;
  };

  explicit StreamService(Options options);

  grpc::ServerUnaryReactor* CreateStream(grpc::CallbackServerContext* context, const v1::CreateStreamRequest* request,
                                         v1::Stream* response) override;
  grpc::ServerUnaryReactor* GetStream(grpc::CallbackServerContext* context, const v1::GetStreamRequest* request,
                                      v1::Stream* response) override;
  grpc::ServerUnaryReactor* ListStreams(grpc::CallbackServerContext* context, const v1::ListStreamsRequest* request,
                                        v1::ListStreamsResponse* response) override;
  grpc::ServerUnaryReactor* UpdateStream(grpc::CallbackServerContext* context, const v1::UpdateStreamRequest* request,
                                         v1::Stream* response) override;
  grpc::ServerUnaryReactor* PauseStream(grpc::CallbackServerContext* context, const v1::PauseStreamRequest* request,
                                        v1::Stream* response) override;
  grpc::ServerUnaryReactor* ResumeStream(grpc::CallbackServerContext* context, const v1::ResumeStreamRequest* request,
                                         v1::Stream* response) override;
  grpc::ServerUnaryReactor* ReconnectStream(grpc::CallbackServerContext* context,
                                            const v1::ReconnectStreamRequest* request, v1::Stream* response) override;
  grpc::ServerUnaryReactor* DeleteStream(grpc::CallbackServerContext* context, const v1::DeleteStreamRequest* request,
                                         v1::DeleteStreamResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchStreamResponse>* WatchStream(grpc::CallbackServerContext* context,
                                                                 const v1::WatchStreamRequest* request) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Subscribe(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request) override;

 private:
  using Change = std::function<absl::StatusOr<service::StreamEntryPtr>()>;

  // As FinishAfter; the stream that `change` returns is the answer.
  grpc::ServerUnaryReactor* AnswerWithStream(grpc::CallbackServerContext* context, v1::Stream* response,
                                             Change change) const;

  const Options options_;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_STREAM_SERVICE_H_
