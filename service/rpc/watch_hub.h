// Who watches streams: hears of each change, and serves the WatchStream calls.
#ifndef INLET_SERVICE_RPC_WATCH_HUB_H_
#define INLET_SERVICE_RPC_WATCH_HUB_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "inlet/v1/inlet.pb.h"
#include "service/registry_observer.h"
#include "service/rpc/delivery.h"
#include "service/stream_registry.h"

namespace inlet::rpc {

class Watcher;

using WatchReactor = grpc::ServerWriteReactor<v1::WatchStreamResponse>;

// Thread-safe. Outlives its calls and the streams that it hears of.
class WatchHub final : public service::RegistryObserver {
 public:
  struct Options {
    Delivery* delivery = nullptr;  // outlives the hub; runs the watchers
    // Any thread; they do not block. The stream of that name; null if there is none.
    std::function<std::shared_ptr<ingest::Stream>(const std::string& name)> find;
    // The error of a name that no stream has.
    std::function<absl::Status(const std::string& name)> unknown;
    // The first stream behind `name` in byte order; null if there is none.
    std::function<service::StreamEntryPtr(const std::string& name)> next;
    size_t max_watchers = 1000;
    std::chrono::milliseconds poll_interval{1000};  // between two looks at the counters
    std::chrono::milliseconds heartbeat{20'000};    // of silence
  };

  explicit WatchHub(Options options) : options_(std::move(options)) {}

  // Serves one call; the reactor owns itself until the call is done.
  WatchReactor* Start(grpc::CallbackServerContext* context, const v1::WatchStreamRequest& request);

  void OnStreamChanged(std::string_view name) override;
  void OnStreamDeleted(std::string_view name) override;

  // Tells all watchers what they have not heard yet, then ends them with UNAVAILABLE (DRAINING); also those to come.
  void Close();

  size_t watchers() const;
  const Options& options() const { return options_; }

  // For watchers: the call is done.
  void Remove(const Watcher& watcher);

 private:
  std::vector<std::shared_ptr<Watcher>> Watchers() const;
  absl::Status Add(const std::shared_ptr<Watcher>& watcher);

  const Options options_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::vector<std::shared_ptr<Watcher>> watchers_;
  bool closed_ = false;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_WATCH_HUB_H_
