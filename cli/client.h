// The calls of the contract, each with its deadline.
#ifndef INLET_CLI_CLIENT_H_
#define INLET_CLI_CLIENT_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <memory>
#include <string>

#include "inlet/v1/inlet.grpc.pb.h"

namespace inlet::cli {

// The three services at one address. Connects with the first call.
class Client {
 public:
  // A connection attempt, and each call but those that stream, takes at most `timeout`. gRPC writes nothing to standard
  // error from now on, unless GRPC_VERBOSITY is set.
  Client(const std::string& address, std::chrono::milliseconds timeout);

  // Any call that has one answer: Call(streams(), &Streams::PauseStream, request, response).
  using Streams = v1::StreamService::StubInterface;
  using Connections = v1::ConnectionService::StubInterface;
  using ConfKeys = v1::ConfKeyService::StubInterface;
  template <typename Stub, typename Request, typename Response>
  grpc::Status Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response& response) const {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + timeout_);
    return (stub.*method)(&context, request, &response);
  }

  grpc::Status Create(const v1::CreateStreamRequest& request, v1::Stream& stream);
  grpc::Status Get(const std::string& name, v1::Stream& stream);
  // All pages of what `request` chooses.
  grpc::Status List(v1::ListStreamsRequest request, v1::ListStreamsResponse& all);
  grpc::Status List(v1::ListConnectionsRequest request, v1::ListConnectionsResponse& all);
  grpc::Status List(v1::ListConfKeysRequest request, v1::ListConfKeysResponse& all);

  Streams& streams() { return *streams_; }
  Connections& connections() { return *connections_; }
  ConfKeys& conf_keys() { return *conf_keys_; }

 private:
  std::unique_ptr<Streams> streams_;
  std::unique_ptr<Connections> connections_;
  std::unique_ptr<ConfKeys> conf_keys_;
  std::chrono::milliseconds timeout_;
};

}  // namespace inlet::cli

#endif  // INLET_CLI_CLIENT_H_
