// The states of a server-streaming call on a completion queue.
#include "bench/read/subscription.h"

#include "bench/common/clock.h"

namespace inlet::bench {
namespace {

constexpr char kMethod[] = "/inlet.v1.StreamService/Subscribe";

// Each subscription has a TCP connection of its own, as if it were a process of its own.
std::shared_ptr<grpc::Channel> OwnChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

std::string StreamOf(const ReadOptions& options, size_t number) {
  return options.streams == 0 ? options.stream : options.stream + "-" + std::to_string(number % options.streams);
}

grpc::ByteBuffer Serialize(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

Subscription::Subscription(const ReadOptions& options, size_t number, bool stalled, grpc::CompletionQueue* queue)
    : options_(options),
      stream_(StreamOf(options, number)),
      stalled_(stalled),
      channel_(OwnChannel(options.address)),
      stub_(channel_) {
  context_.set_wait_for_ready(true);
  call_ = stub_.PrepareCall(&context_, kMethod, queue);
  if (options_.latency) stamps_.latency_nanos = &latency_nanos_;
}

void Subscription::Start() { call_->StartCall(this); }

bool Subscription::Proceed(bool ok) {
  if (state_ == State::kFinishing) {
    state_ = State::kDone;
    over_.store(true, std::memory_order_relaxed);
    return false;
  }
  if (!ok) {
    state_ = State::kFinishing;
    call_->Finish(&status_, this);
    return true;
  }
  if (state_ == State::kStarting) {
    v1::SubscribeRequest request;
    request.set_stream(stream_);
    request.set_encoding(options_.encoding);
    if (options_.earliest) request.set_earliest(true);
    state_ = State::kWriting;
    call_->WriteLast(Serialize(request), grpc::WriteOptions(), this);
    return true;
  }
  if (state_ == State::kReading) HandleResponse();
  state_ = stalled_ && started() ? State::kStalled : State::kReading;
  if (state_ == State::kReading) call_->Read(&response_, this);
  return true;
}

void Subscription::HandleResponse() {
  stamps_.now = MonotonicNanos();
  ++responses_;
  bytes_ += response_.Length();
  const uint64_t before = offsets_.records;
  malformed_ |= !(options_.use_classes ? ParseWithClasses() : Walk());
  if (offsets_.records != before) {
    if (before == 0) first_nanos_ = stamps_.now;
    last_nanos_ = stamps_.now;
  }
  started_.store(true, std::memory_order_relaxed);
  progress_.store(offsets_.records + offsets_.missing, std::memory_order_relaxed);
}

bool Subscription::Walk() {
  grpc::Slice slice;
  if (response_.TrySingleSlice(&slice).ok()) {
    const std::string_view wire(reinterpret_cast<const char*>(slice.begin()), slice.size());
    return WalkResponse(wire, &offsets_, &notices_, &stamps_);
  }
  slices_.clear();
  if (!response_.Dump(&slices_).ok()) return false;
  contiguous_.clear();
  for (const grpc::Slice& piece : slices_) {
    contiguous_.append(reinterpret_cast<const char*>(piece.begin()), piece.size());
  }
  slices_.clear();
  return WalkResponse(contiguous_, &offsets_, &notices_, &stamps_);
}

bool Subscription::ParseWithClasses() {
  if (!grpc::SerializationTraits<v1::SubscribeResponse>::Deserialize(&response_, &parsed_).ok()) return false;
  notices_.started |= parsed_.notice().has_started();
  notices_.gap |= parsed_.notice().has_gap();
  notices_.ending |= parsed_.notice().has_ending();
  for (const v1::Record& record : parsed_.records()) {
    offsets_.See(record.offset());
    if (stamps_.latency_nanos == nullptr) continue;
    const auto& fields = record.data().fields();
    const auto stamp = fields.find("ts");
    AddLatency(record.has_json()       ? record.json()
               : stamp == fields.end() ? ""
                                       : "ts" + stamp->second.string_value(),
               &stamps_);
  }
  return true;
}

}  // namespace inlet::bench
