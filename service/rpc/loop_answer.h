// The answer of a call that the loop makes.
#ifndef INLET_SERVICE_RPC_LOOP_ANSWER_H_
#define INLET_SERVICE_RPC_LOOP_ANSWER_H_

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "service/draining.h"
#include "service/rpc/error_mapping.h"

namespace inlet::rpc {

// Finishes a call once: by Send, or with DRAINING when it is destroyed without, as by a loop that has stopped.
class LoopAnswer {
 public:
  // gRPC's own; it lives until it is finished.
  explicit LoopAnswer(grpc::ServerUnaryReactor* reactor) : reactor_(reactor) {}
  ~LoopAnswer() {
    if (reactor_ != nullptr) Send(service::DrainingError());
  }
  LoopAnswer(const LoopAnswer&) = delete;
  LoopAnswer& operator=(const LoopAnswer&) = delete;

  // To be called at most once.
  void Send(const absl::Status& status) {
    grpc::ServerUnaryReactor* const reactor = reactor_;
    reactor_ = nullptr;
    reactor->Finish(ToGrpcStatus(status));
  }

 private:
  grpc::ServerUnaryReactor* reactor_;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_LOOP_ANSWER_H_
