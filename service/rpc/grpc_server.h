// The gRPC server: one address, our services, health and reflection.
#ifndef INLET_SERVICE_RPC_GRPC_SERVER_H_
#define INLET_SERVICE_RPC_GRPC_SERVER_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "service/rpc/callback_pulse.h"

namespace inlet::rpc {

class GrpcServer {
 public:
  // Opens `address` (host:port; port 0: any free one), unencrypted, for this process alone, and serves `service` and
  // `more`, which outlive the server. Health is SERVING from then on. FailedPrecondition (ADDRESS_UNAVAILABLE): the
  // address cannot be opened; the message says which and why.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(const std::string& address, grpc::Service& service,
                                                           const std::vector<grpc::Service*>& more = {});

  // As Shutdown with no time left.
  ~GrpcServer();
  GrpcServer(const GrpcServer&) = delete;
  GrpcServer& operator=(const GrpcServer&) = delete;

  // host:port, the port being the one that was opened.
  const std::string& address() const { return address_; }

  // Health says NOT_SERVING of all services from now on; calls are still served. Any thread.
  void SetNotServing();

  // Takes no more calls, gives the open ones until `patience` is over, then cancels them. Returns when all are done.
  // Idempotent.
  void Shutdown(std::chrono::milliseconds patience);

 private:
  GrpcServer(std::unique_ptr<grpc::Server> server, std::string address);

  std::unique_ptr<grpc::Server> server_;
  const std::string address_;
  CallbackPulse pulse_;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_GRPC_SERVER_H_
