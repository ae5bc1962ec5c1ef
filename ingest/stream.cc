// One running stream: what its source brings becomes records of its log, and is counted.
#include "ingest/stream.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>
#include <variant>

#include "ingest/fault_reject.h"
#include "ingest/json_parser.h"
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
    case SourceState::kPaused:
      return "paused";
    case SourceState::kFailed:
      return "failed";
    case SourceState::kStalled:
      return "stalled";
  }
  return "unknown";
}

bool IsClient(const StreamSpec& spec) { return std::holds_alternative<ClientRole>(spec.role); }

// What a peer said, for messages whose texts must be UTF-8.
std::string_view OnlyUtf8(std::string_view text) { return IsUtf8(text) ? text : std::string_view(); }

std::string DurationText(std::chrono::milliseconds time) {
  const bool whole = time.count() % 1000 == 0;
  return Concat({std::to_string(whole ? time.count() / 1000 : time.count()), whole ? " s" : " ms"});
}

constexpr std::string_view kServiceWasDown = "the service was not running";

std::string WhyDown(uint16_t code, std::string_view reason) {
  constexpr uint16_t kNoCloseFrame = 1006;
  return Concat({"the connection was closed with ", std::to_string(code),
                 code == kNoCloseFrame ? " (no close frame)" : "", reason.empty() ? "" : ": ", reason});
}

}  // namespace

Stream::Stream(Options options, SourceFactory& factory)
    : options_(std::move(options)),
      factory_(factory),
      spec_(std::move(options_.spec)),
      source_(factory.CreateSource(spec_, *this)),
      rejects_(options_.log),
      schema_(CompiledSchema::Compile(spec_->schema)),
      record_origin_(spec_->record_origin),
      stall_watch_(*options_.loop, spec_->record_timeout, [this] { OnStall(); }) {
  if (options_.down_since.time_since_epoch().count() != 0)
    down_ = Down{options_.down_since, std::string(kServiceWasDown)};
}

Stream::~Stream() = default;

absl::Status Stream::Start() {
  assert(options_.loop->InLoopThread());
  absl::Status status = source_->Start();
  if (!status.ok()) return status;
  started_ = true;
  if (!IsClient(*spec_)) WriteGap();
  ShowEndpoint();
  return status;
}

void Stream::ShowEndpoint() {
  assert(options_.loop->InLoopThread());
  const std::lock_guard lock(mutex_);
  notes_.endpoint = source_->endpoint();
}

void Stream::Stop(CloseReason reason) {
  assert(options_.loop->InLoopThread());
  options_.publisher->Publish();
  if (std::exchange(started_, false)) source_->Stop();
  stall_watch_.Stop();
  options_.log->Close(reason);
  rejects_.Close(reason);
}

StreamSnapshot Stream::Snapshot() const {
  StreamSnapshot snapshot;
  snapshot.bounds = options_.log->bounds();
  snapshot.epoch = options_.log->epoch();
  snapshot.last_record_time = WallTime(WallTime::duration(counters_.last_record.load(std::memory_order_relaxed)));
  snapshot.subscribers = static_cast<uint32_t>(options_.log->subscribers() + rejects_.subscribers());
  snapshot.connections = static_cast<uint32_t>(counters_.connections.value());
  snapshot.messages = counters_.messages.value();
  snapshot.bytes = counters_.bytes.value();
  snapshot.records = counters_.records.value();
  snapshot.rejects_by_reason = rejects_.counts();
  snapshot.rejects = std::accumulate(snapshot.rejects_by_reason.begin(), snapshot.rejects_by_reason.end(), uint64_t{0});
  snapshot.connects = counters_.connects.value();
  snapshot.refused = counters_.refused.value();
  snapshot.ignored = counters_.ignored.value();
  const std::lock_guard lock(mutex_);
  snapshot.state = state_;
  snapshot.notes = notes_;
  return snapshot;
}

Verdict Stream::OnMessage(const Message& message) {
  counters_.messages.Add();
  counters_.bytes.Add(message.text.size());
  const Message noted = NoteMessage(message);
  if (IsIgnored(message.text)) {
    counters_.ignored.Add();
    return Verdict::kTaken;
  }
  const DecodeResult result = options_.publisher->Write(options_.log, noted, schema_.get());
  counters_.records.Add(result.records);
  if (result.records > 0) OnRecords(message.receive_time);
  if (result.rejects > 0) {
    rejects_.Add({message.receive_time, message.connection, {}, noted.origin_field}, result);
    NoteRejects(message.connection, result.rejects);
    NoteReject(Describe(result.first_rejects.back()), message.connection);
  }
  return result.invalid_utf8 ? Verdict::kInvalidUtf8 : Verdict::kTaken;
}

bool Stream::IsIgnored(std::string_view text) const {
  const std::vector<std::string>& ignore = spec_->ignore;
  return !ignore.empty() && std::find(ignore.begin(), ignore.end(), text) != ignore.end();
}

