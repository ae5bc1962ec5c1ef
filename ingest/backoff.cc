// The ceiling doubles with each delay; everything else is a bound on what the dice say.
#include "ingest/backoff.h"

#include <algorithm>
#include <utility>

namespace inlet::ingest {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kShortest = std::chrono::milliseconds(1);

nanoseconds Part(nanoseconds whole, double part) {
  return nanoseconds(static_cast<int64_t>(static_cast<double>(whole.count()) * part));
}

}  // namespace

Backoff::Backoff(const BackoffSettings& settings, Random random)
    : initial_(std::max<nanoseconds>(settings.initial, kShortest)),
      max_(std::max<nanoseconds>(settings.max, initial_)),
      random_(std::move(random)),
      ceiling_(initial_) {}

nanoseconds Backoff::AfterFailure(const Failure& failure) {
  nanoseconds delay{0};
  if (failure.can_heal) {
    delay = Next();
  } else {
    // Not all who were refused at once come back at once.
    delay = max_ - Part(max_ / 10, random_());
    ceiling_ = max_;
  }
  if (!failure.retry_after) return delay;
  // Bounded in seconds: the wish may be more than nanoseconds can count.
  constexpr auto kLongest = std::chrono::duration_cast<std::chrono::seconds>(kLongestRetryAfter);
  return std::max<nanoseconds>(delay, std::clamp(*failure.retry_after, std::chrono::seconds(0), kLongest));
}

nanoseconds Backoff::AfterConnection(const Connection& connection) {
  if (connection.life >= kResetAfter) ceiling_ = initial_;
  const nanoseconds delay = Next();
  return connection.had_record ? std::max(delay, initial_ / 2) : delay;
}

nanoseconds Backoff::Next() {
  const nanoseconds delay = Part(ceiling_, random_());
  ceiling_ = ceiling_ > max_ / 2 ? max_ : ceiling_ * 2;
  return delay;
}

}  // namespace inlet::ingest
