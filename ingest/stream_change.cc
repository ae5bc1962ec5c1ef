// One running stream: how it changes, pauses, and comes back.
#include <cassert>
#include <utility>

#include "ingest/log.h"
#include "ingest/spec_change.h"
#include "ingest/stream.h"

namespace inlet::ingest {

std::shared_ptr<const StreamSpec> Stream::spec() const {
  const std::lock_guard lock(mutex_);
  return spec_;
}

void Stream::Change(std::shared_ptr<const StreamSpec> spec, std::string_view reason) {
  assert(options_.loop->InLoopThread());
  const ChangeEffect effect = EffectOf(*spec_, *spec);
  options_.publisher->Publish();
  {
    const std::lock_guard lock(mutex_);
    spec_ = std::move(spec);
  }
  schema_ = CompiledSchema::Compile(spec_->schema);
  record_origin_ = spec_->record_origin;
  options_.log->SetRetention(spec_->retention);
  stall_watch_.SetTimeout(spec_->record_timeout);
  if (!started_) {
    source_ = factory_.CreateSource(spec_, *this);
    ShowEndpoint();
    return;
  }
  if (effect == ChangeEffect::kNone) return;
  const bool was_stalled = stalled_;
  WatchAnew();
  if (was_stalled) ShowState(source_status_);
  source_->Change(spec_, reason);
  ShowEndpoint();
}

void Stream::Pause() {
  assert(options_.loop->InLoopThread());
  options_.publisher->Publish();
  const WallTime since = down_ ? down_->since : options_.loop->TurnTime();
  if (std::exchange(started_, false)) source_->Stop();
  down_ = Down{since, "paused"};
  if (source_status_.state == SourceState::kPaused) return;
  OnState({.state = SourceState::kPaused, .reason = "paused by request: ResumeStream opens the source again"});
}

void Stream::Reconnect(std::string_view reason) {
  assert(options_.loop->InLoopThread());
  if (started_) source_->Reconnect(reason);
}

void Stream::ShowFailed(std::string_view why, WallTime retry_time) {
  assert(options_.loop->InLoopThread());
  if (!down_) down_ = Down{options_.loop->TurnTime(), std::string(why)};
  const std::string reason(why);
  OnState({.state = SourceState::kFailed, .reason = reason, .retry_time = retry_time, .last_error = reason});
}

}  // namespace inlet::ingest
