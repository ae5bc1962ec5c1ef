// One Subscribe call, read as raw bytes.
#ifndef INLET_BENCH_READ_SUBSCRIPTION_H_
#define INLET_BENCH_READ_SUBSCRIPTION_H_

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/common/histogram.h"
#include "bench/read/wire_walker.h"
#include "inlet/v1/inlet.grpc.pb.h"

namespace inlet::bench {

// What all subscriptions of a run share.
struct ReadOptions {
  std::string address;  // host:port
  std::string stream;
  size_t streams = 0;  // 0: all of `stream`; else of that with the endings -0, -1 and so on, so many of them, in turn
  v1::SubscribeRequest::Encoding encoding = v1::SubscribeRequest::JSON;
  bool earliest = false;     // else with the next record
  bool use_classes = false;  // parse each response with the generated class, as a client of the stub does
  bool latency = false;      // look for time stamps
  size_t stall_every = 0;    // every nth subscription never reads after its first response; 0: none
};

// Belongs to the thread that owns `queue`, except for the atomics.
class Subscription {
 public:
  // The run's `number`th. `stalled`: read the first response and no more.
  Subscription(const ReadOptions& options, size_t number, bool stalled, grpc::CompletionQueue* queue);

  void Start();
  // An event of the queue whose tag is this. False when the call is over and nothing more will come.
  bool Proceed(bool ok);
  void Cancel() { context_.TryCancel(); }

  const OffsetCheck& offsets() const { return offsets_; }
  const Histogram& latency_nanos() const { return latency_nanos_; }
  const Notices& notices() const { return notices_; }
  const grpc::Status& status() const { return status_; }
  uint64_t responses() const { return responses_; }
  uint64_t bytes() const { return bytes_; }
  uint64_t first_nanos() const { return first_nanos_; }
  uint64_t last_nanos() const { return last_nanos_; }
  uint64_t without_stamp() const { return stamps_.without_stamp; }
  bool malformed() const { return malformed_; }
  bool stalled() const { return stalled_; }

  // For the thread that watches: records seen and passed over so far.
  uint64_t progress() const { return progress_.load(std::memory_order_relaxed); }
  bool started() const { return started_.load(std::memory_order_relaxed); }
  bool over() const { return over_.load(std::memory_order_relaxed); }

 private:
  enum class State { kStarting, kWriting, kReading, kStalled, kFinishing, kDone };

  void HandleResponse();
  bool Walk();
  bool ParseWithClasses();

  const ReadOptions& options_;
  const std::string stream_;
  const bool stalled_;
  State state_ = State::kStarting;
  std::shared_ptr<grpc::Channel> channel_;
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  grpc::ByteBuffer response_;
  v1::SubscribeResponse parsed_;
  std::vector<grpc::Slice> slices_;
  std::string contiguous_;
  grpc::Status status_;

  OffsetCheck offsets_;
  Notices notices_;
  Histogram latency_nanos_;
  StampSink stamps_;
  uint64_t responses_ = 0;
  uint64_t bytes_ = 0;
  uint64_t first_nanos_ = 0;
  uint64_t last_nanos_ = 0;
  bool malformed_ = false;
  std::atomic<uint64_t> progress_ = 0;
  std::atomic<bool> started_ = false;
  std::atomic<bool> over_ = false;
};

}  // namespace inlet::bench

#endif  // INLET_BENCH_READ_SUBSCRIPTION_H_
