// One Subscribe call. One write is in flight at most; its completion sends what has come meanwhile, so batches grow
// with load.
#include "service/rpc/subscriber.h"

#include <algorithm>
#include <utility>

#include "grpc/grpc.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "ingest/error.h"
#include "ingest/limit_error.h"
#include "ingest/text.h"
#include "service/rpc/error_mapping.h"

namespace inlet::rpc {
namespace {

using ingest::SteadyTime;

SteadyTime Now() { return std::chrono::steady_clock::now(); }

// A write costs some 60 us whatever its size. So a reader that was just sent something waits for a moment before it is
// woken again: longer after more bytes, up to what fills a batch when records flood in. A reader whose records come a
// millisecond apart never waits.
std::chrono::nanoseconds PaceAfter(size_t bytes) {
  constexpr std::chrono::nanoseconds kShortest = std::chrono::microseconds(100);
  constexpr std::chrono::nanoseconds kLongest = std::chrono::microseconds(800);
  return std::min(kLongest, kShortest + std::chrono::nanoseconds(10 * bytes));
}

// Runs inside gRPC: frees memory at most, takes no lock of ours.
void ReleaseOwner(void* owner) { delete static_cast<std::shared_ptr<const void>*>(owner); }

// Bytes that stay where they are until gRPC has sent them.
grpc::ByteBuffer Borrow(std::shared_ptr<const void> owner, std::string_view bytes) {
  const grpc::Slice slice(const_cast<char*>(bytes.data()), bytes.size(), ReleaseOwner,
                          new std::shared_ptr<const void>(std::move(owner)));
  return {&slice, 1};
}

grpc::ByteBuffer Serialize(v1::Notice notice) {
  v1::SubscribeResponse response;
  *response.mutable_notice() = std::move(notice);
  const grpc::Slice slice(response.SerializeAsString());
  return {&slice, 1};
}

absl::Status TooSlow(std::chrono::nanoseconds stalled_for) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(stalled_for).count();
  const std::string text = std::to_string(seconds) + "s";
  return MakeError(absl::StatusCode::kResourceExhausted,
                   Concat({"this subscriber did not take a response for ", text,
                           "; read faster, ask for smaller batches (max_batch_bytes) or for a longer stall_timeout"}),
                   {"SUBSCRIBER_TOO_SLOW", {{"stalled_for", text}}, {}, {}});
}

absl::Status TooMany(uint32_t limit) {
  const std::string value = std::to_string(limit);
  return LimitReached(
      Limit::kSubscribers, limit,
      Concat({"there are ", value, " subscribers already (grpc.maxSubscribers); end one, or raise the limit"}));
}

// Answers with an error and nothing else.
class FailedCall : public SubscribeReactor {
 public:
  explicit FailedCall(const absl::Status& status) { Finish(ToGrpcStatus(status)); }
  void OnDone() override { delete this; }
};

absl::StatusOr<std::unique_ptr<Subscription>> Begin(const v1::SubscribeRequest& request,
                                                    const SubscribeOptions& options,
                                                    SubscriberEnvironment& environment) {
  absl::StatusOr<SubscribeTarget> target = environment.find(request.stream(), options.channel);
  if (!target.ok()) return target.status();
  return Subscription::Begin(options, *std::move(target), *environment.views);
}

}  // namespace

SubscribeReactor* StartSubscriber(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                  SubscriberEnvironment& environment) {
  v1::SubscribeRequest message;
  grpc::ByteBuffer bytes = *request;
  if (!grpc::SerializationTraits<v1::SubscribeRequest>::Deserialize(&bytes, &message).ok()) {
    return new FailedCall(absl::InvalidArgumentError("the request is not a SubscribeRequest"));
  }
  const absl::StatusOr<SubscribeOptions> options = ReadSubscribeOptions(message);
  if (!options.ok()) return new FailedCall(options.status());
  if (environment.subscribers.load() >= environment.max_subscribers) {
    return new FailedCall(TooMany(environment.max_subscribers));
  }
  auto subscription = Begin(message, *options, environment);
  if (!subscription.ok()) return new FailedCall(subscription.status());
  return Subscriber::Start(context, *options, *std::move(subscription), environment);
}

SubscribeReactor* Subscriber::Start(grpc::CallbackServerContext* context, SubscribeOptions options,
                                    std::unique_ptr<Subscription> subscription, SubscriberEnvironment& environment) {
  const std::shared_ptr<Subscriber> subscriber(
      new Subscriber(context, std::move(options), std::move(subscription), environment));
  subscriber->self_ = subscriber;
  environment.delivery->StartTimer(subscriber, Now() + subscriber->Tick());
  subscriber->Advance();
  return subscriber.get();
}

