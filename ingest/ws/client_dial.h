// One dial and the connection that comes of it: from the name to the last message.
#ifndef INLET_INGEST_WS_CLIENT_DIAL_H_
#define INLET_INGEST_WS_CLIENT_DIAL_H_

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ingest/ws/assembly_queue.h"
#include "ingest/ws/client_context.h"
#include "ingest/ws/client_traffic.h"
#include "ingest/ws/dial.h"
#include "ingest/ws/dial_counters.h"
#include "ingest/ws/dial_plan.h"
#include "ingest/ws/egress.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/fd_watcher.h"
#include "ingest/ws/peer_address.h"
#include "ingest/ws/proxy_tunnel.h"
#include "ingest/ws/resolver.h"
#include "ingest/ws/tls_report.h"
#include "ingest/ws/trust_stores.h"
#include "ingest/ws/upgrade_answer.h"

namespace inlet::ws {

// Loop thread only. The On... calls come from ClientContext; those with a result return what libwebsockets is told: 0
// to go on, -1 to close.
class ClientDial final : public ClientConnection {
 public:
  static constexpr std::chrono::milliseconds kConnectTimeout{2000};  // of each address

  struct Shared {
    EventLoop& loop;
    const EgressRules& egress;
    Resolver* resolver;  // null, as the next two: `plan` is an error
    ClientContext* context;
    TrustStores* trust;
    DialCounters& counters;
    AssemblyQueue& assembling;
  };

  // Begins in a later turn. If `plan` is an error, it ends with that.
  ClientDial(const Shared& shared, absl::StatusOr<DialPlan> plan, ConnectionEvents& events);
  ~ClientDial() override;
  ClientDial(const ClientDial&) = delete;
  ClientDial& operator=(const ClientDial&) = delete;

  bool Send(std::string text) override;
  void Close(uint16_t code, std::string_view reason) override;

  void OnTlsBegin(SSL* ssl);
  // False: the handshake fails.
  bool OnTlsCertificate(bool trusted, X509_STORE_CTX* store);
  int OnHeaders(char** position, size_t room);
  void OnConnectionError(lws* wsi, std::string_view complaint);
  // A 101 that libwebsockets finds good; its headers are there for the last time.
  int OnSwitch(lws* wsi);
  int OnEstablished(lws* wsi);
  int OnReceive(std::string_view piece) { return traffic_ ? traffic_->OnReceive(piece) : -1; }
  void OnPong();
  int OnWritable() { return traffic_ ? traffic_->OnWritable() : 0; }
  int OnPeerClose(std::string_view payload) { return traffic_ ? traffic_->OnPeerClose(payload) : 0; }
  void OnClosing();
  void OnDestroy();

  TlsReport& tls_report() { return tls_report_; }
  int socket() const { return socket_; }
  void set_socket(int socket) { socket_ = socket; }

 private:
  enum class State : uint8_t { kResolving, kConnecting, kTls, kUpgrading, kOpen, kOver };

  // Before the handshake is complete.
  void Begin();
  absl::Status CheckEgress() const;
  void AskForTrust();
  void OnTrust(TrustStores::Result roots);
  void Resolve();
  void OnResolved(Resolver::Result result);
  void ConnectNext();
  void ConnectDirectly();
  void ConnectByProxy();
  void OnTunnel(const ProxyTunnel::Result& result);
  void OpenSocket(ClientContext::Target target);
  void OnSocketEvent(int events);
  void OnConnectEvent();
  void PeekAtAnswer();
  // False: this was destroyed.
  bool OnConnected(const std::string& detail);
  void OnAttemptTimeout();
  void AttemptFailed(DialProblem problem, std::string text);
  void OnDeadline();
  DialFailure Judge();
  DialFailure JudgeTls() const;

  // The proxy's, if there is one.
  const std::string& DialledHost() const { return plan_->proxy ? plan_->proxy->host : plan_->host; }
  uint16_t DialledPort() const { return plan_->proxy ? plan_->proxy->port : plan_->port; }
  DialStage stage() const;

  // The only place that changes it; a stage begins.
  void SetState(State state);
  // The stage has ended well. False: this was destroyed.
  bool Report(DialStage stage, std::string detail);
  // The last call of a dial that fails; this may be destroyed.
  void Fail(DialProblem problem, std::string text);
  void Fail(const DialFailure& failure);
  // The end of an open connection; this may be destroyed.
  void End();
  void Release();
  void DropSocket();

  Shared shared_;
  absl::StatusOr<DialPlan> plan_;
  ConnectionEvents& events_;
  State state_ = State::kResolving;
  ingest::SteadyTime stage_begin_{};
  std::unique_ptr<ingest::Timer> step_;  // the next step, or the end of an attempt
  std::unique_ptr<ingest::Timer> deadline_;
  std::unique_ptr<TrustStores::Query> trust_;
  std::unique_ptr<Resolver::Query> query_;
  std::vector<PeerAddress> addresses_;
  size_t next_ = 0;
  std::unique_ptr<ProxyTunnel> tunnel_;
  FdWatcher watcher_;
  lws* wsi_ = nullptr;
  int socket_ = -1;
  bool opening_ = false;  // libwebsockets is being asked to connect
  absl::Status tls_applied_;
  TlsReport tls_report_;
  UpgradeAnswer answer_;
  DialFacts facts_;
  std::unique_ptr<ClientTraffic> traffic_;  // once open
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CLIENT_DIAL_H_
