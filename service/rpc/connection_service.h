// The contract's ConnectionService: takes calls, hands checks to the loop, and answers.
#ifndef INLET_SERVICE_RPC_CONNECTION_SERVICE_H_
#define INLET_SERVICE_RPC_CONNECTION_SERVICE_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "ingest/connection_checker.h"
#include "ingest/loop.h"
#include "inlet/v1/inlet.grpc.pb.h"
#include "service/check_target.h"
#include "service/control_thread.h"

namespace inlet::rpc {

// Its methods run on gRPC's threads and never block. Must outlive the server, and the loop and the control thread must
// run until the server is shut down.
class ConnectionService final
    : public v1::ConnectionService::WithCallbackMethod_CheckConnection<v1::ConnectionService::Service> {
 public:
  // Keeps secrets readable while it lives.
  using Lease = std::shared_ptr<const void>;

  struct Options {
    ingest::Loop* loop = nullptr;
    ingest::ConnectionChecker* checker = nullptr;  // on that loop
    service::ControlThread* control = nullptr;
    service::CheckTargetSources sources;
    // Reads what a spec that no stream runs refers to; on the control thread. Null: nothing is read.
    std::function<absl::StatusOr<Lease>(const ingest::StreamSpec&)> hold;
  };

  explicit ConnectionService(Options options);

  grpc::ServerUnaryReactor* CheckConnection(grpc::CallbackServerContext* context,
                                            const v1::CheckConnectionRequest* request,
                                            v1::CheckConnectionResponse* response) override;

 private:
  const Options options_;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_CONNECTION_SERVICE_H_
