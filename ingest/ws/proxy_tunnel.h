// A way through an HTTP proxy: CONNECT, then bytes both ways between the proxy and a local socket for libwebsockets.
#ifndef INLET_INGEST_WS_PROXY_TUNNEL_H_
#define INLET_INGEST_WS_PROXY_TUNNEL_H_

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/ws/dial.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/fd_watcher.h"
#include "ingest/ws/peer_address.h"

namespace inlet::ws {

// libwebsockets 4.1 takes no connected socket from us, and hides a proxy's refusal. So it connects to an abstract
// socket that only this process may use, and the tunnel carries what passes. Loop thread only.
class ProxyTunnel {
 public:
  struct Result {
    std::string socket_name;  // where libwebsockets is to connect, once; empty: it failed, and `failure` says why
    DialFailure failure;
  };
  // Called once, in a later turn; may destroy the tunnel.
  using Done = std::function<void(const Result&)>;

  // `target`: host:port. `authorization`: of Proxy-Authorization, or empty.
  ProxyTunnel(EventLoop& loop, const PeerAddress& proxy, std::string_view target, std::string_view authorization,
              Done done);
  // Carries what libwebsockets wrote last as far as the socket takes it.
  ~ProxyTunnel();
  ProxyTunnel(const ProxyTunnel&) = delete;
  ProxyTunnel& operator=(const ProxyTunnel&) = delete;

 private:
  static constexpr size_t kBufferBytes = 64U << 10;
  static constexpr size_t kMostAnswerBytes = 16U << 10;

  enum class State : uint8_t { kConnecting, kAsking, kWaiting, kCarrying, kOver };

  // One direction.
  struct Flow {
    std::string bytes;  // at most kBufferBytes
    bool ended = false;
    bool end_passed_on = false;
  };

  void OnProxy(int events);
  void OnConnected();
  void Ask();
  void ReadAnswer();
  void JudgeAnswer(size_t header_size);
  bool Listen(std::string& name);
  void OnLocalClient();
  void Carry();
  void Pump(int from, int to, Flow& flow);
  void WatchBoth();
  void Fail(DialProblem problem, std::string text, int status = 0);

  const std::string peer_;
  Done done_;
  State state_ = State::kConnecting;
  int proxy_ = -1;
  int listener_ = -1;
  int local_ = -1;
  std::string request_;
  std::string answer_;
  Flow up_;    // to the proxy
  Flow down_;  // from it
  FdWatcher proxy_watcher_;
  FdWatcher local_watcher_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_PROXY_TUNNEL_H_
