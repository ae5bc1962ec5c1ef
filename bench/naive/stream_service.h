// The plain service's gRPC side: the synchronous API, one message a record.
#ifndef INLET_BENCH_NAIVE_STREAM_SERVICE_H_
#define INLET_BENCH_NAIVE_STREAM_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include "bench/naive/hub.h"
#include "inlet/v1/inlet.grpc.pb.h"

namespace inlet::bench {

// Enough of inlet.v1.StreamService to be measured by the same programs.
class StreamService final : public v1::StreamService::Service {
 public:
  explicit StreamService(Hub* hub) : hub_(hub) {}

  grpc::Status CreateStream(grpc::ServerContext* context, const v1::CreateStreamRequest* request,
                            v1::Stream* response) override;
  grpc::Status ListStreams(grpc::ServerContext* context, const v1::ListStreamsRequest* request,
                           v1::ListStreamsResponse* response) override;
  grpc::Status DeleteStream(grpc::ServerContext* context, const v1::DeleteStreamRequest* request,
                            v1::DeleteStreamResponse* response) override;
  // From the next record on, until the client cancels.
  grpc::Status Subscribe(grpc::ServerContext* context, const v1::SubscribeRequest* request,
                         grpc::ServerWriter<v1::SubscribeResponse>* writer) override;

 private:
  Hub* const hub_;
};

}  // namespace inlet::bench

#endif  // INLET_BENCH_NAIVE_STREAM_SERVICE_H_
