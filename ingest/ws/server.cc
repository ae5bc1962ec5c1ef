// The WebSocket server that all server-role streams share: its socket's life follows its streams.
#include "ingest/ws/server.h"

#include <cassert>
#include <utility>

#include "ingest/error.h"
#include "ingest/log.h"
#include "ingest/text.h"
#include "ingest/ws/close_frame.h"
#include "ingest/ws/context.h"
#include "ingest/ws/listener.h"
#include "ingest/ws/protocol.h"
#include "ingest/ws/proxy_gate.h"
#include "ingest/ws/server_check.h"
#include "ingest/ws/server_source.h"
#include "ingest/ws/server_tls.h"
#include "ingest/ws/session.h"
#include "ingest/ws/session_registry.h"

namespace inlet::ws {

Server::Server(EventLoop& loop, ServerOptions options, const ingest::Credentials* credentials)
    : loop_(loop),
      options_(std::move(options)),
      sessions_(std::make_unique<SessionRegistry>(
          SessionRegistry::Shared{loop_, options_, counters_, endpoints_, credentials})),
      protocol_(std::make_unique<ServerProtocol>()),
      proxy_gate_(std::make_unique<ProxyGate>(loop_, options_, counters_, [this](int socket, const PeerAddress& peer) {
        sessions_->Adopt(*context_, socket, peer);
      })) {}

Server::~Server() { assert(!context_); }

absl::Status Server::Open() {
  assert(loop_.InLoopThread());
  if (absl::Status opened = OpenTls(); !opened.ok()) return opened;
  return options_.listen == ServerOptions::Listen::kAlways ? OpenListener() : absl::OkStatus();
}

absl::Status Server::OpenTls() {
  if (!options_.tls || tls_) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<ServerTls>> tls = ServerTls::Create(*options_.tls, &counters_.tls_failures);
  if (!tls.ok()) return tls.status();
  tls_ = *std::move(tls);
  return absl::OkStatus();
}

absl::Status Server::SetTls(const TlsMaterial& material) {
  assert(loop_.InLoopThread());
  return tls_ ? tls_->Replace(material) : absl::FailedPreconditionError("the server speaks no TLS");
}

std::unique_ptr<ingest::Source> Server::CreateSource(std::shared_ptr<const ingest::StreamSpec> spec,
                                                     ingest::SourceSink& sink) {
  return std::make_unique<ServerSource>(*this, std::move(spec), sink);
}

absl::StatusOr<Endpoint*> Server::Join(const ingest::StreamSpec& spec, ingest::SourceSink& sink) {
  assert(loop_.InLoopThread());
  if (stopped_accepting_) {
    return MakeError(absl::StatusCode::kUnavailable, "the service is shutting down: come back in a second",
                     {"DRAINING", {}, "", std::chrono::seconds(1)});
  }
  absl::StatusOr<Endpoint*> endpoint = endpoints_.Join(spec, sink);
  if (!endpoint.ok()) return endpoint;
  if (absl::Status opened = OpenListener(); !opened.ok()) {
    endpoints_.Leave(**endpoint, sink);
    return opened;
  }
  SessionRegistry::Join(**endpoint, sink);
  return endpoint;
}

absl::Status Server::CheckChanges(const std::vector<std::shared_ptr<const ingest::StreamSpec>>& specs) const {
  assert(loop_.InLoopThread());
  return endpoints_.CheckChanges(specs);
}

Endpoint* Server::Move(Endpoint& endpoint, const ingest::StreamSpec& spec, ingest::SourceSink& sink,
                       std::string_view reason) {
  assert(loop_.InLoopThread());
  const bool is_same_path = endpoint.path == std::get<ingest::ServerRole>(spec.role).path;
  Endpoint* const target = endpoints_.Take(spec, sink);
  if (target != &endpoint) {
    Leave(endpoint, sink, {kServiceRestart, reason});
    SessionRegistry::Join(*target, sink);
  } else if (!is_same_path && endpoint.listening.size() == 1) {
    CloseEndpoint(endpoint, reason);  // only variables have other names
  }
  return target;
}

void Server::Leave(Endpoint& endpoint, ingest::SourceSink& sink, const Goodbye& goodbye) {
  assert(loop_.InLoopThread());
  SessionRegistry::Leave(endpoint, sink, goodbye);
  endpoints_.Leave(endpoint, sink);
  if (endpoints_.size() == 0 && options_.listen == ServerOptions::Listen::kOnDemand) {
    CloseListener("the last stream has left");
  }
}

void Server::CloseEndpoint(Endpoint& endpoint, std::string_view reason) {
  for (const auto& [id, session] : endpoint.sessions) session->Close(kServiceRestart, reason);
}

bool Server::CloseConnection(const Endpoint& endpoint, uint64_t connection, uint16_t code, std::string_view reason) {
  const auto found = endpoint.sessions.find(connection);
  if (found == endpoint.sessions.end()) return false;
  found->second->Close(code, reason);
  return true;
}

ingest::SendVerdict Server::Send(const Endpoint& endpoint, uint64_t connection, std::string_view text) {
  const auto found = endpoint.sessions.find(connection);
  return found == endpoint.sessions.end() ? ingest::SendVerdict::kUnknown : found->second->Send(text);
}

std::string Server::Url(std::string_view path) const {
  if (!options_.public_url.empty()) {
    std::string_view base = options_.public_url;
    while (base.ends_with('/')) base.remove_suffix(1);
    return Concat({base, path});
  }
  // Nobody can connect to "any address".
  std::string ip = options_.ip;
  if (ip == "0.0.0.0") ip = "127.0.0.1";
  if (ip == "::") ip = "::1";
  if (ip.find(':') != std::string::npos) ip = Concat({"[", ip, "]"});
  return Concat({options_.tls ? "wss://" : "ws://", ip, ":",
                 std::to_string(listener_ ? listener_->port() : options_.port), path});
}

uint16_t Server::bound_port() const { return listener_ ? listener_->port() : uint16_t{0}; }

absl::Status Server::OpenContext() {
  if (context_) return absl::OkStatus();
  if (absl::Status opened = OpenTls(); !opened.ok()) return opened;
  absl::StatusOr<std::unique_ptr<Context>> context =
      Context::Create(loop_, {protocol_->table(), options_.handshake_timeout, tls_.get()});
  if (!context.ok()) return context.status();
  context_ = *std::move(context);
  loop_.AtExit([this] { Free(); });
  return absl::OkStatus();
}

absl::Status Server::OpenListener() {
  if (listener_) return absl::OkStatus();
  if (absl::Status opened = OpenContext(); !opened.ok()) return opened;
  absl::StatusOr<std::unique_ptr<Listener>> listener =
      Listener::Open(loop_, options_.ip, options_.port, counters_,
                     [this](int socket, const PeerAddress& peer) { proxy_gate_->Accept(socket, peer); });
  if (!listener.ok()) return listener.status();
  listener_ = *std::move(listener);
  Log(LogLevel::kInfo, "listener_opened",
      {{"address", listener_->address()}, {"tls", options_.tls ? "true" : "false"}});
  return absl::OkStatus();
}

void Server::CloseListener(std::string_view why) {
  if (!listener_) return;
  Log(LogLevel::kInfo, "listener_closed", {{"address", listener_->address()}, {"why", why}});
  listener_.reset();
}

ingest::CheckReport Server::Check(const ingest::StreamSpec& spec) {
  assert(loop_.InLoopThread());
  ingest::CheckReport report = CheckServerRole({options_, endpoints_, listener_.get()}, spec);
  report.endpoint = Url(std::get<ingest::ServerRole>(spec.role).path);
  return report;
}

void Server::StopAccepting() {
  assert(loop_.InLoopThread());
  stopped_accepting_ = true;
  CloseListener("the service stops");
}

void Server::CloseAll(std::chrono::milliseconds spread, std::function<void()> done) {
  StopAccepting();
  proxy_gate_->CloseAll();
  sessions_->CloseAll(spread, std::move(done));
}

void Server::Free() {
  CloseListener("the loop ends");
  proxy_gate_->CloseAll();
  context_.reset();
  sessions_->ReleaseTimers();
}

}  // namespace inlet::ws
