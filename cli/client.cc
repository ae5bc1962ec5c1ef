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

// Appends page after page of `items` to `all`.
template <typename Request, typename Response, typename FetchPage, typename Items>
grpc::Status ListAll(Request& request, Response& all, const FetchPage& fetch, Items* (Response::*items)()) {
  constexpr int kLargestPage = 1000;
  request.set_page_size(kLargestPage);
  while (true) {
    Response page;
    if (grpc::Status status = fetch(request, page); !status.ok()) return status;
    request.set_page_token(page.next_page_token());
    (all.*items)()->MergeFrom(*(page.*items)());
    if (request.page_token().empty()) return grpc::Status::OK;
  }
}

}  // namespace

Client::Client(const std::string& address, std::chrono::milliseconds timeout) : timeout_(timeout) {
  const std::shared_ptr<grpc::Channel> channel = MakeChannel(address, timeout);
  streams_ = v1::StreamService::NewStub(channel);
  connections_ = v1::ConnectionService::NewStub(channel);
  conf_keys_ = v1::ConfKeyService::NewStub(channel);
}

grpc::Status Client::Create(const v1::CreateStreamRequest& request, v1::Stream& stream) {
  return Call(streams(), &Streams::CreateStream, request, stream);
}

grpc::Status Client::Get(const std::string& name, v1::Stream& stream) {
  v1::GetStreamRequest request;
  request.set_name(name);
  return Call(streams(), &Streams::GetStream, request, stream);
}

grpc::Status Client::List(v1::ListStreamsRequest request, v1::ListStreamsResponse& all) {
  const auto fetch = [this](const auto& wanted, auto& page) {
    return Call(streams(), &Streams::ListStreams, wanted, page);
  };
  return ListAll(request, all, fetch, &v1::ListStreamsResponse::mutable_streams);
}

grpc::Status Client::List(v1::ListConnectionsRequest request, v1::ListConnectionsResponse& all) {
  const auto fetch = [this](const auto& wanted, auto& page) {
    return Call(connections(), &Connections::ListConnections, wanted, page);
  };
  return ListAll(request, all, fetch, &v1::ListConnectionsResponse::mutable_connections);
}

grpc::Status Client::List(v1::ListConfKeysRequest request, v1::ListConfKeysResponse& all) {
  const auto fetch = [this](const auto& wanted, auto& page) {
    return Call(conf_keys(), &ConfKeys::ListConfKeys, wanted, page);
  };
  return ListAll(request, all, fetch, &v1::ListConfKeysResponse::mutable_conf_keys);
}

}  // namespace inlet::cli
