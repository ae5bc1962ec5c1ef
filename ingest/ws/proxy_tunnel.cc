// A way through an HTTP proxy: asking for it, and carrying bytes.
#include "ingest/ws/proxy_tunnel.h"

#include <ev.h>
#include <openssl/rand.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "ingest/text.h"
#include "ingest/ws/upgrade_answer.h"

namespace inlet::ws {
namespace {

void CloseSocket(int& socket) {
  if (socket >= 0) close(socket);
  socket = -1;
}

bool WouldBlock() { return errno == EAGAIN || errno == EINTR; }

std::string RandomName() {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return "";
  std::string name = "inlet-tunnel-";
  for (const unsigned char byte : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    name += kDigits[byte >> 4U];
    name += kDigits[byte & 15U];
  }
  return name;
}

bool IsOurs(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == getpid();
}

std::string_view NextLine(std::string_view& text) {
  const size_t end = text.find("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  return line;
}

}  // namespace

ProxyTunnel::ProxyTunnel(EventLoop& loop, const PeerAddress& proxy, std::string_view target,
                         std::string_view authorization, Done done)
    : peer_(proxy.ToString()),
      done_(std::move(done)),
      request_(Concat({"CONNECT ", target, " HTTP/1.1\r\nHost: ", target, "\r\n"})),
      proxy_watcher_(loop, [this](int events) { OnProxy(events); }),
      local_watcher_(loop, [this](int /*events*/) { state_ == State::kWaiting ? OnLocalClient() : Carry(); }) {
  if (!authorization.empty()) request_ += Concat({"Proxy-Authorization: ", authorization, "\r\n"});
  request_ += "\r\n";
  proxy_ = socket(proxy.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_storage address{};
  const socklen_t size = proxy.Store(address);
  // Whatever connect says, the watcher finds it out in a turn of its own.
  if (proxy_ >= 0) static_cast<void>(connect(proxy_, reinterpret_cast<const sockaddr*>(&address), size));
  if (proxy_ >= 0) proxy_watcher_.Watch(proxy_, EV_WRITE);
}

ProxyTunnel::~ProxyTunnel() {
  proxy_watcher_.Stop();
  local_watcher_.Stop();
  if (state_ == State::kCarrying) Pump(local_, proxy_, up_);
  CloseSocket(proxy_);
  CloseSocket(listener_);
  CloseSocket(local_);
}

void ProxyTunnel::OnProxy(int /*events*/) {
  switch (state_) {
    case State::kConnecting:
      return OnConnected();
    case State::kAsking:
      return request_.empty() ? ReadAnswer() : Ask();
    case State::kCarrying:
      return Carry();
    case State::kWaiting:
    case State::kOver:
      return;
  }
}

void ProxyTunnel::Fail(DialProblem problem, std::string text, int status) {
  state_ = State::kOver;
  proxy_watcher_.Stop();
  local_watcher_.Stop();
  Result result;
  result.failure.stage = DialStage::kConnect;
  result.failure.problem = problem;
  result.failure.text = std::move(text);
  result.failure.http_status = status;
  const Done done = std::move(done_);
  done(result);
}

void ProxyTunnel::OnConnected() {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(proxy_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error == ECONNREFUSED) return Fail(DialProblem::kRefused, Concat({"nobody listens at the proxy ", peer_}));
  sockaddr_storage connected{};
  socklen_t connected_size = sizeof connected;
  if (error != 0 || getpeername(proxy_, reinterpret_cast<sockaddr*>(&connected), &connected_size) != 0) {
    return Fail(DialProblem::kUnreachable, Concat({"the proxy ", peer_, " cannot be reached"}));
  }
  state_ = State::kAsking;
  Ask();
}

void ProxyTunnel::Ask() {
  const ssize_t sent = send(proxy_, request_.data(), request_.size(), MSG_NOSIGNAL);
  if (sent < 0 && !WouldBlock()) return Fail(DialProblem::kUnreachable, Concat({"the proxy ", peer_, " hangs up"}));
  request_.erase(0, sent > 0 ? static_cast<size_t>(sent) : 0);
  proxy_watcher_.Watch(proxy_, request_.empty() ? EV_READ : EV_WRITE);
}

void ProxyTunnel::ReadAnswer() {
  std::array<char, 4096> bytes{};
  const ssize_t size = recv(proxy_, bytes.data(), bytes.size(), 0);
  if (size < 0 && WouldBlock()) return;
  if (size <= 0) return Fail(DialProblem::kProxyRefused, Concat({"the proxy ", peer_, " hangs up without an answer"}));
  answer_.append(bytes.data(), static_cast<size_t>(size));
  const size_t end = answer_.find("\r\n\r\n");
  if (end != std::string::npos) return JudgeAnswer(end + 4);
  if (answer_.size() > kMostAnswerBytes) {
    Fail(DialProblem::kProxyRefused, Concat({"the proxy ", peer_, " answers without an end"}));
  }
}

void ProxyTunnel::JudgeAnswer(size_t header_size) {
  std::string_view header(answer_.data(), header_size);
  const std::string_view first = NextLine(header);
  const std::string_view said = first.substr(std::min(first.find(' '), first.size() - 1) + 1);
  int status = 0;
  std::from_chars(said.data(), said.data() + said.size(), status);
  if (!first.starts_with("HTTP/1.") || status == 0) {
    return Fail(DialProblem::kProxyRefused, Concat({"the proxy ", peer_, " answers with something else than HTTP"}));
  }
  if (status / 100 != 2) {
    // What it said comes last, where a secret that was cut is found.
    const std::string_view wish = status == 407 ? " wants a user and a password in proxyUrl, or others: it" : "";
    std::string text = Concat({"the proxy ", peer_, wish, " answered ", said.substr(0, 100)});
    return Fail(DialProblem::kProxyRefused, std::move(text), status);
  }
  down_.bytes = answer_.substr(header_size);
  Result result;
  if (!Listen(result.socket_name)) return Fail(DialProblem::kUnreachable, "this machine has no socket left");
  state_ = State::kWaiting;
  proxy_watcher_.Stop();
  const Done done = std::move(done_);
  done(result);
}

bool ProxyTunnel::Listen(std::string& name) {
  name = RandomName();
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener_ < 0 || name.empty()) return false;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(name.begin(), name.end(), address.sun_path + 1);  // after a zero: abstract, no file
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(listener_, 4) != 0)
    return false;
  local_watcher_.Watch(listener_, EV_READ);
  return true;
}

void ProxyTunnel::OnLocalClient() {
  local_ = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (local_ < 0) return;
  if (!IsOurs(local_)) return CloseSocket(local_);
  local_watcher_.Stop();
  CloseSocket(listener_);
  state_ = State::kCarrying;
  Carry();
}

void ProxyTunnel::Carry() {
  Pump(local_, proxy_, up_);
  Pump(proxy_, local_, down_);
  if (up_.end_passed_on && down_.end_passed_on) {
    state_ = State::kOver;
    proxy_watcher_.Stop();
    local_watcher_.Stop();
    return;
  }
  WatchBoth();
}

// One read and one write a turn, so that a flood does not keep the loop.
void ProxyTunnel::Pump(int from, int to, Flow& flow) {
  if (flow.bytes.empty() && !flow.ended) {
    flow.bytes.resize(kBufferBytes);
    const ssize_t size = recv(from, flow.bytes.data(), flow.bytes.size(), 0);
    flow.ended = size == 0 || (size < 0 && !WouldBlock());
    flow.bytes.resize(size > 0 ? static_cast<size_t>(size) : 0);
  }
  if (!flow.bytes.empty()) {
    const ssize_t size = send(to, flow.bytes.data(), flow.bytes.size(), MSG_NOSIGNAL);
    if (size > 0) flow.bytes.erase(0, static_cast<size_t>(size));
    if (size < 0 && !WouldBlock()) {
      flow.ended = true;
      flow.bytes.clear();
    }
  }
  if (flow.ended && flow.bytes.empty() && !std::exchange(flow.end_passed_on, true)) shutdown(to, SHUT_WR);
}

void ProxyTunnel::WatchBoth() {
  const auto events = [](const Flow& from, const Flow& to) {
    return (from.bytes.empty() && !from.ended ? EV_READ : 0) | (to.bytes.empty() ? 0 : EV_WRITE);
  };
  const int proxy_events = events(down_, up_);
  const int local_events = events(up_, down_);
  proxy_events != 0 ? proxy_watcher_.Watch(proxy_, proxy_events) : proxy_watcher_.Stop();
  local_events != 0 ? local_watcher_.Watch(local_, local_events) : local_watcher_.Stop();
}

}  // namespace inlet::ws
