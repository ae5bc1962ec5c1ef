// The WebSocket server that all server-role streams share: one listening socket, a table of paths, their connections.
#ifndef INLET_INGEST_WS_SERVER_H_
#define INLET_INGEST_WS_SERVER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/connection_checker.h"
#include "ingest/credentials.h"
#include "ingest/source.h"
#include "ingest/stream_spec.h"
#include "ingest/ws/counters.h"
#include "ingest/ws/endpoint_table.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/server_options.h"

namespace inlet::ws {

struct Goodbye;
class Context;
class Listener;
class ProxyGate;
class ServerProtocol;
class ServerTls;
class SessionRegistry;

// Loop thread only, except where it says otherwise. What it has on the loop is freed when the loop stops.
class Server final : public ingest::SourceFactory {
 public:
  // Any thread. Opens nothing. The loop and the credentials must outlive the server. `credentials`: what the texts of
  // streams may refer to; null: they are literal.
  Server(EventLoop& loop, ServerOptions options, const ingest::Credentials* credentials = nullptr);
  // Any thread, after EventLoop::Stop has returned (or before EventLoop::Start), and after its sources are destroyed.
  ~Server() override;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Takes the certificate of ServerOptions::tls; with Listen::kAlways opens the socket, too. To be called at the start.
  // FailedPrecondition (ADDRESS_UNAVAILABLE), Internal (libwebsockets does not start: a package is missing),
  // InvalidArgument (as CheckTlsMaterial).
  absl::Status Open();

  // For the TLS handshakes from now on; connections stay. InvalidArgument, as CheckTlsMaterial: all stays as it was.
  // FailedPrecondition: the server is plain.
  absl::Status SetTls(const TlsMaterial& material);

  // Any thread.
  std::unique_ptr<ingest::Source> CreateSource(std::shared_ptr<const ingest::StreamSpec> spec,
                                               ingest::SourceSink& sink) override;

  absl::Status CheckChanges(const std::vector<std::shared_ptr<const ingest::StreamSpec>>& specs) const override;

  // Closes the listening socket for good: a Source::Start after it is Unavailable. Connections stay. Idempotent.
  void StopAccepting();

  // Stops accepting, ends unfinished handshakes, and sends every connection a close frame 1001 at a random moment
  // within `spread`. Calls `done` once, in a later turn, when all are gone: at the latest a second (or
  // close_timeout, if that is less) after `spread`. Sinks hear OnDisconnect. To be called once.
  void CloseAll(std::chrono::milliseconds spread, std::function<void()> done);

  // Whether a stream could listen; see server_check.h. Nothing is changed.
  ingest::CheckReport Check(const ingest::StreamSpec& spec);

  // The port of the listening socket; 0 while there is none.
  uint16_t bound_port() const;

  // Any thread.
  const ServerCounters& counters() const { return counters_; }

  // For the sources. Errors as Source::Start.
  absl::StatusOr<Endpoint*> Join(const ingest::StreamSpec& spec, ingest::SourceSink& sink);
  void Leave(Endpoint& endpoint, ingest::SourceSink& sink, const Goodbye& goodbye);
  // As Source::Change: the endpoint of `spec`, which `sink` listens on instead of `endpoint`; it may be the same.
  Endpoint* Move(Endpoint& endpoint, const ingest::StreamSpec& spec, ingest::SourceSink& sink, std::string_view reason);
  // Sends all connections of the endpoint a close frame 1012.
  static void CloseEndpoint(Endpoint& endpoint, std::string_view reason);
  // As Source, for one of the endpoint's connections.
  static bool CloseConnection(const Endpoint& endpoint, uint64_t connection, uint16_t code, std::string_view reason);
  static ingest::SendVerdict Send(const Endpoint& endpoint, uint64_t connection, std::string_view text);
  std::string Url(std::string_view path) const;

 private:
  absl::Status OpenTls();
  absl::Status OpenContext();
  absl::Status OpenListener();
  void CloseListener(std::string_view why);
  void Free();

  EventLoop& loop_;
  const ServerOptions options_;
  ServerCounters counters_;
  EndpointTable endpoints_;
  std::unique_ptr<SessionRegistry> sessions_;
  std::unique_ptr<ServerProtocol> protocol_;
  std::unique_ptr<ServerTls> tls_;  // null: plain
  std::unique_ptr<Context> context_;
  std::unique_ptr<ProxyGate> proxy_gate_;
  std::unique_ptr<Listener> listener_;
  bool stopped_accepting_ = false;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_SERVER_H_
