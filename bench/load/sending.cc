// The four ways of sending.
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "bench/common/clock.h"
#include "bench/load/frame.h"
#include "bench/load/generator.h"

namespace inlet::bench {
namespace {

constexpr uint64_t kReceiveEveryNanos = kNanosPerSecond / 20;
// Of what is due, so many are written at once: a late wake-up does not become one large write.
constexpr uint64_t kMostDueAtOnce = 256;
constexpr useconds_t kAllFullPauseMicros = 100;

void SleepUntil(uint64_t nanos) {
  timespec at{};
  at.tv_sec = static_cast<time_t>(nanos / kNanosPerSecond);
  at.tv_nsec = static_cast<long>(nanos % kNanosPerSecond);
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
}

}  // namespace

void Generator::SendFlood() {
  std::array<epoll_event, 256> events{};
  size_t left = senders_.size();
  while (left > 0 && !Expired()) {
    const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 10);
    for (int i = 0; i < ready; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      auto* connection = static_cast<Connection*>(event.data.ptr);
      if ((event.events & ~uint32_t{EPOLLOUT}) != 0) connection->Receive();
      if ((event.events & EPOLLOUT) != 0) connection->SendRepeated(frames_, frame_size_, options_.write_bytes);
      if (!(connection->sends() ? connection->finished() : connection->closed())) continue;
      epoll_ctl(epoll_, EPOLL_CTL_DEL, connection->fd(), nullptr);
      left -= connection->sends() ? 1 : 0;
    }
  }
}

void Generator::SendSingle() {
  uint64_t next_receive = 0;
  bool more = true;
  while (more && !Expired()) {
    more = false;
    bool any_sent = false;
    for (const auto& connection : senders_) {
      if (connection->finished()) continue;
      more = true;
      // A frame of which a part is gone is completed first.
      const size_t sent = connection->SendRepeated(frames_, frame_size_, frame_size_);
      any_sent |= sent > 0;
      result_.blocked += sent == 0 ? 1 : 0;
    }
    if (!any_sent) usleep(kAllFullPauseMicros);
    if (MonotonicNanos() < next_receive) continue;
    Poll(0);
    next_receive = MonotonicNanos() + kReceiveEveryNanos;
  }
}

void Generator::SendPaced() {
  std::string frame = MakeFrame(Opcode::kText, MakeMessage(options_.size), masking_);
  char* message = frame.data() + frame.size() - MakeMessage(options_.size).size();
  const double interval = static_cast<double>(kNanosPerSecond) / options_.rate;
  const uint64_t begin = MonotonicNanos();
  const auto due_at = [&](uint64_t k) { return begin + static_cast<uint64_t>(interval * static_cast<double>(k)); };
  uint64_t next_receive = 0;
  for (uint64_t k = 0; !Expired() && (options_.messages == 0 || k < options_.messages);) {
    SleepUntil(due_at(k));
    const uint64_t now = MonotonicNanos();
    const uint64_t first = k;
    for (; k - first < kMostDueAtOnce && due_at(k) <= now && (options_.messages == 0 || k < options_.messages); ++k) {
      PatchStamp(message, due_at(k));
      PatchSequence(message, k);
      const bool queued = senders_[k % senders_.size()]->Queue(frame);
      (queued ? result_.messages : result_.dropped) += 1;
    }
    const uint64_t touched = std::min<uint64_t>(k - first, senders_.size());
    for (uint64_t i = 0; i < touched; ++i) {
      if (!senders_[(first + i) % senders_.size()]->Flush()) ++result_.blocked;
    }
    const uint64_t written = MonotonicNanos();
    for (uint64_t i = first; i < k; ++i) result_.lateness_nanos.Add(written - due_at(i));
    if (written < next_receive) continue;
    Poll(0);
    next_receive = written + kReceiveEveryNanos;
  }
}

void Generator::StayIdle() {
  while (!Expired()) Poll(100);
}

}  // namespace inlet::bench
