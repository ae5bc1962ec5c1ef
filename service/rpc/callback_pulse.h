// Keeps gRPC's callback threads from dozing off.
#ifndef INLET_SERVICE_RPC_CALLBACK_PULSE_H_
#define INLET_SERVICE_RPC_CALLBACK_PULSE_H_

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "grpcpp/grpcpp.h"

namespace inlet::rpc {

// A thread that runs callbacks and has seen none for a second sleeps for 100 ms, whatever comes; after a second of
// silence all of them do so at once, and then a call, or the end of a write, waits for them. So something happens here
// more often: a call on a channel that leads nowhere, a few microseconds of work. Each such event keeps the thread that
// gets it awake until the one after the next.
class CallbackPulse {
 public:
  static constexpr std::chrono::milliseconds kPeriod{400};

  CallbackPulse();
  // Waits for the call under way, if there is one. Not from a callback.
  ~CallbackPulse();
  CallbackPulse(const CallbackPulse&) = delete;
  CallbackPulse& operator=(const CallbackPulse&) = delete;

 private:
  void Run();
  void Beat();

  const std::shared_ptr<grpc::Channel> nowhere_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // under mutex_
  bool beating_ = false;   // under mutex_
  std::thread thread_;
};

}  // namespace inlet::rpc

#endif  // INLET_SERVICE_RPC_CALLBACK_PULSE_H_
