// One WatchStream call.
#include "service/rpc/watcher.h"

#include <functional>
#include <utility>

#include "service/draining.h"
#include "service/ordered_proto.h"
#include "service/rpc/convert.h"
#include "service/rpc/error_mapping.h"
#include "service/rpc/notices.h"

namespace inlet::rpc {
namespace {

using ingest::SteadyTime;

// Looks at counters in one turn of the delivery thread: a microsecond or two each.
constexpr int kMostPolled = 1000;

SteadyTime Now() { return std::chrono::steady_clock::now(); }

size_t HashOf(const v1::StreamStatus& status) { return std::hash<std::string>()(OrderedBytes(status)); }

}  // namespace

void Watcher::Begin() {
  self_ = shared_from_this();
  last_write_ = Now();
  hub_.options().delivery->StartTimer(self_, last_write_ + hub_.options().poll_interval);
  Advance();
}

bool Watcher::NoteChanged(std::string_view name) { return queue_.NoteChanged(name) && WakeOnce(); }

bool Watcher::NoteDeleted(std::string_view name) { return queue_.NoteDeleted(name) && WakeOnce(); }

bool Watcher::NoteClose() {
  closing_ = true;
  return WakeOnce();
}

void Watcher::OnWriteDone(bool ok) {
  {
    const std::lock_guard lock(mutex_);
    state_ = State::kIdle;
    cancelled_ = cancelled_ || !ok;
  }
  Advance();
}

void Watcher::OnCancel() {
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
  }
  Advance();
}

void Watcher::OnDone() {
  hub_.Remove(*this);
  self_.reset();
}

SteadyTime Watcher::OnWake(SteadyTime now) {
  woken_ = false;  // first: what is noted from here on wakes us again
  Advance();
  return now;
}

SteadyTime Watcher::OnTimer(SteadyTime now) {
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kIdle && !syncing_) PollCounters();
  }
  Advance();
  return now + hub_.options().poll_interval;
}

void Watcher::PollCounters() {
  std::string first;
  for (int i = 0; i < kMostPolled; ++i) {
    const std::optional<std::string> name = queue_.NextTold(polled_to_);
    if (!name || *name == first) return;
    if (first.empty()) first = *name;
    polled_to_ = *name;
    const auto stream = hub_.options().find(*name);
    if (!stream) continue;  // we shall hear of it
    const auto told = told_.find(*name);
    const size_t hash = HashOf(ToStatus(stream->Snapshot()));
    if (told == told_.end() || told->second != hash) queue_.NoteChanged(*name);
  }
}

void Watcher::Advance() {
  Step step = Step::kWait;
  {
    const std::lock_guard lock(mutex_);
    if (state_ != State::kIdle) return;
    response_.Clear();
    step = Decide();
    if (step == Step::kWait) return;
    state_ = step == Step::kWrite ? State::kWriting : State::kFinishing;
    last_write_ = Now();
  }
  switch (step) {
    case Step::kWait:
      return;
    case Step::kWrite:
      return StartWrite(&response_);
    case Step::kWriteAndFinish:
      return StartWriteAndFinish(&response_, grpc::WriteOptions(), ToGrpcStatus(status_));
    case Step::kFinish:
      return Finish(ToGrpcStatus(status_));
  }
}

Watcher::Step Watcher::Decide() {
  if (cancelled_) {
    status_ = absl::CancelledError("cancelled by the watcher");
    return Step::kFinish;
  }
  if (syncing_ && DecideSync()) return Step::kWrite;
  if (DecideNews()) return gone_ ? Step::kWriteAndFinish : Step::kWrite;
  if (closing_) {
    status_ = service::DrainingError();
    return Step::kFinish;
  }
  if (Now() - last_write_ < hub_.options().heartbeat) return Step::kWait;
  response_.set_heartbeat(true);
  return Step::kWrite;
}

bool Watcher::DecideSync() {
  while (true) {
    // Of one stream: itself, then nothing.
    const bool is_at_end = !name_.empty() && synced_to_ == name_;
    const auto next = is_at_end ? nullptr : hub_.options().next(synced_to_);
    const std::string found = next ? next->definition.name() : std::string();
    const std::string name = name_.empty() || is_at_end ? found : name_;
    if (name.empty()) break;
    synced_to_ = name;
    queue_.NoteTold(name);
    if (TellStatus(name)) return true;
  }
  syncing_ = false;
  response_.set_synced(true);
  return true;
}

bool Watcher::DecideNews() {
  while (const auto news = queue_.Take()) {
    if (news->deleted) {
      TellDeleted(news->name);
      return true;
    }
    if (TellStatus(news->name)) return true;
  }
  return false;
}

// False if there is nothing to tell: it is gone, or nothing has changed since it was told.
bool Watcher::TellStatus(const std::string& name) {
  const auto stream = hub_.options().find(name);
  if (!stream) {
    queue_.Forget(name);
    return false;
  }
  v1::StreamStatus status = ToStatus(stream->Snapshot());
  const size_t hash = HashOf(status);
  const auto [told, is_new] = told_.try_emplace(name, hash);
  if (!is_new && std::exchange(told->second, hash) == hash) return false;
  response_.set_name(name);
  *response_.mutable_status() = std::move(status);
  return true;
}

void Watcher::TellDeleted(const std::string& name) {
  told_.erase(name);
  response_.set_name(name);
  response_.set_deleted(true);
  gone_ = !name_.empty();
  if (gone_) status_ = EndingStatus(ingest::CloseReason::kStreamDeleted, name_);
}

}  // namespace inlet::rpc
