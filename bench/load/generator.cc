// The life of a run: open, wait, send, drain.
#include "bench/load/generator.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>

#include "bench/common/clock.h"
#include "bench/load/frame.h"

namespace inlet::bench {
namespace {

constexpr size_t kRunBytes = size_t{1} << 20;
constexpr int kGateSeconds = 3600;
constexpr int kPollMs = 100;
constexpr uint64_t kFinishNanos = 2 * kNanosPerSecond;

// Many frames in a row, each with its own sequence number; stamps stay zero.
std::string MakeRun(size_t size, Masking masking) {
  std::string message = MakeMessage(size);
  const size_t frame_size = FrameHeaderSize(message.size(), masking) + message.size();
  const size_t count = std::max<size_t>(1, kRunBytes / frame_size);
  std::string run;
  run.reserve(count * frame_size);
  for (size_t i = 0; i < count; ++i) {
    PatchSequence(message.data(), i);
    run += MakeFrame(Opcode::kText, message, masking);
  }
  return run;
}

size_t FrameSize(size_t size, Masking masking) {
  const size_t payload = MakeMessage(size).size();
  return FrameHeaderSize(payload, masking) + payload;
}

uint64_t Nanos(double seconds) { return static_cast<uint64_t>(seconds * static_cast<double>(kNanosPerSecond)); }

}  // namespace

Generator::Generator(const LoadOptions& options)
    : options_(options),
      masking_(options.listen ? Masking::kPlain : Masking::kMasked),
      frame_size_(FrameSize(options.size, masking_)),
      frames_(MakeRun(options.size, masking_)) {
  prctl(PR_SET_TIMERSLACK, 1UL);  // wake up when it is due, not 50 µs later
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
}

Generator::~Generator() { close(epoll_); }

bool Generator::Prepare(std::string* error) {
  if (options_.target.tls) {
    tls_ = options_.listen ? MakeListeningTls(options_.certificate, options_.key, error)
                           : MakeDiallingTls(options_.authority, error);
    if (tls_ == nullptr) return false;
  }
  return !options_.listen || listener_.Open(options_.target, error);
}

bool Generator::Connect(size_t count, const DialOptions& dial, Connections* connections, std::string* error) {
  DialOptions options = dial;
  options.link.tls = tls_.get();
  return options_.listen ? listener_.Accept(count, options.link, connections, error)
                         : Dial(options_.target, count, options, connections, error);
}

bool Generator::Open(std::string* error) {
  DialOptions idle_dial = options_.dial;
  idle_dial.link.send_buffer = 0;
  if (!Connect(options_.idle, idle_dial, &idle_, error)) return false;
  if (!Connect(options_.connections, options_.dial, &senders_, error)) return false;
  const uint32_t sending = options_.mode == Mode::kFlood ? EPOLLIN | EPOLLOUT : EPOLLIN;
  for (const auto& connection : idle_) Watch(*connection, EPOLLIN);
  for (const auto& connection : senders_) Watch(*connection, sending);
  return true;
}

void Generator::Watch(const Connection& connection, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = const_cast<Connection*>(&connection);
  epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd(), &event);
}

bool Generator::Poll(int timeout_ms) const {
  std::array<epoll_event, 256> events{};
  const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
  bool input = false;
  for (int i = 0; i < ready; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    auto* connection = static_cast<Connection*>(event.data.ptr);
    if (connection == nullptr) {
      input = true;
      continue;
    }
    if ((event.events & ~uint32_t{EPOLLOUT}) != 0) connection->Receive();
    if (connection->closed()) epoll_ctl(epoll_, EPOLL_CTL_DEL, connection->fd(), nullptr);
  }
  return input;
}

void Generator::AwaitGate() {
  if (!options_.gate) return;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  // A file or /dev/null cannot be watched, and is always ready.
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, STDIN_FILENO, &event) != 0) return;
  const uint64_t give_up = MonotonicNanos() + kGateSeconds * kNanosPerSecond;
  // Flooding connections are writable all the time and would make this loop spin.
  for (const auto& connection : senders_) epoll_ctl(epoll_, EPOLL_CTL_DEL, connection->fd(), nullptr);
  while (!Poll(kPollMs) && MonotonicNanos() < give_up) {
    for (const auto& connection : senders_) connection->Receive();
  }
  const uint32_t sending = options_.mode == Mode::kFlood ? EPOLLIN | EPOLLOUT : EPOLLIN;
  for (const auto& connection : senders_) Watch(*connection, sending);
  std::array<char, 256> line{};
  if (read(STDIN_FILENO, line.data(), line.size()) <= 0) line[0] = '\0';
  epoll_ctl(epoll_, EPOLL_CTL_DEL, STDIN_FILENO, nullptr);
}

bool Generator::Expired() const { return MonotonicNanos() >= end_; }

void Generator::SetQuotas() {
  const uint64_t share = options_.messages / std::max<size_t>(1, senders_.size());
  const uint64_t rest = options_.messages % std::max<size_t>(1, senders_.size());
  for (size_t i = 0; i < senders_.size(); ++i) {
    const bool endless = options_.messages == 0;
    senders_[i]->set_quota(endless ? std::numeric_limits<uint64_t>::max() : share + (i < rest ? 1 : 0));
  }
}

uint64_t Generator::FramesSent() const {
  uint64_t frames = 0;
  for (const auto& connection : senders_) frames += connection->frames_sent();
  return frames;
}

void Generator::Send() {
  const CpuSample begin = SampleThisThread();
  begin_ = begin.wall;
  end_ = begin.wall + Nanos(options_.seconds);
  SetQuotas();
  switch (options_.mode) {
    case Mode::kFlood:
      SendFlood();
      break;
    case Mode::kSingle:
      SendSingle();
      break;
    case Mode::kPaced:
      SendPaced();
      break;
    case Mode::kIdle:
      StayIdle();
      break;
  }
  const CpuSample end = SampleThisThread();
  result_.seconds = Seconds(end.wall - begin.wall);
  result_.use = UseBetween(begin, end);
  FinishFrames();
  if (options_.mode == Mode::kFlood || options_.mode == Mode::kSingle) result_.messages = FramesSent();
  for (const auto& connection : senders_) result_.broken += connection->closed() ? 1 : 0;
}

void Generator::FinishFrames() {
  const uint64_t give_up = MonotonicNanos() + Nanos(options_.drain_seconds) + kFinishNanos;
  for (const auto& connection : senders_) {
    if (!connection->mid_frame(frame_size_)) continue;
    connection->set_quota(connection->frames_sent() + 1);
    while (!connection->finished() && MonotonicNanos() < give_up) {
      if (connection->SendRepeated(frames_, frame_size_, frame_size_) == 0) usleep(1000);
    }
  }
}

void Generator::Drain() {
  const uint64_t give_up = MonotonicNanos() + Nanos(options_.drain_seconds);
  for (const auto& connection : senders_) {
    if (!connection->closed() && !connection->mid_frame(frame_size_)) connection->QueueClose();
  }
  size_t open = senders_.size();
  while (open > 0 && MonotonicNanos() < give_up) {
    open = 0;
    for (const auto& connection : senders_) {
      connection->Flush();
      connection->Receive();
      if (!connection->closed() && !connection->close_frame_received()) ++open;
    }
    if (open > 0) usleep(1000);
  }
  result_.drained_seconds = Seconds(MonotonicNanos() - begin_);
  for (const auto& connection : senders_) result_.closed_cleanly += connection->close_frame_received() ? 1 : 0;
}

}  // namespace inlet::bench
