// Standard output: buffered, written whole, and quiet when its reader has gone.
#include "cli/output.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace inlet::cli {
namespace {

constexpr size_t kLargeBuffer = 64 * 1024;

// Somebody else may have made the descriptor non-blocking, as it is shared with other processes.
void WaitUntilWritable(int file_descriptor) {
  pollfd watched{file_descriptor, POLLOUT, 0};
  poll(&watched, 1, -1);
}

}  // namespace

void Output::FlushIfLarge() {
  if (buffer_.size() >= kLargeBuffer) Flush();
}

void Output::Flush() {
  std::string_view rest = buffer_;
  while (!closed_ && !rest.empty()) {
    const ssize_t written = write(file_descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN) {
      WaitUntilWritable(file_descriptor_);
    } else if (errno != EINTR) {
      Fail(errno);
    }
  }
  buffer_.clear();
}

void Output::Fail(int error_number) {
  closed_ = true;
  if (error_number != EPIPE) error_ = std::generic_category().message(error_number);
}

}  // namespace inlet::cli
