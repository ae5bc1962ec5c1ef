// The whole service on free ports: its configuration, what it says in its log, and a client of it.
#ifndef INLET_TESTS_SERVICE_RPC_APP_FIXTURE_H_
#define INLET_TESTS_SERVICE_RPC_APP_FIXTURE_H_

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "ingest/log.h"
#include "inlet/v1/inlet.grpc.pb.h"
#include "service/app.h"
#include "service/config/load.h"

namespace inlet::service {

inline config::Loaded AnyPorts() {
  config::Loaded loaded;
  loaded.app.grpc.address = "127.0.0.1:0";
  loaded.app.metrics.address = "127.0.0.1:0";
  loaded.app.server.http_server_ip = "127.0.0.1";
  loaded.app.server.http_server_port = 0;
  loaded.app.data_dir.clear();
  return loaded;
}

// What happened, in order, whoever tells it.
class Journal {
 public:
  Journal() {
    SetLogSink([this](LogLevel, std::string_view event, auto) { Add(std::string(event)); });
  }
  ~Journal() { SetLogSink(nullptr); }
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  void Add(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
    added_.notify_all();
  }
  // Waits up to 20 s for `line`.
  bool Await(const std::string& line) {
    std::unique_lock lock(mutex_);
    return added_.wait_for(lock, std::chrono::seconds(20),
                           [&] { return std::find(lines_.begin(), lines_.end(), line) != lines_.end(); });
  }
  // Where `line` stands; the end if it does not.
  size_t Find(const std::string& line) const {
    const std::lock_guard lock(mutex_);
    return static_cast<size_t>(std::find(lines_.begin(), lines_.end(), line) - lines_.begin());
  }
  bool Has(const std::string& line) const {
    const size_t at = Find(line);
    const std::lock_guard lock(mutex_);
    return at < lines_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable added_;
  std::vector<std::string> lines_;
};

class Client {
 public:
  explicit Client(const App& app)
      : channel_(grpc::CreateChannel(app.grpc_address(), grpc::InsecureChannelCredentials())),
        stub_(v1::StreamService::NewStub(channel_)) {}

  grpc::Status Create(const std::string& name, v1::Stream* answer) {
    grpc::ClientContext context;
    v1::CreateStreamRequest request;
    request.mutable_stream()->set_name(name);
    return stub_->CreateStream(&context, request, answer);
  }
  grpc::Status Get(const std::string& name, v1::Stream* answer) {
    grpc::ClientContext context;
    v1::GetStreamRequest request;
    request.set_name(name);
    return stub_->GetStream(&context, request, answer);
  }
  auto Subscribe(grpc::ClientContext* context, const std::string& stream) {
    v1::SubscribeRequest request;
    request.set_stream(stream);
    return stub_->Subscribe(context, request);
  }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::StreamService::Stub> stub_;
};

}  // namespace inlet::service

#endif  // INLET_TESTS_SERVICE_RPC_APP_FIXTURE_H_
