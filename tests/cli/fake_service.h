// The three services on a free port of loopback: each Subscribe is played from a script, each other call is answered
// with what a test set for it, and remembered.
#ifndef INLET_TESTS_CLI_FAKE_SERVICE_H_
#define INLET_TESTS_CLI_FAKE_SERVICE_H_

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "inlet/v1/inlet.grpc.pb.h"
#include "inlet/wire/error_details.pb.h"

namespace inlet::cli {

// An error as the service tells it.
inline grpc::Status Failure(grpc::StatusCode code, const std::string& reason, const std::string& message) {
  wire::ErrorInfo info;
  info.set_reason(reason);
  wire::Status details;
  google::protobuf::Any& any = *details.add_details();
  any.set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
  any.set_value(info.SerializeAsString());
  return {code, message, details.SerializeAsString()};
}

// Thread-safe.
class Script {
 public:
  // All calls of `method` from now on, in place of what was set before; Queue: one call, before those.
  void Answer(const std::string& method, const google::protobuf::Message& response) {
    Set(method, {grpc::Status::OK, response.SerializeAsString()});
  }
  void Fail(const std::string& method, const grpc::Status& status) { Set(method, {status, {}}); }
  void Queue(const std::string& method, const google::protobuf::Message& response) {
    const std::lock_guard lock(mutex_);
    queued_[method].push_back({grpc::Status::OK, response.SerializeAsString()});
  }
  void QueueFailure(const std::string& method, const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    queued_[method].push_back({status, {}});
  }

  // The calls of one method so far; of all, their names in order.
  template <typename Request>
  std::vector<Request> Requests(const std::string& method) const {
    const std::lock_guard lock(mutex_);
    std::vector<Request> requests;
    for (const auto& [name, text] : calls_) {
      if (name == method) requests.emplace_back().ParseFromString(text);
    }
    return requests;
  }
  std::vector<std::string> Methods() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    names.reserve(calls_.size());
    for (const auto& [name, text] : calls_) names.push_back(name);
    return names;
  }

  // UNIMPLEMENTED where nothing was set.
  grpc::Status Play(const std::string& method, const google::protobuf::Message& request,
                    google::protobuf::Message& response) {
    const std::lock_guard lock(mutex_);
    calls_.emplace_back(method, request.SerializeAsString());
    Reply reply;
    if (std::deque<Reply>& queue = queued_[method]; !queue.empty()) {
      reply = std::move(queue.front());
      queue.pop_front();
    } else if (const auto set = replies_.find(method); set != replies_.end()) {
      reply = set->second;
    }
    response.ParseFromString(reply.response);
    return reply.status;
  }

 private:
  struct Reply {
    grpc::Status status{grpc::StatusCode::UNIMPLEMENTED, "no answer was set"};
    std::string response;
  };

  void Set(const std::string& method, Reply reply) {
    const std::lock_guard lock(mutex_);
    replies_[method] = std::move(reply);
  }

  mutable std::mutex mutex_;
  std::map<std::string, Reply> replies_;
  std::map<std::string, std::deque<Reply>> queued_;
  std::vector<std::pair<std::string, std::string>> calls_;
};

// Each method as `Script::Play` says.
#define INLET_FAKE_CALL(Method, Request, Response)                                                                     \
  grpc::Status Method(grpc::ServerContext* /*context*/, const v1::Request* request, v1::Response* response) override { \
    return script_.Play(#Method, *request, *response);                                                                 \
  }

class FakeConnectionService : public v1::ConnectionService::Service {
 public:
  explicit FakeConnectionService(Script& script) : script_(script) {}
  INLET_FAKE_CALL(CheckConnection, CheckConnectionRequest, CheckConnectionResponse)
  INLET_FAKE_CALL(ListConnections, ListConnectionsRequest, ListConnectionsResponse)
  INLET_FAKE_CALL(CloseConnection, CloseConnectionRequest, CloseConnectionResponse)
  INLET_FAKE_CALL(Send, SendRequest, SendResponse)

 private:
  Script& script_;
};

class FakeConfKeyService : public v1::ConfKeyService::Service {
 public:
  explicit FakeConfKeyService(Script& script) : script_(script) {}
  INLET_FAKE_CALL(ListConfKeys, ListConfKeysRequest, ListConfKeysResponse)
  INLET_FAKE_CALL(GetConfKey, GetConfKeyRequest, ConfKey)
  INLET_FAKE_CALL(PutConfKey, PutConfKeyRequest, PutConfKeyResponse)
  INLET_FAKE_CALL(DeleteConfKey, DeleteConfKeyRequest, DeleteConfKeyResponse)

 private:
  Script& script_;
};

class FakeService : public v1::StreamService::Service {
 public:
  // One Subscribe: what it answers and how it ends. `hang`: it ends only when the caller cancels.
  struct Call {
    std::vector<v1::SubscribeResponse> responses;
    grpc::Status status;
    bool hang = false;
  };

  FakeService() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    builder.RegisterService(&connections_);
    builder.RegisterService(&conf_keys_);
    server_ = builder.BuildAndStart();
  }
  ~FakeService() override { server_->Shutdown(std::chrono::system_clock::now()); }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  Script& script() { return script_; }

  void Play(Call call) {
    const std::lock_guard lock(mutex_);
    calls_.push_back(std::move(call));
  }

  std::vector<v1::SubscribeRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  grpc::Status Subscribe(grpc::ServerContext* context, const v1::SubscribeRequest* request,
                         grpc::ServerWriter<v1::SubscribeResponse>* writer) override {
    const Call call = Next(*request);
    for (const v1::SubscribeResponse& response : call.responses) writer->Write(response);
    // The caller's cancellation is noticed by a write that fails.
    while (call.hang && !context->IsCancelled() && writer->Write({})) std::this_thread::yield();
    return call.status;
  }

  INLET_FAKE_CALL(CreateStream, CreateStreamRequest, Stream)
  INLET_FAKE_CALL(GetStream, GetStreamRequest, Stream)
  INLET_FAKE_CALL(ListStreams, ListStreamsRequest, ListStreamsResponse)
  INLET_FAKE_CALL(UpdateStream, UpdateStreamRequest, Stream)
  INLET_FAKE_CALL(DeleteStream, DeleteStreamRequest, DeleteStreamResponse)
  INLET_FAKE_CALL(PauseStream, PauseStreamRequest, Stream)
  INLET_FAKE_CALL(ResumeStream, ResumeStreamRequest, Stream)
  INLET_FAKE_CALL(ReconnectStream, ReconnectStreamRequest, Stream)

 private:
  Call Next(const v1::SubscribeRequest& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (calls_.empty()) return {{}, {grpc::StatusCode::INTERNAL, "no more calls were expected"}};
    Call call = std::move(calls_.front());
    calls_.pop_front();
    return call;
  }

  Script script_;
  FakeConnectionService connections_{script_};
  FakeConfKeyService conf_keys_{script_};
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  mutable std::mutex mutex_;
  std::deque<Call> calls_;
  std::vector<v1::SubscribeRequest> requests_;
};

#undef INLET_FAKE_CALL

}  // namespace inlet::cli

#endif  // INLET_TESTS_CLI_FAKE_SERVICE_H_
