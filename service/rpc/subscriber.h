// One Subscribe call: a gRPC reactor that does what its Subscription says.
#ifndef INLET_SERVICE_RPC_SUBSCRIBER_H_
#define INLET_SERVICE_RPC_SUBSCRIBER_H_

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/support/byte_buffer.h"
#include "ingest/view_cache.h"
#include "service/rpc/delivery.h"
#include "service/rpc/subscription.h"

namespace inlet::rpc {

// What all subscribers share; outlives them.
struct SubscriberEnvironment {
  Delivery* delivery = nullptr;
  ingest::ViewCache* views = nullptr;
  uint32_t max_subscribers = 10'000;
  // That log of the stream of that name, or the error to answer. Any thread; does not block.
  std::function<absl::StatusOr<SubscribeTarget>(const std::string& stream, Channel channel)> find;
  std::atomic<uint32_t> subscribers{0};  // now
  std::atomic<uint64_t> stalled{0};      // ended by their stall_timeout, since the start
};

using SubscribeReactor = grpc::ServerWriteReactor<grpc::ByteBuffer>;

// Serves one call; the request is a serialized SubscribeRequest. The reactor owns itself until the call is done.
SubscribeReactor* StartSubscriber(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                  SubscriberEnvironment& environment);

// Threads: gRPC's (OnWriteDone, OnCancel, OnDone) and the delivery thread (the rest). It owns itself until OnDone;
// others hold a weak_ptr, or a shared_ptr while it waits.
class Subscriber : public SubscribeReactor, public Deliverable, public std::enable_shared_from_this<Subscriber> {
 public:
  // Sends `started` at once.
  static SubscribeReactor* Start(grpc::CallbackServerContext* context, SubscribeOptions options,
                                 std::unique_ptr<Subscription> subscription, SubscriberEnvironment& environment);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  ingest::SteadyTime OnWake(ingest::SteadyTime now) override;
  void OnPace() override { Advance(); }
  void OnRendered() override;
  ingest::SteadyTime OnTimer(ingest::SteadyTime now) override;

 private:
  enum class State {
    kIdle,
    kWriting,    // OnWriteDone will come
    kRendering,  // OnRendered will come
    kFinishing,  // OnDone will come
    kDone,       // the context is gone
  };

  Subscriber(grpc::CallbackServerContext* context, SubscribeOptions options, std::unique_ptr<Subscription> subscription,
             SubscriberEnvironment& environment);

  // Takes the next step, if the state allows one.
  void Advance();
  // Decides it. mutex_ is held.
  Step Decide();
  // Carries it out. No lock is held, but the state keeps everybody else out.
  void Perform(Step step);
  void Finish(const Step& step);
  void CancelStalled(ingest::SteadyTime now);
  // Something is on its way to the client. mutex_ is held.
  bool IsWriting() const { return state_ == State::kWriting || state_ == State::kFinishing; }
  // The longest time between two looks at the clock.
  std::chrono::nanoseconds Tick() const { return std::min(options_.heartbeat_interval, options_.stall_timeout); }

  grpc::CallbackServerContext* const context_;
  const SubscribeOptions options_;
  SubscriberEnvironment& environment_;

  std::mutex mutex_;
  // Guarded by mutex_.
  const std::unique_ptr<Subscription> subscription_;
  State state_ = State::kIdle;
  bool armed_ = false;      // the log holds us, or has just handed us to the delivery thread
  bool cancelled_ = false;  // by the client, or by us (stalled_)
  bool stalled_ = false;
  ingest::SteadyTime last_write_;
  ingest::SteadyTime pace_until_;  // before it, what comes is left to gather

  grpc::ByteBuffer response_;  // of the write in flight; belongs to who brought the state to kWriting or kFinishing
  std::shared_ptr<Subscriber> self_;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_SUBSCRIBER_H_
