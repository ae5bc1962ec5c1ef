// The source of a server-role stream: start and stop.
#include "ingest/ws/server_source.h"

#include <utility>
#include <variant>

#include "ingest/ws/server.h"
#include "ingest/ws/session_registry.h"

namespace inlet::ws {

ServerSource::ServerSource(Server& server, std::shared_ptr<const ingest::StreamSpec> spec, ingest::SourceSink& sink)
    : server_(server), spec_(std::move(spec)), sink_(sink) {}

ServerSource::~ServerSource() { Stop(); }

absl::Status ServerSource::Start() {
  if (endpoint_ != nullptr) return absl::OkStatus();
  absl::StatusOr<Endpoint*> endpoint = server_.Join(*spec_, sink_);
  if (!endpoint.ok()) return endpoint.status();
  endpoint_ = *endpoint;
  sink_.OnState({.state = ingest::SourceState::kListening});
  return absl::OkStatus();
}

void ServerSource::Reconnect(std::string_view reason) {
  if (endpoint_ != nullptr) Server::CloseEndpoint(*endpoint_, reason);
}

bool ServerSource::CloseConnection(uint64_t connection, uint16_t code, std::string_view reason) {
  return endpoint_ != nullptr && Server::CloseConnection(*endpoint_, connection, code, reason);
}

ingest::SendVerdict ServerSource::Send(uint64_t connection, std::string_view text) {
  return endpoint_ == nullptr ? ingest::SendVerdict::kUnknown : Server::Send(*endpoint_, connection, text);
}

void ServerSource::Change(std::shared_ptr<const ingest::StreamSpec> spec, std::string_view reason) {
  spec_ = std::move(spec);
  if (endpoint_ == nullptr) return;
  endpoint_ = server_.Move(*endpoint_, *spec_, sink_, reason);
}

std::string ServerSource::endpoint() const { return server_.Url(std::get<ingest::ServerRole>(spec_->role).path); }

void ServerSource::Stop() {
  if (endpoint_ != nullptr) server_.Leave(*std::exchange(endpoint_, nullptr), sink_, Goodbye{});
}

}  // namespace inlet::ws
