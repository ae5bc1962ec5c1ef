// Frames out as the socket takes them; pings in.
#include "bench/load/connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "bench/load/frame.h"

namespace inlet::bench {
namespace {

// A server frame's header (never masked) and payload, if it is whole.
struct ServerFrame {
  uint8_t opcode = 0;
  std::string_view payload;
  size_t size = 0;
};

bool ParseServerFrame(std::string_view bytes, ServerFrame* frame) {
  if (bytes.size() < 2) return false;
  frame->opcode = static_cast<uint8_t>(bytes[0]) & 0x0F;
  uint64_t length = static_cast<uint8_t>(bytes[1]) & 0x7F;
  const size_t extended = length == 126 ? 2 : (length == 127 ? 8 : 0);
  const size_t header = 2 + extended;
  if (bytes.size() < header) return false;
  if (extended > 0) length = 0;
  for (size_t i = 0; i < extended; ++i) length = (length << 8) | static_cast<uint8_t>(bytes[2 + i]);
  if (bytes.size() - header < length) return false;
  frame->payload = bytes.substr(header, length);
  frame->size = header + static_cast<size_t>(length);
  return true;
}

}  // namespace

Connection::Connection(int fd) : fd_(fd) {}

Connection::~Connection() { close(fd_); }

size_t Connection::Send(std::string_view bytes) {
  if (closed_ || bytes.empty()) return 0;
  const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<size_t>(sent);
  if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) closed_ = true;
  return 0;
}

size_t Connection::SendRepeated(std::string_view frames, size_t frame_size, size_t most_bytes) {
  if (!control_.empty() && !mid_frame(frame_size)) {
    if (!Queue(control_)) return 0;
    control_.clear();
  }
  if (!Flush()) return 0;
  // With a pong waiting, stop at the end of the frame under way.
  const size_t into_frame = position_ % frame_size;
  const uint64_t frames_left = quota_ - std::min(frames_sent_, quota_);
  const uint64_t whole = std::min<uint64_t>(frames_left, control_.empty() ? most_bytes / frame_size + 2 : 1);
  const uint64_t allowed = whole * frame_size - (whole > 0 ? into_frame : 0);
  const auto most = std::min<uint64_t>({most_bytes, allowed, frames.size() - position_});
  const size_t sent = Send(frames.substr(position_, static_cast<size_t>(most)));
  frames_sent_ += (into_frame + sent) / frame_size;
  position_ = (position_ + sent) % frames.size();
  return sent;
}

bool Connection::Queue(std::string_view frame) {
  if (queue_.size() - queue_sent_ > kMostQueued) return false;
  queue_.append(frame);
  return true;
}

bool Connection::Flush() {
  if (queue_.empty()) return true;
  queue_sent_ += Send(std::string_view(queue_).substr(queue_sent_));
  if (queue_sent_ < queue_.size()) return false;
  queue_.clear();
  queue_sent_ = 0;
  return true;
}

void Connection::Receive() {
  std::array<char, 4096> buffer{};
  while (!closed_) {
    const ssize_t got = recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) {
      received_.append(buffer.data(), static_cast<size_t>(got));
      HandleFrames();
    } else if (got == 0) {
      closed_ = true;
    } else if (errno != EINTR) {
      closed_ = errno != EAGAIN && errno != EWOULDBLOCK;
      return;
    }
  }
}

void Connection::HandleFrames() {
  ServerFrame frame;
  size_t used = 0;
  while (ParseServerFrame(std::string_view(received_).substr(used), &frame)) {
    if (frame.opcode == static_cast<uint8_t>(Opcode::kPing)) control_ = MakeFrame(Opcode::kPong, frame.payload);
    if (frame.opcode == static_cast<uint8_t>(Opcode::kClose)) close_frame_received_ = true;
    used += frame.size;
  }
  received_.erase(0, used);
  // The queue holds whole frames, and a repeated run that is at a frame's border starts the next one with Flush.
  if (position_ == 0 && !control_.empty() && Queue(control_)) {
    control_.clear();
    Flush();
  }
}

void Connection::QueueClose() {
  if (!control_.empty()) Queue(control_);
  control_.clear();
  Queue(MakeFrame(Opcode::kClose, std::string_view("\x03\xe8", 2)));
  Flush();
}

}  // namespace inlet::bench
