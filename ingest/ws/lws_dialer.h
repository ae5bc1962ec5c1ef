// Dials WebSocket servers with libwebsockets.
#ifndef INLET_INGEST_WS_LWS_DIALER_H_
#define INLET_INGEST_WS_LWS_DIALER_H_

#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "ingest/credentials.h"
#include "ingest/ws/assembly_queue.h"
#include "ingest/ws/dial.h"
#include "ingest/ws/dial_counters.h"
#include "ingest/ws/egress.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/resolver.h"
#include "ingest/ws/system_authorities.h"
#include "ingest/ws/trust_stores.h"

namespace inlet::ws {

class ClientContext;

class LwsDialer final : public Dialer {
 public:
  // Of messages that have begun and not ended, of all connections together.
  static constexpr size_t kMostAssemblyBytes = 256U << 20;

  // Any thread; opens nothing. The first three must outlive the dialer.
  LwsDialer(EventLoop& loop, const ingest::Credentials& credentials, const EgressRules& egress,
            Resolver::Options resolver = {}, SystemAuthorities system = SystemAuthorities::Default(),
            size_t most_assembly_bytes = kMostAssemblyBytes);
  // Any thread, after EventLoop::Stop has returned (or before EventLoop::Start), and after its connections are
  // destroyed.
  ~LwsDialer() override;
  LwsDialer(const LwsDialer&) = delete;
  LwsDialer& operator=(const LwsDialer&) = delete;

  // The first call makes libwebsockets' context, which lives until the loop ends.
  std::unique_ptr<ClientConnection> Dial(const DialRequest& request, ConnectionEvents& events) override;

  // Any thread.
  const DialCounters& counters() const { return counters_; }

 private:
  absl::Status Open();

  EventLoop& loop_;
  const ingest::Credentials& credentials_;
  const EgressRules& egress_;
  const Resolver::Options resolver_options_;
  const SystemAuthorities system_;
  DialCounters counters_;
  AssemblyQueue assembling_;
  std::unique_ptr<Resolver> resolver_;
  std::unique_ptr<TrustStores> trust_;
  std::unique_ptr<ClientContext> context_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_LWS_DIALER_H_
