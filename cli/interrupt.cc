// Turns SIGINT, SIGTERM and a reader of our output that has gone into a request to stop.
#include "cli/interrupt.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace inlet::cli {
namespace {

sigset_t WatchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

int BlockAndOpen() {
  const sigset_t set = WatchedSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

}  // namespace

Interrupt::Interrupt(Stop& stop, int output)
    : stop_(stop), output_(output), signals_(BlockAndOpen()), wake_(eventfd(0, EFD_CLOEXEC)), thread_([this] {
        Run();
      }) {}

Interrupt::~Interrupt() {
  eventfd_write(wake_, 1);
  thread_.join();
  close(signals_);
  close(wake_);
}

void Interrupt::Run() {
  // A pipe's writing end becomes POLLERR when the last reader has closed it; asking for no event tells nothing else.
  std::array<pollfd, 3> watched = {pollfd{signals_, POLLIN, 0}, pollfd{wake_, POLLIN, 0}, pollfd{output_, 0, 0}};
  while (true) {
    if (poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[1].revents != 0) return;
    if (watched[0].revents != 0) OnSignal();
    if (watched[2].revents != 0) {
      watched[2].fd = -1;
      stop_.Request(Stop::Reason::kOutputClosed);
    }
  }
}

void Interrupt::OnSignal() {
  signalfd_siginfo info{};
  if (read(signals_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return;
  constexpr int kEndedBySignal = 128;
  const int number = static_cast<int>(info.ssi_signo);
  if (signal_.load() != 0) _exit(kEndedBySignal + number);
  signal_.store(number);
  stop_.Request(Stop::Reason::kSignal);
}

}  // namespace inlet::cli
