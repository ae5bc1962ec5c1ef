// All connections of the WebSocket server: how they come and go.
#include "ingest/ws/session_registry.h"

#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "ingest/log.h"
#include "ingest/ws/connection_id.h"
#include "ingest/ws/context.h"
#include "ingest/ws/control_characters.h"

namespace inlet::ws {
namespace {

// How long the service's stop waits for answers to its last close frame: less than close_timeout, since nothing that a
// peer says after it matters any more.
constexpr std::chrono::milliseconds kLastWord{1000};

}  // namespace

SessionRegistry::SessionRegistry(const Shared& shared)
    : shared_(shared),
      wheel_(std::chrono::steady_clock::now()),
      assembling_(shared.options.max_assembly_bytes, shared.counters.assembly_bytes) {}

SessionRegistry::~SessionRegistry() { assert(sessions_.empty()); }

void SessionRegistry::Adopt(Context& context, int socket, const PeerAddress& peer) {
  if (counters().handshakes_pending.value() >= options().max_pending_handshakes) {
    counters().handshakes_rejected.Add();
    close(socket);
    return;
  }
  sessions_.push_back(std::make_unique<Session>(*this, NextConnectionId(), peer));
  sessions_.back()->registry_index_ = sessions_.size() - 1;
  adopting_ = sessions_.back().get();
  lws* const wsi = context.Adopt(socket, adopting_);
  if (wsi == nullptr) counters().adopt_failures.Add();
  Session* const session = std::exchange(adopting_, nullptr);
  if (session == nullptr) return;  // its last callback has come
  if (wsi == nullptr) return session->OnDestroy();
  session->set_wsi(wsi);
}

void SessionRegistry::SetDeadline(Session& session, ingest::SteadyTime due) {
  wheel_.Set(session, due);
  if (!tick_) tick_ = loop().RunAfter(DeadlineWheel::kTick, [this] { Tick(); });
}

void SessionRegistry::Tick() {
  wheel_.Advance(std::chrono::steady_clock::now());
  tick_ = wheel_.empty() ? nullptr : loop().RunAfter(DeadlineWheel::kTick, [this] { Tick(); });
}

void SessionRegistry::ReportRefusal(const Refusal& refusal, std::string_view path, std::string_view peer) {
  counters().refused[static_cast<size_t>(refusal.kind)].Add();
  const std::optional<uint64_t> left_out = refusal_log_.Admit(loop().TurnSteadyTime());
  if (!left_out) return;
  Log(LogLevel::kInfo, "handshake_refused",
      {{"peer", peer},
       {"path", path},
       {"status", std::to_string(refusal.status)},
       {"kind", RefusalName(refusal.kind)},
       {"left_out", std::to_string(*left_out)}});
}

void SessionRegistry::OnOpen(Session& session, Endpoint& endpoint) const {
  counters().opened.Add();
  counters().open_connections.Add();
  endpoint.sessions.emplace(session.id(), &session);
  Log(LogLevel::kDebug, "connection_opened",
      {{"connection", std::to_string(session.id())}, {"peer", session.peer()}, {"path", endpoint.path}});
  for (const Endpoint::Listening& one : endpoint.listening) session.Introduce(one);
}

void SessionRegistry::OnEnd(Session& session, Endpoint* endpoint) const {
  counters().closed.Add();
  counters().open_connections.Subtract();
  const uint16_t code = session.close_code_ != 0 ? session.close_code_ : uint16_t{kAbnormal};
  Log(LogLevel::kDebug, "connection_closed",
      {{"connection", std::to_string(session.id())}, {"code", std::to_string(code)}, {"why", session.close_reason_}});
  if (endpoint == nullptr) return;
  endpoint->sessions.erase(session.id());
  const std::string reason = WithoutControls(session.close_reason_);
  for (const Endpoint::Listening& one : endpoint->listening) one.sink->OnDisconnect(session.id(), code, reason);
}

void SessionRegistry::Remove(Session& session) {
  if (adopting_ == &session) adopting_ = nullptr;
  const size_t index = session.registry_index_;
  std::swap(sessions_[index], sessions_.back());
  sessions_[index]->registry_index_ = index;
  sessions_.pop_back();
  if (sessions_.empty()) FinishCloseAll();
}

void SessionRegistry::Join(const Endpoint& endpoint, const ingest::SourceSink& sink) {
  const auto one = std::ranges::find(endpoint.listening, &sink, &Endpoint::Listening::sink);
  for (const auto& [id, session] : endpoint.sessions) session->Introduce(*one);
}

void SessionRegistry::Leave(Endpoint& endpoint, ingest::SourceSink& sink, const Goodbye& goodbye) {
  for (const auto& [id, session] : endpoint.sessions) sink.OnDisconnect(id, goodbye.code, goodbye.reason);
  if (endpoint.listening.size() > 1) return;
  for (const auto& [id, session] : std::exchange(endpoint.sessions, {})) {
    session->Detach();
    session->Close(goodbye.code, goodbye.reason);
  }
}

void SessionRegistry::CloseAll(std::chrono::milliseconds spread, std::function<void()> done) {
  assert(!close_all_done_);
  close_all_done_ = std::move(done);
  close_all_deadline_ = loop().RunAfter(spread + std::min(options().close_timeout, kLastWord), [this] {
    KillAll();
    FinishCloseAll();
  });
  const ingest::SteadyTime now = std::chrono::steady_clock::now();
  std::uniform_int_distribution<int64_t> delay(0, std::max<int64_t>(spread.count(), 0));
  for (Session* session : All()) {
    if (session->open()) {
      session->GoAwayAt(now + std::chrono::milliseconds(delay(random_)));
    } else {
      session->EndHandshake();
    }
  }
  if (sessions_.empty()) FinishCloseAll();
}

void SessionRegistry::ReleaseTimers() {
  tick_.reset();
  FinishCloseAll();
}

std::vector<Session*> SessionRegistry::All() const {
  std::vector<Session*> all;
  all.reserve(sessions_.size());
  for (const std::unique_ptr<Session>& session : sessions_) all.push_back(session.get());
  return all;
}

void SessionRegistry::KillAll() {
  for (Session* session : All()) session->Kill();  // which destroys that one alone
}

void SessionRegistry::FinishCloseAll() {
  if (!close_all_done_) return;
  close_all_deadline_.reset();
  loop().Post(std::exchange(close_all_done_, nullptr));
}

}  // namespace inlet::ws