Subscriber::Subscriber(grpc::CallbackServerContext* context, SubscribeOptions options,
                       std::unique_ptr<Subscription> subscription, SubscriberEnvironment& environment)
    : context_(context),
      options_(std::move(options)),
      environment_(environment),
      subscription_(std::move(subscription)),
      last_write_(Now()) {
  environment_.subscribers.fetch_add(1);
  subscription_->log().CountSubscriber(1);
}

void Subscriber::OnWriteDone(bool ok) {
  {
    const std::lock_guard lock(mutex_);
    state_ = State::kIdle;
    cancelled_ = cancelled_ || !ok;
  }
  Advance();
}

void Subscriber::OnCancel() {
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
  }
  Advance();
}

void Subscriber::OnDone() {
  {
    const std::lock_guard lock(mutex_);
    state_ = State::kDone;
  }
  subscription_->log().Disarm(*this);
  subscription_->log().CountSubscriber(-1);
  environment_.subscribers.fetch_sub(1);
  self_.reset();
}

SteadyTime Subscriber::OnWake(SteadyTime now) {
  {
    const std::lock_guard lock(mutex_);
    armed_ = false;
    if (pace_until_ > now) return pace_until_;
  }
  Advance();
  return now;
}

void Subscriber::OnRendered() {
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kRendering) state_ = State::kIdle;
  }
  Advance();
}

void Subscriber::Advance() {
  Step step;
  {
    const std::lock_guard lock(mutex_);
    if (state_ != State::kIdle) return;
    step = Decide();
  }
  Perform(std::move(step));
}

Step Subscriber::Decide() {
  Step step;
  if (cancelled_) {
    step.kind = Step::Kind::kEnd;
    step.status = stalled_ ? TooSlow(options_.stall_timeout) : absl::CancelledError("cancelled by the subscriber");
  } else {
    step = subscription_->Next(armed_ ? nullptr : shared_from_this());
  }
  switch (step.kind) {
    case Step::Kind::kWait:
      armed_ = true;
      break;
    case Step::Kind::kRender:
      state_ = State::kRendering;
      break;
    case Step::Kind::kEnd:
      state_ = State::kFinishing;
      last_write_ = Now();
      break;
    case Step::Kind::kRecords:
    case Step::Kind::kNotice:
      state_ = State::kWriting;
      last_write_ = Now();
      pace_until_ = last_write_ + PaceAfter(step.bytes.size());
      break;
  }
  return step;
}

void Subscriber::Perform(Step step) {
  switch (step.kind) {
    case Step::Kind::kWait:
      return;
    case Step::Kind::kRender:
      return environment_.delivery->Render(shared_from_this(), std::move(step.source));
    case Step::Kind::kRecords:
      response_ = Borrow(std::move(step.owner), step.bytes);
      return StartWrite(&response_);
    case Step::Kind::kNotice:
      response_ = Serialize(*std::move(step.notice));
      return StartWrite(&response_);
    case Step::Kind::kEnd:
      return Finish(step);
  }
}

void Subscriber::Finish(const Step& step) {
  const grpc::Status status = ToGrpcStatus(step.status);
  if (!step.notice) return SubscribeReactor::Finish(status);
  response_ = Serialize(*step.notice);
  StartWriteAndFinish(&response_, grpc::WriteOptions(), status);
}

SteadyTime Subscriber::OnTimer(SteadyTime now) {
  bool stalled = false;
  SteadyTime due;
  {
    const std::lock_guard lock(mutex_);
    const bool writing = IsWriting();
    due = last_write_ + (writing ? options_.stall_timeout : options_.heartbeat_interval);
    stalled = writing && due <= now;
    if (!writing && due <= now) subscription_->RequestHeartbeat();
  }
  if (stalled) CancelStalled(now);
  if (due <= now) Advance();
  const SteadyTime soonest = now + Tick();
  return due <= now ? soonest : std::min(due, soonest);
}

void Subscriber::CancelStalled(SteadyTime now) {
  grpc_call* call = nullptr;
  {
    const std::lock_guard lock(mutex_);
    // What is in flight keeps the call alive; the reference does so beyond the lock.
    if (stalled_ || !IsWriting() || last_write_ + options_.stall_timeout > now) return;
    stalled_ = true;
    call = context_->c_call();
    grpc_call_ref(call);
  }
  environment_.stalled.fetch_add(1, std::memory_order_relaxed);
  // Finish would not reach such a reader: its trailers queue behind the data that is not taken.
  const std::string message(TooSlow(options_.stall_timeout).message());
  grpc_call_cancel_with_status(call, GRPC_STATUS_RESOURCE_EXHAUSTED, message.c_str(), nullptr);
  grpc_call_unref(call);
}

}  // namespace inlet::rpc
