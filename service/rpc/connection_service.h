// The contract's ConnectionService: takes calls, hands them to the loop, and answers.
#ifndef INLET_SERVICE_RPC_CONNECTION_SERVICE_H_
#define INLET_SERVICE_RPC_CONNECTION_SERVICE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
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

using ConnectionServiceBase = v1::ConnectionService::WithCallbackMethod_CheckConnection<
    v1::ConnectionService::WithCallbackMethod_ListConnections<v1::ConnectionService::WithCallbackMethod_CloseConnection<
        v1::ConnectionService::WithCallbackMethod_Send<v1::ConnectionService::Service>>>>;

// Its methods run on gRPC's threads and never block. Must outlive the server, and the loop and the control thread must
// run until the server is shut down.
class ConnectionService final : public ConnectionServiceBase {
 public:
  // ListConnections, CloseConnection and Send that wait for the loop at the same time, and the bytes of their requests;
  // more are refused.
  static constexpr uint32_t kMostWaitingCalls = 1024;
  static constexpr size_t kMostWaitingBytes = 64U << 20;

  struct Waiting {
    std::atomic<uint32_t> calls{0};
    std::atomic<size_t> bytes{0};
  };

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
  grpc::ServerUnaryReactor* ListConnections(grpc::CallbackServerContext* context,
                                            const v1::ListConnectionsRequest* request,
                                            v1::ListConnectionsResponse* response) override;
  grpc::ServerUnaryReactor* CloseConnection(grpc::CallbackServerContext* context,
                                            const v1::CloseConnectionRequest* request,
                                            v1::CloseConnectionResponse* response) override;
  grpc::ServerUnaryReactor* Send(grpc::CallbackServerContext* context, const v1::SendRequest* request,
                                 v1::SendResponse* response) override;

  // Any thread.
  const Waiting& waiting() const { return *waiting_; }

 private:
  // The stream of that name, if it has been started.
  absl::StatusOr<std::shared_ptr<ingest::Stream>> Find(const std::string& name) const;
  // Answers with what `call` says, on the loop. `bytes`: of the text that it keeps until then. ResourceExhausted
  // (LIMIT_REACHED): too many calls, or too many bytes, wait for it.
  grpc::ServerUnaryReactor* OnLoop(grpc::CallbackServerContext* context, size_t bytes,
                                   std::function<absl::Status()> call) const;

  const Options options_;
  // Of the tasks of the loop, which may end after this.
  const std::shared_ptr<Waiting> waiting_ = std::make_shared<Waiting>();
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_CONNECTION_SERVICE_H_