void Stream::OnRecords(WallTime receive_time) {
  counters_.last_record.store(receive_time.time_since_epoch().count(), std::memory_order_relaxed);
  stall_watch_.OnRecord();
  if (!std::exchange(stalled_, false)) return;
  stall_watch_.Start();
  ShowState(source_status_);
}

void Stream::OnStall() {
  stalled_ = true;
  const std::string reason = WhyStalled();
  ShowState({.state = SourceState::kStalled, .reason = reason});
  if (spec_->reconnect_when_stalled && IsClient(*spec_)) source_->Reconnect(reason);
}

std::string Stream::WhyStalled() const {
  const bool nobody = !IsClient(*spec_) && counters_.connections.value() == 0;
  return Concat({"no record for ", DurationText(spec_->record_timeout), nobody ? ": no peer is connected" : ""});
}

// A peer has come or gone.
void Stream::ShowWhyStalled() {
  const std::string reason = WhyStalled();
  if (reason != state_.reason) ShowState({.state = SourceState::kStalled, .reason = reason});
}

void Stream::WriteGap() {
  if (!down_) return;
  const WallTime now = options_.loop->TurnTime();
  options_.publisher->WriteGap(options_.log, {now, 0}, {down_->since, std::max(down_->since, now), down_->detail});
  down_.reset();
}

void Stream::OnFault(const MessageFaultReport& report) {
  const Reject reject = ToReject(report, *spec_);
  rejects_.Add({report.receive_time, report.connection, {}, OriginFieldOf(report.connection)}, reject);
  NoteRejects(report.connection, 1);
  NoteReject(Describe(reject), report.connection);
}

void Stream::OnConnect(const ConnectionFacts& connection) {
  book_.Open(connection, options_.loop->TurnTime());
  counters_.connects.Add();
  counters_.connections.Add();
  WriteGap();
  if (stalled_) ShowWhyStalled();
  Log(LogLevel::kDebug, "stream_connected",
      {{"stream", spec_->name}, {"connection", std::to_string(connection.id)}, {"peer", connection.peer}});
}

void Stream::OnDisconnect(uint64_t connection, uint16_t code, std::string_view reason) {
  book_.Close(connection);
  counters_.connections.Subtract();
  Log(LogLevel::kDebug, "stream_disconnected",
      {{"stream", spec_->name},
       {"connection", std::to_string(connection)},
       {"code", std::to_string(code)},
       {"reason", reason}});
  if (stalled_ && !IsClient(*spec_)) ShowWhyStalled();
  if (IsClient(*spec_)) down_ = Down{options_.loop->TurnTime(), WhyDown(code, OnlyUtf8(reason))};
  const std::lock_guard lock(mutex_);
  notes_.last_close_code = code;
  notes_.last_close_reason = OnlyUtf8(reason);
}

void Stream::OnRefuse(int http_status, std::string_view reason, std::string_view peer) {
  counters_.refused.Add();
  const std::lock_guard lock(mutex_);
  notes_.last_refusal = Concat({std::to_string(http_status), " ", reason, ", from ", peer});
  notes_.last_refusal_time = options_.loop->TurnTime();
}

void Stream::NoteStillDown(std::string_view error) {
  if (down_ && down_->detail == kServiceWasDown) down_->detail = Concat({kServiceWasDown, ", then: ", error});
}

void Stream::OnState(const SourceStatus& status) {
  if (!status.last_error.empty()) NoteStillDown(status.last_error);
  source_status_ = status;
  source_status_.last_error.clear();  // it is news only once
  WatchAnew();
  ShowState(status);
}

void Stream::WatchAnew() {
  const SourceState state = source_status_.state;
  stalled_ = false;
  // Only then records may come.
  const bool is_live = state == SourceState::kConnected || state == SourceState::kListening;
  is_live ? stall_watch_.Start() : stall_watch_.Stop();
}

void Stream::ShowState(const SourceStatus& status) {
  const WallTime now = options_.loop->TurnTime();
  {
    const std::lock_guard lock(mutex_);
    if (state_.version == 0 || state_.state != status.state) notes_.state_since = now;
    state_ = {status.state, status.reason, state_.version + 1};
    notes_.retry_time = status.retry_time;
    notes_.attempt = status.attempt;
    if (!status.last_error.empty()) {
      notes_.last_error = status.last_error;
      notes_.last_error_time = now;
    }
  }
  const bool often = status.state == SourceState::kResolving || status.state == SourceState::kConnecting;
  Log(often ? LogLevel::kDebug : LogLevel::kInfo, "stream_state",
      {{"stream", spec_->name}, {"state", StateName(status.state)}, {"reason", status.reason}});
  options_.log->SetState(status.state, status.reason);
  rejects_.SetState(status.state, status.reason);
  if (options_.observer != nullptr) options_.observer->OnStreamChanged(spec_->name);
}

void Stream::NoteReject(std::string_view what, uint64_t connection) {
  const std::lock_guard lock(mutex_);
  notes_.last_reject = Concat({what, ", from connection ", std::to_string(connection)});
  notes_.last_reject_time = options_.loop->TurnTime();
}

}  // namespace inlet::ingest
