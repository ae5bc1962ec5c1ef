// One running stream: what its source brings becomes records of its log, and is counted.
#include "ingest/stream.h"

#include <cassert>
#include <utility>

#include "ingest/log.h"
#include "ingest/text.h"

namespace inlet::ingest {
namespace {

std::string_view StateName(SourceState state) {
  switch (state) {
    case SourceState::kResolving:
      return "resolving";
    case SourceState::kConnecting:
      return "connecting";
    case SourceState::kConnected:
      return "connected";
    case SourceState::kBackoff:
      return "backoff";
    case SourceState::kListening:
      return "listening";
    case SourceState::kFailed:
      return "failed";
    case SourceState::kStalled:
      return "stalled";
  }
  return "unknown";
}

// One writer: no need for an atomic read-modify-write.
template <typename T>
void Add(std::atomic<T>& counter, T by) {
  counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

template <typename T>
T Load(const std::atomic<T>& counter) {
  return counter.load(std::memory_order_relaxed);
}

std::string Describe(const Reject& reject) {
  std::string text = Concat({RejectReasonName(reject.reason), ": ", reject.detail});
  if (reject.index) text += Concat({", in element ", std::to_string(*reject.index)});
  return Concat({text, ", at byte ", std::to_string(reject.byte_offset)});
}

}  // namespace

Stream::Stream(Options options, SourceFactory& factory)
    : options_(std::move(options)), source_(factory.CreateSource(options_.spec, *this)) {}

Stream::~Stream() = default;

absl::Status Stream::Start() {
  assert(options_.loop->InLoopThread());
  absl::Status status = source_->Start();
  if (!status.ok()) return status;
  started_ = true;
  const std::lock_guard lock(mutex_);
  notes_.endpoint = source_->endpoint();
  return status;
}

void Stream::Stop(CloseReason reason) {
  assert(options_.loop->InLoopThread());
  options_.publisher->Publish();
  if (std::exchange(started_, false)) source_->Stop();
  options_.log->Close(reason);
}

StreamSnapshot Stream::Snapshot() const {
  StreamSnapshot snapshot;
  snapshot.state = options_.log->state();
  snapshot.bounds = options_.log->bounds();
  snapshot.epoch = options_.log->epoch();
  snapshot.last_record_time = options_.log->last_record_time();
  snapshot.subscribers = static_cast<uint32_t>(options_.log->subscribers());
  snapshot.connections = Load(counters_.connections);
  snapshot.messages = Load(counters_.messages);
  snapshot.bytes = Load(counters_.bytes);
  snapshot.records = Load(counters_.records);
  snapshot.rejects = Load(counters_.rejects);
  snapshot.connects = Load(counters_.connects);
  snapshot.refused = Load(counters_.refused);
  const std::lock_guard lock(mutex_);
  snapshot.notes = notes_;
  return snapshot;
}

Verdict Stream::OnMessage(const Message& message) {
  Add<uint64_t>(counters_.messages, 1);
  Add<uint64_t>(counters_.bytes, message.text.size());
  const DecodeResult result = options_.publisher->Write(options_.log, message);
  Add<uint64_t>(counters_.records, result.records);
  if (result.rejects > 0) {
    Add<uint64_t>(counters_.rejects, result.rejects);
    NoteReject(Describe(result.first_rejects.back()), message.connection);
  }
  return result.invalid_utf8 ? Verdict::kInvalidUtf8 : Verdict::kTaken;
}

void Stream::OnFault(MessageFault fault, uint64_t connection, uint64_t size) {
  Add<uint64_t>(counters_.rejects, 1);
  const bool binary = fault == MessageFault::kBinary;
  const std::string_view name = RejectReasonName(binary ? RejectReason::kBinaryMessage : RejectReason::kTooLarge);
  const std::string limit = std::to_string(options_.spec.max_message_bytes);
  const std::string detail = binary ? std::string(": only text messages carry records, the connection stays open")
                                    : Concat({": maxMessageBytes is ", limit, ", the connection was closed with 1009"});
  NoteReject(Concat({name, ": a message of ", std::to_string(size), " bytes", detail}), connection);
}

void Stream::OnConnect(uint64_t connection, std::string_view peer) {
  Add<uint64_t>(counters_.connects, 1);
  Add<uint32_t>(counters_.connections, 1);
  Log(LogLevel::kDebug, "connection_opened",
      {{"stream", options_.spec.name}, {"connection", std::to_string(connection)}, {"peer", peer}});
}

void Stream::OnDisconnect(uint64_t connection, uint16_t code, std::string_view reason) {
  counters_.connections.store(Load(counters_.connections) - 1, std::memory_order_relaxed);
  Log(LogLevel::kDebug, "connection_closed",
      {{"stream", options_.spec.name},
       {"connection", std::to_string(connection)},
       {"code", std::to_string(code)},
       {"reason", reason}});
  const std::lock_guard lock(mutex_);
  notes_.last_close_code = code;
  notes_.last_close_reason = reason;
}

void Stream::OnRefuse(int http_status, std::string_view reason, std::string_view peer) {
  Add<uint64_t>(counters_.refused, 1);
  const std::lock_guard lock(mutex_);
  notes_.last_refusal = Concat({std::to_string(http_status), " ", reason, ", from ", peer});
  notes_.last_refusal_time = options_.loop->TurnTime();
}

void Stream::OnState(const SourceStatus& status) {
  {
    const std::lock_guard lock(mutex_);
    notes_.state_since = options_.loop->TurnTime();
  }
  Log(LogLevel::kInfo, "stream_state",
      {{"stream", options_.spec.name}, {"state", StateName(status.state)}, {"reason", status.reason}});
  options_.log->SetState(status.state, status.reason);
}

void Stream::NoteReject(std::string_view what, uint64_t connection) {
  const std::lock_guard lock(mutex_);
  notes_.last_reject = Concat({what, ", from connection ", std::to_string(connection)});
  notes_.last_reject_time = options_.loop->TurnTime();
}

}  // namespace inlet::ingest
