// The life of a client-role stream: dialling, open, waiting, and dialling again.
#include "ingest/ws/client_source.h"

#include <utility>
#include <variant>

#include "ingest/text.h"
#include "ingest/ws/close_frame.h"
#include "ingest/ws/connection_id.h"
#include "ingest/ws/dial_hint.h"

namespace inlet::ws {
namespace {

using ingest::SourceState;

DialRequest RequestOf(const ingest::StreamSpec& spec) {
  return {std::get<ingest::ClientRole>(spec.role), spec.connection, spec.max_message_bytes};
}

std::string Address(const ingest::ClientRole& role) {
  const bool ipv6 = role.host.find(':') != std::string::npos;
  return Concat({ipv6 ? "[" : "", role.host, ipv6 ? "]" : "", ":", std::to_string(role.port)});
}

}  // namespace

ClientSource::ClientSource(const ClientParts& parts, const ingest::StreamSpec& spec, ingest::SourceSink& sink)
    : parts_(parts), sink_(sink) {
  Take(spec);
}

ClientSource::~ClientSource() { Stop(); }

absl::Status ClientSource::Start() {
  if (phase_ == Phase::kStopped) Dial();
  return absl::OkStatus();
}

void ClientSource::Stop() {
  if (phase_ == Phase::kStopped) return;
  Release(kGoingAway, "the stream was stopped");
  phase_ = Phase::kStopped;
}

void ClientSource::Reconnect(std::string_view reason) {
  if (phase_ == Phase::kStopped) return;
  Release(kNormal, reason);
  Dial();
}

bool ClientSource::CloseConnection(uint64_t connection, uint16_t code, std::string_view reason) {
  if (phase_ != Phase::kOpen || connection != connection_) return false;
  Release(code, reason);
  Dial();
  return true;
}

ingest::SendVerdict ClientSource::Send(uint64_t connection, std::string_view text) {
  if (phase_ != Phase::kOpen || connection != connection_) return ingest::SendVerdict::kUnknown;
  return link_->Send(std::string(text)) ? ingest::SendVerdict::kHanded : ingest::SendVerdict::kRefused;
}

void ClientSource::Change(std::shared_ptr<const ingest::StreamSpec> spec, std::string_view reason) {
  if (phase_ == Phase::kStopped) return Take(*spec);
  Release(kNormal, reason);
  Take(*spec);
  attempt_ = 0;
  Dial();
}

void ClientSource::Take(const ingest::StreamSpec& spec) {
  request_ = RequestOf(spec);
  backoff_.emplace(request_.role.backoff, [this] { return std::uniform_real_distribution<double>(0, 1)(random_); });
  shown_.emplace(request_.role, parts_.credentials);
}

void ClientSource::Release(uint16_t code, std::string_view reason) {
  retry_.reset();
  heartbeat_.reset();
  if (link_) Link::Release(std::move(link_), code, reason, parts_.closing);
  if (phase_ == Phase::kOpen) sink_.OnDisconnect(connection_, code, reason);
}

void ClientSource::Dial() {
  retry_.reset();
  phase_ = Phase::kDialling;
  ++attempt_;
  shown_.emplace(request_.role, parts_.credentials);
  TellDialling(SourceState::kResolving, "looking up ");
  if (const absl::Status expanded = ExpandTexts(); !expanded.ok()) {
    DialFailure failure;
    failure.problem = DialProblem::kCredentials;
    failure.text = std::string(expanded.message());
    return OnLinkFailed(failure, {});
  }
  LinkOwner& owner = *this;
  link_ = std::make_unique<Link>(parts_.dialer, request_, owner);
}

absl::Status ClientSource::ExpandTexts() {
  open_messages_.clear();
  for (const std::string& message : request_.role.open_messages) {
    absl::StatusOr<std::string> text = parts_.credentials.Expand(message);
    if (!text.ok()) return text.status();
    open_messages_.push_back(*std::move(text));
  }
  absl::StatusOr<std::string> text = parts_.credentials.Expand(request_.role.heartbeat_message);
  if (!text.ok()) return text.status();
  heartbeat_message_ = *std::move(text);
  return absl::OkStatus();
}

void ClientSource::TellDialling(SourceState state, std::string_view what) {
  told_ = state;
  sink_.OnState({.state = state, .reason = Concat({what, Address(request_.role)}), .attempt = attempt_});
}

void ClientSource::OnLinkStage(const StageReport& report) {
  if (!report.ok || told_ != SourceState::kResolving) return;
  TellDialling(SourceState::kConnecting, "connecting to ");
}

void ClientSource::OnLinkOpen(const DialFacts& facts) {
  phase_ = Phase::kOpen;
  told_ = SourceState::kConnected;
  attempt_ = 0;
  connection_ = NextConnectionId();
  open_since_ = parts_.loop.TurnSteadyTime();
  had_text_ = false;
  too_large_ = 0;
  const std::string_view tls = facts.tls_version;
  const std::string reason = Concat({"connected to ", facts.peer, tls.empty() ? "" : ", ", tls});
  const std::string subject = shown_->Show(facts.certificate_subject);
  sink_.OnConnect({.id = connection_,
                   .peer = facts.peer,
                   .certificate_subject = subject,
                   .tls_version = tls,
                   .subprotocol = facts.subprotocol});
  sink_.OnState({.state = SourceState::kConnected, .reason = reason});
  SendOpenMessages();
}

void ClientSource::SendOpenMessages() {
  for (std::string& message : std::exchange(open_messages_, {})) {
    if (link_->Send(std::move(message))) continue;
    const std::string reason = "openMessages are too large to be sent at once: make them smaller";
    Release(kNormal, reason);
    return WaitAfterConnection(reason);
  }
  const auto interval = request_.role.heartbeat_interval;
  if (interval.count() == 0 || heartbeat_message_.empty()) return;
  heartbeat_ = parts_.loop.RunAfter(interval, [this] { Beat(); });
}

void ClientSource::Beat() {
  // A peer that takes nothing has no room for it either; its silence is found by the idle time-out.
  link_->Send(heartbeat_message_);
  heartbeat_ = parts_.loop.RunAfter(request_.role.heartbeat_interval, [this] { Beat(); });
}

ingest::Verdict ClientSource::OnLinkText(std::string_view text, ingest::WallTime receive_time) {
  had_text_ = true;
  return sink_.OnMessage({text, connection_, receive_time});
}

void ClientSource::OnLinkFault(const ingest::MessageFaultReport& report) {
  if (report.fault == ingest::MessageFault::kTooLarge) too_large_ = report.size;
  ingest::MessageFaultReport named = report;
  named.connection = connection_;
  sink_.OnFault(named);
}

std::string ClientSource::WhyFailed(const DialFailure& failure, const DialFacts& facts) const {
  // Before anything is written behind it: at the end of a text the beginning of a secret is found, too.
  DialFailure shown = failure;
  shown.text = shown_->Show(failure.text);
  const std::string why = CanHeal(shown) ? shown.text : HintFor(shown, facts, {request_.role, request_.connection});
  return shown_->Show(why, 2 * ShownText::kMaxLineBytes);
}

void ClientSource::OnLinkFailed(const DialFailure& failure, const DialFacts& facts) {
  const bool can_heal = CanHeal(failure);
  const std::string reason = WhyFailed(failure, facts);
  const auto delay = backoff_->AfterFailure({can_heal, failure.retry_after});
  link_.reset();  // and `failure` with it
  Wait(can_heal ? SourceState::kBackoff : SourceState::kFailed, delay, reason);
}

void ClientSource::OnLinkClosed(uint16_t code, std::string_view reason) {
  const std::string said = shown_->Show(reason);
  const std::string why = WhyClosed(code, said);
  heartbeat_.reset();
  sink_.OnDisconnect(connection_, code, said);
  link_.reset();
  WaitAfterConnection(why);
}

std::string ClientSource::WhyClosed(uint16_t code, std::string_view reason) const {
  const std::string number = std::to_string(code);
  if (code == kTooBig && too_large_ > 0) {
    const std::string limit = std::to_string(request_.max_message_bytes);
    return Concat({"the server sent a message of ", std::to_string(too_large_), " bytes and maxMessageBytes is ", limit,
                   ", so the connection was closed with 1009: raise maxMessageBytes"});
  }
  const std::string_view how =
      code == kAbnormal ? "the connection broke without a close frame" : "the connection was closed with ";
  return Concat({how, code == kAbnormal ? std::string_view() : number, reason.empty() ? "" : ": ", reason});
}

void ClientSource::WaitAfterConnection(const std::string& reason) {
  const auto delay = backoff_->AfterConnection({parts_.loop.TurnSteadyTime() - open_since_, had_text_});
  Wait(SourceState::kBackoff, delay, reason);
}

void ClientSource::Wait(SourceState state, std::chrono::nanoseconds delay, const std::string& reason) {
  phase_ = Phase::kWaiting;
  told_ = state;
  retry_ = parts_.loop.RunAfter(delay, [this] { Dial(); });
  sink_.OnState({.state = state,
                 .reason = reason,
                 .retry_time = parts_.loop.TurnTime() + delay,
                 .attempt = attempt_,
                 .last_error = reason});
}

}  // namespace inlet::ws
