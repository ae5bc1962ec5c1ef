// An open client connection: messages, what waits to be sent, silence, close.
#include "ingest/ws/client_traffic.h"

#include <libwebsockets.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "ingest/text.h"
#include "ingest/ws/control_frame.h"

namespace inlet::ws {
namespace {

// A peer that is silent, or breaks the protocol, will hardly answer the close frame.
constexpr std::chrono::milliseconds kHopelessCloseTimeout{500};
constexpr std::chrono::milliseconds kShortestLook{1};

}  // namespace

ClientTraffic::ClientTraffic(const Shared& shared, const Settings& settings, ConnectionEvents& events, lws* wsi,
                             std::function<void()> cut)
    : loop_(shared.loop),
      settings_(settings),
      counters_(shared.counters),
      assembling_(shared.assembling),
      events_(events),
      wsi_(wsi),
      cut_(std::move(cut)),
      last_heard_(shared.loop.TurnSteadyTime()),
      queue_(shared.counters.send_queue_bytes, shared.counters.texts_sent) {
  counters_.opened.Add();
  counters_.open_connections.Add();
  CheckSilence();
  // Messages that came with the 101 would wait for an idle turn of the loop; a writable event brings them.
  lws_callback_on_writable(wsi_);
}

ClientTraffic::~ClientTraffic() {
  counters_.closed.Add();
  counters_.open_connections.Subtract();
  if (received_ > 0) counters_.unfinished_messages.Add();
}

int ClientTraffic::OnReceive(std::string_view piece) {
  if (state_ != State::kOpen) return 0;
  last_heard_ = loop_.TurnSteadyTime();
  const size_t rest = lws_remaining_packet_payload(wsi_);  // of the frame, as it announced
  const bool last = rest == 0 && lws_is_final_fragment(wsi_) != 0;
  const uint64_t known = received_ + piece.size() + rest;
  binary_ = lws_frame_is_binary(wsi_) != 0;
  if (known > settings_.max_message_bytes) return FailTooLarge(known, piece);
  const bool whole = last && !part_ && received_ == 0;
  return whole && !binary_ ? Deliver(piece) : ReceivePart(piece, last);
}

int ClientTraffic::ReceivePart(std::string_view piece, bool last) {
  received_ += piece.size();
  if (binary_) return ReceiveBinaryPart(piece, last);
  if (!part_) {
    AssemblyOwner& owner = *this;
    part_ = std::make_unique<AssemblyQueue::Part>(assembling_, owner, settings_.max_message_bytes);
  }
  if (!part_->Append(piece)) return LoseMessage(piece) ? Fail(kTryAgainLater, kNoRoomReason) : -1;
  if (!last) return 0;
  received_ = 0;
  const MessagePart whole = std::move(part_);  // an idle connection keeps no buffer
  return Deliver(whole->view());
}

bool ClientTraffic::LoseMessage(std::string_view piece) {
  counters_.assembly_refusals.Add();
  const std::string start = StartOf(part_, piece);
  part_.reset();
  lws* const wsi = wsi_;
  TellFault(ingest::MessageFault::kNoRoom, std::exchange(received_, 0), start);
  return lws_get_opaque_user_data(wsi) != nullptr;
}

void ClientTraffic::TellFault(ingest::MessageFault fault, uint64_t size, std::string_view start) {
  events_.OnFault({fault, 0, size, start, binary_, loop_.TurnTime()});
}

void ClientTraffic::GiveWay() {
  if (binary_) return part_.reset();
  if (LoseMessage({})) Close(kTryAgainLater, kNoRoomReason);
}

int ClientTraffic::Deliver(std::string_view text) {
  counters_.text_messages.Add();
  counters_.message_bytes.Add(text.size());
  lws* const wsi = wsi_;
  if (events_.OnText(text, loop_.TurnTime()) == ingest::Verdict::kTaken) return 0;
  if (lws_get_opaque_user_data(wsi) == nullptr) return -1;  // this is no more
  counters_.invalid_utf8_messages.Add();
  return Fail(kInvalidData, "a text message must be UTF-8");
}

int ClientTraffic::ReceiveBinaryPart(std::string_view piece, bool last) {
  if (!last) {
    KeepStart(part_, piece, received_, assembling_, *this);
    return 0;
  }
  const uint64_t size = std::exchange(received_, 0);
  const MessagePart kept = std::move(part_);
  counters_.binary_messages.Add();
  counters_.message_bytes.Add(size);
  TellFault(ingest::MessageFault::kBinary, size, StartOf(kept, piece));
  return 0;
}

int ClientTraffic::FailTooLarge(uint64_t size, std::string_view piece) {
  counters_.too_large_messages.Add();
  received_ = 0;
  const std::string most = std::to_string(settings_.max_message_bytes);
  lws* const wsi = wsi_;
  TellFault(ingest::MessageFault::kTooLarge, size, StartOf(part_, piece));
  if (lws_get_opaque_user_data(wsi) == nullptr) return -1;  // this is no more
  return Fail(kTooBig, Concat({"a message has at most ", most, " bytes here"}));
}

// Never returns -1 but for a broken connection: as a client libwebsockets 4.1 does not empty its buffer when it is told
// to close while it hands over a piece, and if the buffer is full, it goes on writing behind its end.
int ClientTraffic::Fail(uint16_t code, std::string_view reason) {
  BeginClosing(code, reason);
  return SendCloseFrame();
}

void ClientTraffic::BeginClosing(uint16_t code, std::string_view reason) {
  close_code_ = frame_code_ = code;
  close_reason_ = reason;
  part_.reset();
  state_ = State::kClosing;
  CutAfter(kCloseTimeout);
}

void ClientTraffic::CutAfter(std::chrono::nanoseconds limit) {
  timer_ = loop_.RunAfter(limit, [this] {
    counters_.kills.Add();
    const auto cut = cut_;  // this goes
    cut();
  });
}

void ClientTraffic::OnPong() { last_heard_ = loop_.TurnSteadyTime(); }

int ClientTraffic::OnPeerClose(std::string_view payload) {
  if (state_ == State::kClosing) return -1;  // the answer to ours
  const CloseFrame frame = ParseCloseFrame(payload);
  if (frame.answer != 0) {
    counters_.protocol_errors.Add();
    Fail(frame.answer, "");
  } else {
    Fail(frame.code, frame.reason);
  }
  return -1;
}

int ClientTraffic::OnWritable() {
  if (state_ == State::kClosing) return 0;
  if (!queue_.empty()) return WriteNext();
  if (state_ == State::kLeaving) return SendCloseFrame();
  if (std::exchange(ping_due_, false)) {
    counters_.pings_sent.Add();
    return WritePing(wsi_);
  }
  return 0;
}

int ClientTraffic::SendCloseFrame() {
  state_ = State::kClosing;
  loop_.Publish();
  return WriteCloseFrame(wsi_, frame_code_, close_reason_);
}

int ClientTraffic::WriteNext() {
  if (queue_.WriteNext(wsi_) != 0) return -1;
  if (queue_.empty() && (state_ == State::kLeaving || ping_due_)) lws_callback_on_writable(wsi_);
  return 0;
}

// As a client libwebsockets closes without a close frame when the peer breaks the protocol: RFC 6455, 7.1.7 asks for
// one.
void ClientTraffic::OnClosing() {
  if (state_ != State::kOpen) return;
  char byte = 0;
  const ssize_t size = recv(lws_get_socket_fd(wsi_), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (size == 0 || (size < 0 && errno != EAGAIN)) return;  // the peer has ended it
  counters_.protocol_errors.Add();
  SetCloseFrame(wsi_, kProtocolError, "");
  BeginClosing(kProtocolError, "the peer broke the protocol");
  CutAfter(kHopelessCloseTimeout);
}

bool ClientTraffic::Send(std::string_view text) {
  if (state_ != State::kOpen) return false;
  if (!queue_.Push(text)) {
    counters_.send_refusals.Add();
    return false;
  }
  lws_callback_on_writable(wsi_);
  return true;
}

void ClientTraffic::Close(uint16_t code, std::string_view reason) {
  if (state_ != State::kOpen) return;
  close_code_ = code;
  Leave(code, reason, kCloseTimeout);
}

void ClientTraffic::Leave(uint16_t code, std::string_view reason, std::chrono::nanoseconds limit) {
  frame_code_ = code;
  close_reason_ = reason;
  part_.reset();
  state_ = State::kLeaving;
  CutAfter(limit);
  lws_callback_on_writable(wsi_);
}

void ClientTraffic::CheckSilence() {
  const ingest::SteadyTime now = std::chrono::steady_clock::now();
  const std::chrono::milliseconds ping = settings_.ping_interval;
  const std::chrono::milliseconds idle = settings_.idle_timeout;
  if (idle.count() > 0 && now - last_heard_ >= idle) {
    counters_.idle_closes.Add();
    return Leave(kUnexpected, "no answer to pings", kHopelessCloseTimeout);  // close_code_ stays: it was no close
  }
  ingest::SteadyTime look = ingest::SteadyTime::max();
  if (ping.count() > 0) {
    const bool quiet = now - last_heard_ >= ping;
    if (quiet && last_ping_ <= last_heard_) {
      last_ping_ = now;
      ping_due_ = true;
      lws_callback_on_writable(wsi_);
    }
    look = (quiet ? now : last_heard_) + ping;
  }
  if (idle.count() > 0) look = std::min(look, last_heard_ + idle);
  if (look != ingest::SteadyTime::max()) LookAgainAt(look);
}

void ClientTraffic::LookAgainAt(ingest::SteadyTime when) {
  const auto delay = std::max<std::chrono::nanoseconds>(when - std::chrono::steady_clock::now(), kShortestLook);
  timer_ = loop_.RunAfter(delay, [this] { CheckSilence(); });
}

}  // namespace inlet::ws
