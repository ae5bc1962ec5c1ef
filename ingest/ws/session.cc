// One connection of the WebSocket server: messages, silence, close.
#include "ingest/ws/session.h"

#include <libwebsockets.h>

#include <algorithm>
#include <array>
#include <utility>

#include "ingest/log.h"
#include "ingest/text.h"
#include "ingest/ws/control_frame.h"
#include "ingest/ws/session_registry.h"

namespace inlet::ws {
namespace {

std::string_view StateName(int state) {
  constexpr std::array<std::string_view, 5> kNames{"handshake", "refused", "open", "leaving", "closing"};
  return kNames[static_cast<size_t>(state)];
}

}  // namespace

Session::Session(SessionRegistry& registry, uint64_t id, const PeerAddress& peer)
    : registry_(registry), id_(id), peer_(peer) {
  registry_.counters().handshakes_pending.Add();
  registry_.SetDeadline(*this, std::chrono::steady_clock::now() + registry_.options().handshake_timeout);
}

Session::~Session() = default;

void Session::SetState(State state, std::string_view why) {
  const std::string_view before = StateName(static_cast<int>(state_));
  const std::string_view after = StateName(static_cast<int>(state));
  Log(LogLevel::kDebug, "connection_state",
      {{"connection", std::to_string(id_)}, {"from", before}, {"to", after}, {"why", why}});
  if (state_ == State::kHandshake) registry_.counters().handshakes_pending.Subtract();
  state_ = state;
}

int Session::OnReceive(std::string_view piece) {
  if (state_ != State::kOpen) return 0;
  last_heard_ = registry_.loop().TurnSteadyTime();
  const size_t rest = lws_remaining_packet_payload(wsi_);  // of the frame, as it announced
  const bool last = rest == 0 && lws_is_final_fragment(wsi_) != 0;
  const uint64_t known = received_ + piece.size() + rest;
  binary_ = lws_frame_is_binary(wsi_) != 0;
  if (known > settings_->max_message_bytes) return FailTooLarge(known, piece);
  const bool whole = last && !part_ && received_ == 0;
  return whole && !binary_ ? Deliver(piece) : ReceivePart(piece, last);
}

int Session::ReceivePart(std::string_view piece, bool last) {
  received_ += piece.size();
  if (binary_) {
    ReceiveBinaryPart(piece, last);
    return 0;
  }
  if (!part_) {
    AssemblyOwner& owner = *this;
    part_ = std::make_unique<AssemblyQueue::Part>(registry_.assembling(), owner, settings_->max_message_bytes);
  }
  if (!part_->Append(piece)) {
    LoseMessage(piece);
    return Fail(kTryAgainLater, kNoRoomReason);
  }
  if (!last) return 0;
  received_ = 0;
  const MessagePart whole = std::move(part_);  // an idle connection keeps no buffer
  return Deliver(whole->view());
}

void Session::ReceiveBinaryPart(std::string_view piece, bool last) {
  if (!last) return KeepStart(part_, piece, received_, registry_.assembling(), *this);
  const uint64_t size = std::exchange(received_, 0);
  const MessagePart kept = std::move(part_);
  registry_.counters().binary_messages.Add();
  registry_.counters().message_bytes.Add(size);
  TellFault(ingest::MessageFault::kBinary, size, StartOf(kept, piece));
}

void Session::GiveWay() {
  if (binary_) return part_.reset();
  LoseMessage({});
  Close(kTryAgainLater, kNoRoomReason);
}

void Session::LoseMessage(std::string_view piece) {
  registry_.counters().assembly_refusals.Add();
  const std::string start = StartOf(part_, piece);
  part_.reset();
  TellFault(ingest::MessageFault::kNoRoom, std::exchange(received_, 0), start);
}

void Session::TellFault(ingest::MessageFault fault, uint64_t size, std::string_view start) {
  const ingest::MessageFaultReport report{fault, id_, size, start, binary_, registry_.loop().TurnTime()};
  for (const Endpoint::Listening& one : endpoint_->listening) one.sink->OnFault(report);
}

int Session::Deliver(std::string_view text) {
  registry_.counters().text_messages.Add();
  registry_.counters().message_bytes.Add(text.size());
  const ingest::Message message{text, id_, registry_.loop().TurnTime()};
  bool valid = true;
  for (const Endpoint::Listening& one : endpoint_->listening) {
    valid = one.sink->OnMessage(message) != ingest::Verdict::kInvalidUtf8 && valid;
  }
  if (valid) return 0;
  registry_.counters().invalid_utf8_messages.Add();
  return Fail(kInvalidData, "a text message must be UTF-8");
}

int Session::FailTooLarge(uint64_t size, std::string_view piece) {
  registry_.counters().too_large_messages.Add();
  TellFault(ingest::MessageFault::kTooLarge, size, StartOf(part_, piece));
  received_ = 0;
  const std::string most = std::to_string(settings_->max_message_bytes);
  return Fail(kTooBig, Concat({"a message has at most ", most, " bytes here"}));
}

int Session::Fail(uint16_t code, std::string_view reason) {
  if (code == kProtocolError) registry_.counters().protocol_errors.Add();
  BeginClosing(code, reason, reason);
  return SendCloseFrame();
}

void Session::BeginClosing(uint16_t code, std::string_view reason, std::string_view why) {
  close_code_ = code;
  close_reason_ = reason;
  part_.reset();
  SetState(State::kClosing, why);
  registry_.SetDeadline(*this, registry_.loop().TurnSteadyTime() + registry_.options().close_timeout);
}

int Session::SendCloseFrame() {
  registry_.loop().Publish();
  return WriteCloseFrame(wsi_, close_code_, close_reason_);
}

int Session::OnPong() {
  last_heard_ = registry_.loop().TurnSteadyTime();
  return 0;
}

int Session::OnPeerClose(std::string_view payload) {
  if (state_ == State::kClosing) return -1;  // the answer to ours
  const CloseFrame frame = ParseCloseFrame(payload);
  if (frame.answer != 0) {
    Fail(frame.answer, "");
  } else {
    BeginClosing(frame.code, frame.reason, "the peer closes");
    SendCloseFrame();
  }
  return -1;
}

int Session::OnWritable() {
  if (state_ == State::kOpen && std::exchange(ping_due_, false)) {
    registry_.counters().pings_sent.Add();
    if (queue_) lws_callback_on_writable(wsi_);
    return WritePing(wsi_);
  }
  if (queue_ && (state_ == State::kOpen || state_ == State::kLeaving)) return WriteQueue();
  if (state_ == State::kLeaving) {
    SetState(State::kClosing, "the close frame goes out");
    return SendCloseFrame();
  }
  return 0;
}

// A close frame waits for what was queued before it.
int Session::WriteQueue() {
  if (queue_->WriteNext(wsi_) != 0) return -1;
  if (!queue_->empty()) return 0;
  queue_.reset();  // an idle connection keeps no buffer
  if (state_ == State::kLeaving) lws_callback_on_writable(wsi_);
  return 0;
}

ingest::SendVerdict Session::Send(std::string_view text) {
  if (state_ != State::kOpen) return ingest::SendVerdict::kRefused;
  if (!queue_)
    queue_ = std::make_unique<SendQueue>(registry_.counters().send_queue_bytes, registry_.counters().texts_sent);
  if (!queue_->Push(text, registry_.options().max_send_bytes)) {
    registry_.counters().send_refusals.Add();
    if (queue_->empty()) queue_.reset();
    return ingest::SendVerdict::kRefused;
  }
  lws_callback_on_writable(wsi_);
  return ingest::SendVerdict::kHanded;
}

void Session::OnClosed() {
  if (state_ != State::kOpen || lws_get_close_length(wsi_) < 2) return;
  // libwebsockets has closed it for an error of its own finding.
  const unsigned char* code = lws_get_close_payload(wsi_);
  close_code_ = static_cast<uint16_t>(code[0] << 8U | code[1]);
  close_reason_ = "the peer broke the protocol";
  registry_.counters().protocol_errors.Add();
}

void Session::OnDestroy() {
  switch (state_) {
    case State::kHandshake:
      registry_.counters().handshakes_dropped.Add();
      Log(LogLevel::kDebug, "handshake_dropped", {{"connection", std::to_string(id_)}, {"peer", peer()}});
      registry_.counters().handshakes_pending.Subtract();
      break;
    case State::kRefused:
      break;
    case State::kOpen:
    case State::kLeaving:
    case State::kClosing:
      if (received_ > 0) registry_.counters().unfinished_messages.Add();
      registry_.OnEnd(*this, endpoint_);
      break;
  }
  registry_.Remove(*this);
}

void Session::Close(uint16_t code, std::string_view reason) {
  if (state_ != State::kOpen) return;
  close_code_ = code;
  close_reason_ = reason;
  part_.reset();
  SetState(State::kLeaving, reason);
  registry_.SetDeadline(*this, std::chrono::steady_clock::now() + registry_.options().close_timeout);
  lws_callback_on_writable(wsi_);
}

void Session::GoAwayAt(ingest::SteadyTime when) {
  if (state_ != State::kOpen) return;
  close_planned_ = true;
  registry_.SetDeadline(*this, when);
}

void Session::Kill() {
  if (wsi_ != nullptr) Cut(wsi_);
}

void Session::OnDeadline() {
  switch (state_) {
    case State::kHandshake:
      RefuseForTimeout();
      break;
    case State::kOpen:
      close_planned_ ? Close(kGoingAway, "the service stops") : CheckSilence();
      break;
    case State::kRefused:
      Kill();
      break;
    case State::kLeaving:
    case State::kClosing:
      registry_.counters().kills.Add();
      Kill();
      break;
  }
}

void Session::CheckSilence() {
  const std::chrono::milliseconds ping = settings_->connection.ping_interval;
  const std::chrono::milliseconds idle = settings_->connection.idle_timeout;
  const ingest::SteadyTime now = registry_.loop().TurnSteadyTime();
  if (idle.count() > 0 && now - last_heard_ >= idle) {
    registry_.counters().idle_closes.Add();
    return Close(kUnexpected, "no answer to pings");
  }
  ingest::SteadyTime look = ingest::SteadyTime::max();
  if (ping.count() > 0) {
    const bool quiet = now - last_heard_ >= ping;
    if (quiet && last_ping_ <= last_heard_) Ping(now);
    look = (quiet ? now : last_heard_) + ping;
  }
  if (idle.count() > 0) look = std::min(look, last_heard_ + idle);
  if (look != ingest::SteadyTime::max()) registry_.SetDeadline(*this, look);
}

void Session::Ping(ingest::SteadyTime now) {
  last_ping_ = now;
  ping_due_ = true;
  lws_callback_on_writable(wsi_);
}

}  // namespace inlet::ws
