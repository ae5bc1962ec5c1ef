// A StreamService on a free port of loopback whose every Subscribe is played from a script.
#ifndef INLET_TESTS_CLI_FAKE_SERVICE_H_
#define INLET_TESTS_CLI_FAKE_SERVICE_H_

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "inlet/v1/inlet.grpc.pb.h"

namespace inlet::cli {

class FakeService : public v1::StreamService::Service {
 public:
  // One call: what it answers and how it ends. `hang`: it ends only when the caller cancels.
  struct Call {
    std::vector<v1::SubscribeResponse> responses;
    grpc::Status status;
    bool hang = false;
  };

  FakeService() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~FakeService() override { server_->Shutdown(std::chrono::system_clock::now()); }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  void Play(Call call) {
    const std::lock_guard lock(mutex_);
    calls_.push_back(std::move(call));
  }

  std::vector<v1::SubscribeRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  void SetPages(std::vector<v1::ListStreamsResponse> pages) { pages_ = std::move(pages); }

  grpc::Status Subscribe(grpc::ServerContext* context, const v1::SubscribeRequest* request,
                         grpc::ServerWriter<v1::SubscribeResponse>* writer) override {
    const Call call = Next(*request);
    for (const v1::SubscribeResponse& response : call.responses) writer->Write(response);
    // The caller's cancellation is noticed by a write that fails.
    while (call.hang && !context->IsCancelled() && writer->Write({})) std::this_thread::yield();
    return call.status;
  }

  grpc::Status ListStreams(grpc::ServerContext* /*context*/, const v1::ListStreamsRequest* request,
                           v1::ListStreamsResponse* response) override {
    const size_t page = request->page_token().empty() ? 0 : std::stoul(request->page_token());
    *response = pages_.at(page);
    return grpc::Status::OK;
  }

 private:
  Call Next(const v1::SubscribeRequest& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (calls_.empty()) return {{}, {grpc::StatusCode::INTERNAL, "no more calls were expected"}};
    Call call = std::move(calls_.front());
    calls_.pop_front();
    return call;
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  std::vector<v1::ListStreamsResponse> pages_;
  mutable std::mutex mutex_;
  std::deque<Call> calls_;
  std::vector<v1::SubscribeRequest> requests_;
};

}  // namespace inlet::cli

#endif  // INLET_TESTS_CLI_FAKE_SERVICE_H_
