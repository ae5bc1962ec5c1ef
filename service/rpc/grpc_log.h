// Brings what the gRPC library logs into our own log.
#ifndef INLET_SERVICE_RPC_GRPC_LOG_H_
#define INLET_SERVICE_RPC_GRPC_LOG_H_

#include <string>

namespace inlet::rpc {

// From now on the library's lines are events `grpc` of level debug: most are about what a peer did. Idempotent.
void RedirectGrpcLog();

// Keeps the reason of the last system error that the library logged while this object lives. One at a time.
class GrpcErrorWatch {
 public:
  GrpcErrorWatch();
  ~GrpcErrorWatch();
  GrpcErrorWatch(const GrpcErrorWatch&) = delete;
  GrpcErrorWatch& operator=(const GrpcErrorWatch&) = delete;

  // Such as "Address already in use"; empty if there was none.
  std::string os_error() const;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_GRPC_LOG_H_
