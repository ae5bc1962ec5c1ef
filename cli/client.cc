// The calls of the contract, each with its deadline.
#include "cli/client.h"

#include <grpc/support/log.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <cstdlib>

namespace inlet::cli {
namespace {

// As often as the service permits is every 10 s; this finds a dead peer in less than a minute.
constexpr int kKeepAliveMilliseconds = 30'000;
constexpr int kLongestAttemptMilliseconds = 600'000;
constexpr int kLongestReconnectMilliseconds = 1'000;

std::chrono::system_clock::time_point After(std::chrono::milliseconds timeout) {
  return std::chrono::system_clock::now() + timeout;
}

// What the library writes to standard error by itself is in the status too, or for its own developers.
void SilenceLibrary() {
  if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
}

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, std::chrono::milliseconds timeout) {
  SilenceLibrary();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // A record is as large as the service lets it be.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepAliveMilliseconds);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestReconnectMilliseconds);
  // Without this a name whose addresses all refused is not looked up again for 30 s.
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, kLongestReconnectMilliseconds);
  // In spite of its name it is also the time that one attempt may take.
  const auto attempt = std::clamp<int64_t>(timeout.count(), 200, kLongestAttemptMilliseconds);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, static_cast<int>(attempt));
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

std::unique_ptr<v1::StreamService::Stub> Connect(const std::string& address, std::chrono::milliseconds timeout) {
  return v1::StreamService::NewStub(MakeChannel(address, timeout));
}

std::unique_ptr<v1::ConnectionService::Stub> ConnectForChecks(const std::string& address,
                                                              std::chrono::milliseconds timeout) {
  return v1::ConnectionService::NewStub(MakeChannel(address, timeout));
}

grpc::Status Client::Create(const v1::CreateStreamRequest& request, v1::Stream& stream) {
  grpc::ClientContext context;
  context.set_deadline(After(timeout_));
  return stub_.CreateStream(&context, request, &stream);
}

grpc::Status Client::Get(const std::string& name, v1::Stream& stream) {
  grpc::ClientContext context;
  context.set_deadline(After(timeout_));
  v1::GetStreamRequest request;
  request.set_name(name);
  return stub_.GetStream(&context, request, &stream);
}

grpc::Status Client::List(v1::ListStreamsResponse& all) {
  v1::ListStreamsRequest request;
  request.set_page_size(1000);
  while (true) {
    grpc::ClientContext context;
    context.set_deadline(After(timeout_));
    v1::ListStreamsResponse page;
    if (grpc::Status status = stub_.ListStreams(&context, request, &page); !status.ok()) return status;
    request.set_page_token(page.next_page_token());
    all.mutable_streams()->MergeFrom(page.streams());
    if (request.page_token().empty()) return grpc::Status::OK;
  }
}

grpc::Status Client::Drop(const std::string& name) {
  grpc::ClientContext context;
  context.set_deadline(After(timeout_));
  v1::DeleteStreamRequest request;
  request.set_name(name);
  v1::DeleteStreamResponse response;
  return stub_.DeleteStream(&context, request, &response);
}

}  // namespace inlet::cli
