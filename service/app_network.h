// What streams reach the network by: the WebSocket server with its certificate files, and the dialer.
#ifndef INLET_SERVICE_APP_NETWORK_H_
#define INLET_SERVICE_APP_NETWORK_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/credentials.h"
#include "ingest/ws/checker.h"
#include "ingest/ws/client.h"
#include "ingest/ws/egress.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/lws_dialer.h"
#include "ingest/ws/server.h"
#include "ingest/ws/source_by_role.h"
#include "service/app_tls.h"
#include "service/config/app_config.h"

namespace inlet::service {

// What config::Load cannot know: whether the certificate files can be used. Egress rules that it let pass are fine.
absl::Status CheckNetwork(const config::AppConfig& config);

// Made before the loop starts, destroyed after it has stopped; not on the loop's thread, except where it says so.
class Network {
 public:
  // Opens nothing. The loop, the configuration and the credentials outlive it. Errors: those of CheckNetwork.
  static absl::StatusOr<std::unique_ptr<Network>> Create(ws::EventLoop& loop, const config::AppConfig& config,
                                                         const ingest::Credentials& credentials);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // As ws::Server::Open. The loop runs.
  absl::Status Open();

  ingest::SourceFactory& sources() { return sources_; }
  ingest::ConnectionChecker& checker() { return checker_; }

  // Any thread.
  const ws::ServerCounters& server_counters() const { return server_.counters(); }
  const ws::DialCounters& dial_counters() const { return dialer_.counters(); }

  // Looks at the server's certificate files again. Blocks: the control thread, once a second.
  void LookAtFiles();

  // Ends the server's connections with 1001, and waits for it.
  void CloseServer();
  // Waits, a second at most, until the close frames of stopped client-role streams are answered.
  void AwaitClients();

  // Cuts the connections that are still closing, and checks: the last thing before the loop ends.
  void Free();

  // Whether the WebSocket server listens. Blocks; any thread but the loop's.
  bool IsServerOpen();
  // The address of the WebSocket server as it is set: ip:port.
  std::string server_address() const;

 private:
  Network(ws::EventLoop& loop, const config::AppConfig& config, const ingest::Credentials& credentials,
          ws::ServerOptions options, ws::EgressRules egress);

  ws::EventLoop& loop_;
  const config::AppConfig& config_;
  const ws::EgressRules egress_;
  ws::Server server_;
  ws::LwsDialer dialer_;
  ws::Client client_;
  ws::SourceByRole sources_;
  ws::Checker checker_;
  std::unique_ptr<TlsFiles> tls_files_;  // null: the server is plain
};

}  // namespace inlet::service

#endif  // INLET_SERVICE_APP_NETWORK_H_
