// Lines to a file descriptor: waits for a slow reader in small steps, counts what a full disk swallows.
#include "service/logging/line_sink.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <limits>
#include <system_error>
#include <utility>

#include "ingest/text.h"

namespace inlet::logging {
namespace {

// A pipe that is ready takes this many bytes without blocking, even where its descriptor is a blocking one.
constexpr std::size_t kPieceBytes = PIPE_BUF;
// How often a waiting writer looks whether it should give up.
constexpr int kWaitStepMs = 50;

int64_t NowMs() {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_boot).count();
}

}  // namespace

LineSink::LineSink(int fd, bool owned, std::string name)
    : fd_(fd), owned_(owned), name_(std::move(name)), give_up_at_ms_(std::numeric_limits<int64_t>::max()) {}

LineSink::~LineSink() {
  if (owned_) close(fd_);
}

bool LineSink::Write(std::string_view line) {
  if (TryWrite(line)) return true;
  CountLost(errno);
  return false;
}

bool LineSink::TryWrite(std::string_view line) { return WriteBytes(Concat({line_is_torn_ ? "\n" : "", line, "\n"})); }

void LineSink::GiveUpAfter(std::chrono::milliseconds patience) { give_up_at_ms_ = NowMs() + patience.count(); }

// All or nothing is not to be had from a file: `line_is_torn_` says that a part was written. False: errno tells why.
bool LineSink::WriteBytes(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!WaitUntilWritable()) {
      errno = EAGAIN;
      return false;
    }
    const ssize_t written = write(fd_, bytes.data(), std::min(bytes.size(), kPieceBytes));
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written < 0) return false;
    if (written > 0) line_is_torn_ = true;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  line_is_torn_ = false;
  return true;
}

bool LineSink::WaitUntilWritable() {
  for (;;) {
    pollfd ready = {.fd = fd_, .events = POLLOUT, .revents = 0};
    const bool last_chance = NowMs() >= give_up_at_ms_;
    // An error is for write() to find and to name.
    if (poll(&ready, 1, last_chance ? 0 : kWaitStepMs) != 0 && ready.revents != 0) return true;
    if (last_chance) return false;
  }
}

void LineSink::CountLost(int error) {
  lost_.fetch_add(1, std::memory_order_relaxed);
  if (told_on_stderr_ || fd_ == STDERR_FILENO) return;
  told_on_stderr_ = true;
  const std::string reason = std::generic_category().message(error);
  const std::string message = Concat({"inlet: cannot write to the log ", name_, ": ", reason,
                                      "; lines are lost and counted until it takes them again\n"});
  // Standard error that cannot be written either leaves nobody to tell.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, message.data(), message.size());
}

}  // namespace inlet::logging
