// One check of the client role: what each event of the dial adds to the report.
#include "ingest/ws/connection_check.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "ingest/text.h"

namespace inlet::ws {
namespace {

constexpr uint16_t kNormalClosure = 1000;
constexpr std::string_view kMessage = "message";

std::string Seconds(std::chrono::nanoseconds duration) {
  const auto tenths = duration / std::chrono::milliseconds(100);
  return Concat({std::to_string(tenths / 10), ".", std::to_string(tenths % 10), " s"});
}

// The dial ends by itself shortly before the check does: it knows best what it was waiting for.
DialRequest RequestOf(const ingest::StreamSpec& spec, const ingest::CheckOptions& options) {
  DialRequest request{std::get<ingest::ClientRole>(spec.role), spec.connection, spec.max_message_bytes};
  constexpr int kShare = 20;
  const auto patience =
      std::chrono::duration_cast<std::chrono::milliseconds>(options.patience - options.patience / kShare);
  request.role.handshake_timeout = std::min(request.role.handshake_timeout, patience);
  return request;
}

}  // namespace

ConnectionCheck::ConnectionCheck(const Shared& shared, const ingest::StreamSpec& spec,
                                 const ingest::CheckOptions& options, Calls calls)
    : shared_(shared),
      options_(options),
      calls_(std::move(calls)),
      request_(RequestOf(spec, options)),
      shown_(request_.role, shared.credentials),
      stage_begin_(std::chrono::steady_clock::now()) {
  report_.endpoint = role().url;
  deadline_ = shared_.loop.RunAfter(options_.patience, [this] { OnDeadline(); });
  connection_ = shared_.dialer.Dial(request_, *this);
}

void ConnectionCheck::AddStage(std::string_view name, bool ok, std::chrono::nanoseconds duration,
                               std::string_view detail) {
  report_.stages.push_back({std::string(name), ok, duration, shown_.Show(detail)});
  stage_begin_ = std::chrono::steady_clock::now();
}

void ConnectionCheck::OnStage(const StageReport& report) {
  if (state_ != State::kDialling) return;
  AddStage(StageName(report.stage), report.ok, report.duration, report.detail);
  const bool plain = report.stage == DialStage::kConnect && !role().tls;
  const int next = static_cast<int>(report.stage) + (plain ? 2 : 1);
  stage_ = static_cast<DialStage>(std::min(next, static_cast<int>(DialStage::kUpgrade)));
}

void ConnectionCheck::NoteFacts(const DialFacts& facts) {
  report_.tls_version = facts.tls_version;
  report_.certificate_subject = shown_.Show(facts.certificate_subject);
  report_.certificate_issuer = shown_.Show(facts.certificate_issuer);
  report_.certificate_expire_time = facts.certificate_expire_time;
  report_.subprotocol = shown_.Show(facts.subprotocol);
  report_.extensions = shown_.Show(facts.extensions);
}

void ConnectionCheck::OnOpen(const DialFacts& facts) {
  if (state_ != State::kDialling) return;
  constexpr int kSwitchingProtocols = 101;
  NoteFacts(facts);
  report_.http_status = kSwitchingProtocols;
  open_ = true;
  if (options_.wait_for_message.count() > 0) return AwaitMessage();
  report_.reachable = true;
  Report();
}

void ConnectionCheck::OnFailed(const DialFailure& failure, const DialFacts& facts) {
  if (state_ != State::kDialling) return;
  NoteFailure(failure, facts);
  Report();
}

void ConnectionCheck::NoteFailure(const DialFailure& failure, const DialFacts& facts) {
  if (report_.stages.empty() || report_.stages.back().ok) {
    AddStage(StageName(failure.stage), false, std::chrono::steady_clock::now() - stage_begin_, failure.text);
  }
  NoteFacts(facts);
  report_.http_status = failure.http_status;
  for (const ingest::HttpHeader& header : failure.headers) {
    report_.response_headers.push_back({header.name, shown_.Show(header.value)});
  }
  report_.hint = shown_.Show(HintFor(failure, facts, hint_context()), 2 * ShownText::kMaxLineBytes);
}

void ConnectionCheck::AwaitMessage() {
  state_ = State::kWaiting;
  stage_begin_ = std::chrono::steady_clock::now();
  if (!SendOpenMessages()) return;
  silence_ = shared_.loop.RunAfter(options_.wait_for_message, [this] { OnSilence(); });
}

// False: the check has reported that it cannot.
bool ConnectionCheck::SendOpenMessages() {
  using Problem = MessageFailure::Problem;
  for (const std::string& message : role().open_messages) {
    absl::StatusOr<std::string> text = shared_.credentials.Expand(message);
    if (!text.ok()) {
      MessageFailed({Problem::kReference, 0, std::string(text.status().message())});
      return false;
    }
    if (!connection_->Send(*std::move(text))) {
      MessageFailed({Problem::kNotSent, 0, "the open messages find no room"});
      return false;
    }
  }
  return true;
}

void ConnectionCheck::OnDeadline() {
  if (state_ == State::kWaiting) return OnSilence();
  DialFailure failure;
  failure.stage = stage_;
  failure.problem = DialProblem::kTimeout;
  failure.text = Concat({"not done within ", Seconds(options_.patience)});
  NoteFailure(failure, {});
  Report();
}

void ConnectionCheck::OnSilence() {
  const std::string waited = Seconds(std::chrono::steady_clock::now() - stage_begin_);
  if (binary_messages_ > 0) {
    MessageFailed({MessageFailure::Problem::kOnlyBinary, 0,
                   Concat({std::to_string(binary_messages_), " binary messages and no text in ", waited})});
  } else {
    MessageFailed({MessageFailure::Problem::kSilence, 0, Concat({"no message in ", waited})});
  }
}

ingest::Verdict ConnectionCheck::OnText(std::string_view text, ingest::WallTime /*receive_time*/) {
  if (state_ == State::kWaiting) MessageCame(text);
  return ingest::Verdict::kTaken;
}

void ConnectionCheck::MessageCame(std::string_view text) {
  report_.first_message = shown_.ShowMessage(text, kMaxFirstMessageBytes);
  if (report_.first_message.empty() && !text.empty()) {
    return MessageFailed({MessageFailure::Problem::kInvalidUtf8, 0, "the first message is not UTF-8"});
  }
  const auto sent = role().open_messages.size();
  const std::string after = sent > 0 ? Concat({", after ", std::to_string(sent), " open messages"}) : std::string();
  AddStage(kMessage, true, std::chrono::steady_clock::now() - stage_begin_,
           Concat({std::to_string(text.size()), " bytes", after}));
  report_.reachable = true;
  Report();
}

void ConnectionCheck::OnFault(const ingest::MessageFaultReport& report) {
  if (state_ != State::kWaiting) return;
  if (report.fault == ingest::MessageFault::kBinary) {
    ++binary_messages_;
    return;
  }
  if (report.fault == ingest::MessageFault::kNoRoom) {
    return MessageFailed({MessageFailure::Problem::kNoMemory, 0, "there was no memory left for the first message"});
  }
  MessageFailed({MessageFailure::Problem::kTooLarge, 0,
                 Concat({"the first message has ", report.size > 0 ? std::to_string(report.size) : "more",
                         " bytes, above maxMessageBytes (", std::to_string(request_.max_message_bytes), ")"})});
}

void ConnectionCheck::MessageFailed(const MessageFailure& failure) {
  AddStage(kMessage, false, std::chrono::steady_clock::now() - stage_begin_, failure.text);
  report_.hint = shown_.Show(HintForMessage(failure, hint_context()), 2 * ShownText::kMaxLineBytes);
  Report();
}

void ConnectionCheck::OnClosed(uint16_t code, std::string_view reason) {
  open_ = false;
  if (state_ == State::kReported) return Leave();
  if (state_ != State::kWaiting) return;
  MessageFailed({MessageFailure::Problem::kClosed, code,
                 Concat({"the server closed the connection before a message, with ", std::to_string(code),
                         reason.empty() ? "" : " ", shown_.Show(reason)})});
}

void ConnectionCheck::Report() {
  state_ = State::kReported;
  silence_.reset();
  deadline_.reset();
  const bool closing = open_;
  if (closing) {
    deadline_ = shared_.loop.RunAfter(kCloseTimeout, [this] { Leave(); });
    connection_->Close(kNormalClosure, "");
  }
  calls_.done(std::move(report_));
  if (!closing) Leave();
}

void ConnectionCheck::Leave() {
  const std::function<void()> gone = calls_.gone;  // the check is destroyed in it
  gone();
}

}  // namespace inlet::ws
