// The calls of the contract, each with its deadline.
#ifndef INLET_CLI_CLIENT_H_
#define INLET_CLI_CLIENT_H_

#include <grpcpp/support/status.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "inlet/v1/inlet.grpc.pb.h"

namespace inlet::cli {

// A stub for the service at `address`. Connects with the first call; a connection attempt takes at most `timeout`.
// gRPC writes nothing to standard error from now on, unless GRPC_VERBOSITY is set.
std::unique_ptr<v1::StreamService::Stub> Connect(const std::string& address, std::chrono::milliseconds timeout);

// As Connect, for the service of checks.
std::unique_ptr<v1::ConnectionService::Stub> ConnectForChecks(const std::string& address,
                                                              std::chrono::milliseconds timeout);

class Client {
 public:
  // `stub` outlives this.
  Client(v1::StreamService::StubInterface& stub, std::chrono::milliseconds timeout) : stub_(stub), timeout_(timeout) {}

  grpc::Status Create(const v1::CreateStreamRequest& request, v1::Stream& stream);
  grpc::Status Get(const std::string& name, v1::Stream& stream);
  // All pages.
  grpc::Status List(v1::ListStreamsResponse& all);
  grpc::Status Drop(const std::string& name);

  v1::StreamService::StubInterface& stub() { return stub_; }

 private:
  v1::StreamService::StubInterface& stub_;
  std::chrono::milliseconds timeout_;
};

}  // namespace inlet::cli

#endif  // INLET_CLI_CLIENT_H_
