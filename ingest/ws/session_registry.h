// All connections of the WebSocket server, and what they share.
#ifndef INLET_INGEST_WS_SESSION_REGISTRY_H_
#define INLET_INGEST_WS_SESSION_REGISTRY_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string_view>
#include <vector>

#include "ingest/credentials.h"
#include "ingest/ws/assembly_queue.h"
#include "ingest/ws/close_frame.h"
#include "ingest/ws/counters.h"
#include "ingest/ws/deadline_wheel.h"
#include "ingest/ws/endpoint_table.h"
#include "ingest/ws/event_loop.h"
#include "ingest/ws/log_limiter.h"
#include "ingest/ws/peer_address.h"
#include "ingest/ws/server_options.h"
#include "ingest/ws/session.h"

namespace inlet::ws {

class Context;

// The close frame for connections whose last stream leaves.
struct Goodbye {
  uint16_t code = kGoingAway;
  std::string_view reason = "the stream was stopped";
};

// Loop thread only.
class SessionRegistry {
 public:
  // All outlive it.
  struct Shared {
    EventLoop& loop;
    const ServerOptions& options;
    ServerCounters& counters;
    const EndpointTable& endpoints;
    const ingest::Credentials* credentials;  // null: texts are literal
  };

  explicit SessionRegistry(const Shared& shared);
  ~SessionRegistry();
  SessionRegistry(const SessionRegistry&) = delete;
  SessionRegistry& operator=(const SessionRegistry&) = delete;

  // Takes over an accepted socket.
  void Adopt(Context& context, int socket, const PeerAddress& peer);

  // Tells `sink`, which listens there, of the connections that are there already.
  static void Join(const Endpoint& endpoint, const ingest::SourceSink& sink);

  // Ends what the endpoint's connections have to do with `sink`, with OnDisconnect. If it is the only one there, they
  // get a close frame.
  static void Leave(Endpoint& endpoint, ingest::SourceSink& sink, const Goodbye& goodbye);

  // As Server::CloseAll.
  void CloseAll(std::chrono::milliseconds spread, std::function<void()> done);

  // The loop ends: no timer may be left.
  void ReleaseTimers();

  // For the sessions.
  EventLoop& loop() const { return shared_.loop; }
  const ServerOptions& options() const { return shared_.options; }
  ServerCounters& counters() const { return shared_.counters; }
  const EndpointTable& endpoints() const { return shared_.endpoints; }
  const ingest::Credentials* credentials() const { return shared_.credentials; }
  AssemblyQueue& assembling() { return assembling_; }
  bool full() const { return counters().open_connections.value() >= options().max_connections; }
  void ReportRefusal(const Refusal& refusal, std::string_view path, std::string_view peer);
  void SetDeadline(Session& session, ingest::SteadyTime due);
  void OnOpen(Session& session, Endpoint& endpoint) const;
  // `endpoint`: null if the session was detached.
  void OnEnd(Session& session, Endpoint* endpoint) const;
  // Destroys it. Called with the last callback of libwebsockets.
  void Remove(Session& session);

 private:
  void Tick();
  void KillAll();
  void FinishCloseAll();
  // A copy: closing one changes the list.
  std::vector<Session*> All() const;

  const Shared shared_;
  DeadlineWheel wheel_;
  std::unique_ptr<ingest::Timer> tick_;  // null: there are no deadlines
  AssemblyQueue assembling_;
  std::vector<std::unique_ptr<Session>> sessions_;
  Session* adopting_ = nullptr;  // null again if it was destroyed meanwhile
  LogLimiter refusal_log_{20, std::chrono::seconds(10)};
  std::minstd_rand random_{std::random_device{}()};
  std::unique_ptr<ingest::Timer> close_all_deadline_;
  std::function<void()> close_all_done_;
};

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_SESSION_REGISTRY_H_
