// A call that fails at once, now and then. Its end is an event of the callback threads.
#include "service/rpc/callback_pulse.h"

#include "grpcpp/generic/generic_stub.h"

namespace inlet::rpc {

// Without credentials a channel fails every call by itself: nothing is opened or sent.
CallbackPulse::CallbackPulse() : nowhere_(grpc::CreateChannel("nowhere", nullptr)), thread_([this] { Run(); }) {}

CallbackPulse::~CallbackPulse() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void CallbackPulse::Run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kPeriod, [this] { return stopping_; })) {
    beating_ = true;
    lock.unlock();
    Beat();
    lock.lock();
  }
}

void CallbackPulse::Beat() {
  grpc::GenericStub stub(nowhere_);
  grpc::ClientContext context;
  const grpc::Slice nothing;
  const grpc::ByteBuffer request(&nothing, 1);
  grpc::ByteBuffer response;
  stub.UnaryCall(&context, "/inlet/pulse", grpc::StubOptions(), &request, &response, [this](const grpc::Status&) {
    const std::lock_guard lock(mutex_);
    beating_ = false;
    changed_.notify_one();
  });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !beating_; });
}

}  // namespace inlet::rpc
