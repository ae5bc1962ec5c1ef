// One dial: its stages in order, and the one end that each way to fail leads to.
#include "ingest/ws/client_dial.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "ingest/log.h"
#include "ingest/text.h"

namespace inlet::ws {
namespace {

std::string SecondsText(std::chrono::milliseconds duration) {
  const std::string text = std::to_string(static_cast<double>(duration.count()) / 1000);
  return Concat({text.substr(0, text.find('.') + 2), " s"});
}

// Without the port and its brackets.
std::string IpText(const PeerAddress& address) {
  std::string text = address.ToString();
  text.resize(text.rfind(':'));
  return text.starts_with('[') ? text.substr(1, text.size() - 2) : text;
}

std::string ErrorText(int error) {
  std::array<char, 128> buffer{};
  return strerror_r(error, buffer.data(), buffer.size());
}

}  // namespace

ClientDial::ClientDial(const Shared& shared, absl::StatusOr<DialPlan> plan, ConnectionEvents& events)
    : shared_(shared),
      plan_(std::move(plan)),
      events_(events),
      watcher_(shared.loop, [this](int what) { OnSocketEvent(what); }) {
  shared_.counters.dials.Add();
  SetState(State::kResolving);
  step_ = shared_.loop.RunAfter(std::chrono::nanoseconds(0), [this] { Begin(); });
  if (plan_.ok()) deadline_ = shared_.loop.RunAfter(plan_->handshake_timeout, [this] { OnDeadline(); });
}

ClientDial::~ClientDial() { Release(); }

DialStage ClientDial::stage() const {
  switch (state_) {
    case State::kResolving:
      return DialStage::kResolve;
    case State::kConnecting:
      return DialStage::kConnect;
    case State::kTls:
      return DialStage::kTls;
    case State::kUpgrading:
    case State::kOpen:
    case State::kOver:
      break;
  }
  return DialStage::kUpgrade;
}

void ClientDial::SetState(State state) {
  state_ = state;
  stage_begin_ = std::chrono::steady_clock::now();
}

bool ClientDial::Report(DialStage stage, std::string detail) {
  const std::weak_ptr<const bool> alive = alive_;
  events_.OnStage({stage, true, std::chrono::steady_clock::now() - stage_begin_, std::move(detail)});
  return !alive.expired();
}

void ClientDial::Fail(DialProblem problem, std::string text) {
  DialFailure failure;
  failure.stage = stage();
  failure.problem = problem;
  failure.text = std::move(text);
  Fail(failure);
}

void ClientDial::Fail(const DialFailure& failure) {
  if (state_ == State::kOver) return;
  const auto duration = std::chrono::steady_clock::now() - stage_begin_;
  tls_report_.FillFacts(facts_);
  SetState(State::kOver);
  Release();
  shared_.counters.failures.Add();
  const std::weak_ptr<const bool> alive = alive_;
  events_.OnStage({failure.stage, false, duration, failure.text});
  if (alive.expired()) return;
  const DialFacts facts = facts_;  // the receiver may destroy this
  events_.OnFailed(failure, facts);
}

void ClientDial::Release() {
  step_.reset();
  deadline_.reset();
  trust_.reset();
  query_.reset();
  DropSocket();
  tunnel_.reset();
  traffic_.reset();
}

void ClientDial::DropSocket() {
  watcher_.Stop();
  if (wsi_ != nullptr) shared_.context->Drop(std::exchange(wsi_, nullptr));
}

void ClientDial::Begin() {
  if (!plan_.ok()) return Fail(ProblemOf(plan_.status()), std::string(plan_.status().message()));
  if (const absl::Status allowed = CheckEgress(); !allowed.ok()) {
    return Fail(DialProblem::kForbidden, std::string(allowed.message()));
  }
  AskForTrust();
}

void ClientDial::Resolve() {
  query_ = shared_.resolver->Resolve(DialledHost(), DialledPort(), plan_->handshake_timeout,
                                     [this](Resolver::Result result) { OnResolved(std::move(result)); });
}

absl::Status ClientDial::CheckEgress() const {
  if (plan_->proxy) {
    if (!shared_.egress.proxy()) {
      return absl::PermissionDeniedError(
          "a proxy resolves names by itself: proxyUrl works only with egress.proxy: true in the service's "
          "configuration");
    }
    // Its own addresses are the proxy's affair; the name is ours.
    if (absl::Status allowed = shared_.egress.CheckHost(plan_->host); !allowed.ok()) return allowed;
    if (const std::optional<PeerAddress> literal = PeerAddress::Parse(plan_->host, plan_->port)) {
      if (absl::Status allowed = shared_.egress.CheckAddress(plan_->host, *literal); !allowed.ok()) return allowed;
    }
  }
  return shared_.egress.CheckHost(DialledHost());
}

void ClientDial::OnResolved(Resolver::Result result) {
  query_.reset();
  if (!result.ok()) {
    const bool unknown = result.status().code() == absl::StatusCode::kNotFound;
    return Fail(unknown ? DialProblem::kNameUnknown : DialProblem::kResolverFailed,
                std::string(result.status().message()));
  }
  std::string detail;
  absl::Status forbidden;
  for (const PeerAddress& address : *result) {
    if (absl::Status allowed = shared_.egress.CheckAddress(DialledHost(), address); !allowed.ok()) {
      forbidden.Update(allowed);
      continue;
    }
    addresses_.push_back(address);
    detail += (detail.empty() ? "" : ", ") + address.ToString();
  }
  if (addresses_.empty()) return Fail(DialProblem::kForbidden, std::string(forbidden.message()));
  if (!Report(DialStage::kResolve, Concat({DialledHost(), " is ", detail}))) return;
  SetState(State::kConnecting);
  ConnectNext();
}

void ClientDial::ConnectNext() {
  const PeerAddress& address = addresses_[next_++];
  facts_.peer = address.ToString();
  step_ = shared_.loop.RunAfter(kConnectTimeout, [this] { OnAttemptTimeout(); });
  plan_->proxy ? ConnectByProxy() : ConnectDirectly();
}

void ClientDial::ConnectDirectly() {
  const PeerAddress& address = addresses_[next_ - 1];
  ClientContext::Target target;
  target.address = IpText(address);
  target.port = address.port();
  OpenSocket(std::move(target));
}

void ClientDial::ConnectByProxy() {
  const bool v6 = plan_->host.find(':') != std::string::npos;
  const std::string target = Concat({v6 ? "[" : "", plan_->host, v6 ? "]:" : ":", std::to_string(plan_->port)});
  tunnel_ = std::make_unique<ProxyTunnel>(shared_.loop, addresses_[next_ - 1], target, plan_->proxy->authorization,
                                          [this](const ProxyTunnel::Result& result) { OnTunnel(result); });
}

void ClientDial::OnTunnel(const ProxyTunnel::Result& result) {
  if (!result.socket_name.empty()) {
    if (!OnConnected(Concat({"by the proxy ", facts_.peer}))) return;
    ClientContext::Target target;
    target.address = "+@" + result.socket_name;
    return OpenSocket(std::move(target));
  }
  if (result.failure.problem == DialProblem::kProxyRefused) {
    const DialFailure failure = result.failure;  // the tunnel goes
    return Fail(failure);
  }
  AttemptFailed(result.failure.problem, result.failure.text);
}

void ClientDial::OpenSocket(ClientContext::Target target) {
  target.tls = plan_->tls != nullptr;
  target.host = plan_->host_header;
  target.path = plan_->target;
  for (const std::string& one : plan_->subprotocols)
    target.subprotocols += (target.subprotocols.empty() ? "" : ", ") + one;
  opening_ = true;
  wsi_ = shared_.context->Connect(target, *this);
  opening_ = false;
  if (wsi_ == nullptr) return AttemptFailed(DialProblem::kUnreachable, Concat({"there is no route to ", facts_.peer}));
  if (tunnel_ == nullptr) watcher_.Watch(ClientContext::Socket(wsi_), EV_WRITE);
}

void ClientDial::OnSocketEvent(int /*events*/) { state_ == State::kConnecting ? OnConnectEvent() : PeekAtAnswer(); }

void ClientDial::OnConnectEvent() {
  int error = 0;
  socklen_t size = sizeof error;
  const int socket = ClientContext::Socket(wsi_);
  getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  watcher_.Stop();
  if (error == 0) {
    if (OnConnected(facts_.peer) && !plan_->tls) watcher_.Watch(socket, EV_READ);
    return;
  }
  DropSocket();
  if (error == ECONNREFUSED) {
    return AttemptFailed(DialProblem::kRefused, Concat({"nobody listens at ", facts_.peer, " (connection refused)"}));
  }
  AttemptFailed(error == ETIMEDOUT ? DialProblem::kTimeout : DialProblem::kUnreachable,
                Concat({facts_.peer, " cannot be reached: ", ErrorText(error)}));
}

bool ClientDial::OnConnected(const std::string& detail) {
  step_.reset();
  if (!Report(DialStage::kConnect, detail)) return false;
  SetState(plan_->tls ? State::kTls : State::kUpgrading);
  return true;
}

// libwebsockets waits for the end of headers that never come, when the answer is no HTTP.
void ClientDial::PeekAtAnswer() {
  constexpr std::string_view kBeginning = "HTTP/";
  std::array<char, kBeginning.size()> bytes{};
  const ssize_t size = recv(ClientContext::Socket(wsi_), bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  const std::string reset = size < 0 ? ErrorText(errno) : "";
  watcher_.Stop();
  if (size <= 0) {
    return Fail(DialProblem::kNotHttp, Concat({facts_.peer, " closed the connection without an HTTP answer",
                                               reset.empty() ? "" : " (" + reset + ")",
                                               ": if it is a TLS port, use wss:// instead of ws://"}));
  }
  const std::string_view begin(bytes.data(), static_cast<size_t>(size));
  if (kBeginning.starts_with(begin)) return;
  const bool tls = begin[0] == 0x15 || begin[0] == 0x16;  // an alert, or a handshake
  Fail(DialProblem::kNotHttp, tls ? Concat({facts_.peer, " answers with TLS: use wss:// instead of ws://"})
                                  : Concat({facts_.peer, " answers with something else than HTTP"}));
}

void ClientDial::OnAttemptTimeout() {
  DropSocket();
  tunnel_.reset();
  AttemptFailed(DialProblem::kTimeout, Concat({"no answer from ", facts_.peer, " in ", SecondsText(kConnectTimeout),
                                               ": does a firewall drop it?"}));
}

void ClientDial::AttemptFailed(DialProblem problem, std::string text) {
  tunnel_.reset();
  if (next_ == addresses_.size()) return Fail(problem, std::move(text));
  step_ = shared_.loop.RunAfter(std::chrono::nanoseconds(0), [this] { ConnectNext(); });
}

void ClientDial::OnDeadline() {
  const std::string limit = SecondsText(plan_->handshake_timeout);
  switch (state_) {
    case State::kResolving:
      if (trust_) {
        return Fail(DialProblem::kAuthorities,
                    Concat({"the certificates of the authorities have not been read in ", limit}));
      }
      return Fail(DialProblem::kResolverFailed,
                  Concat({"no name server has answered about \"", DialledHost(), "\" in ", limit}));
    case State::kConnecting:
      return Fail(DialProblem::kTimeout, Concat({"no connection to ", facts_.peer, " in ", limit}));
    case State::kTls:
      return Fail(DialProblem::kTimeout, Concat({facts_.peer, " did not end the TLS handshake in ", limit}));
    case State::kUpgrading:
      return Fail(
          DialProblem::kTimeout,
          Concat({facts_.peer, " accepted the connection and has not answered the upgrade request in ", limit}));
    case State::kOpen:
    case State::kOver:
      return;
  }
}

void ClientDial::OnDestroy() {
  wsi_ = nullptr;
  watcher_.Stop();
  if (opening_) return;  // its result tells
  if (state_ == State::kOpen) return End();
  Fail(Judge());
}

DialFailure ClientDial::Judge() {
  if (state_ == State::kTls) return JudgeTls();
  if (state_ == State::kUpgrading && answer_.status != 0) {
    return JudgeUpgradeAnswer(std::move(answer_), facts_.peer);
  }
  if (state_ == State::kUpgrading && tls_report_.refused()) return JudgeTls();
  DialFailure failure;
  failure.stage = stage();
  if (state_ == State::kUpgrading && plan_->tls && tls_report_.requested() && !plan_->tls->has_certificate()) {
    failure.problem = DialProblem::kClientCertificate;
    failure.text = Concat({facts_.peer, " wants a client certificate, and closed the connection without one"});
    return failure;
  }
  failure.problem = state_ == State::kUpgrading ? DialProblem::kNotHttp : DialProblem::kUnreachable;
  failure.text = state_ == State::kUpgrading
                     ? Concat({facts_.peer, " closed the connection without an HTTP answer that can be understood"})
                     : Concat({facts_.peer, " cannot be reached"});
  return failure;
}

DialFailure ClientDial::JudgeTls() const {
  DialFailure failure;
  failure.stage = stage();
  if (!tls_applied_.ok()) {
    failure.problem = ProblemOf(tls_applied_);
    failure.text = std::string(tls_applied_.message());
    return failure;
  }
  const ClientTlsMaterial& tls = *plan_->tls;
  TlsReport::Judgement judgement =
      tls_report_.Judge({facts_.peer, tls.server_name(), tls.has_certificate(), tls.min_version()});
  failure.problem = judgement.problem;
  failure.text = std::move(judgement.text);
  return failure;
}

}  // namespace inlet::ws
