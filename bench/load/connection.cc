// Frames out as the socket takes them; pings in.
#include "bench/load/connection.h"

#include <algorithm>
#include <array>
#include <utility>

namespace inlet::bench {
namespace {

constexpr size_t kKeySize = 4;

// The peer's.
struct PeerFrame {
  uint8_t opcode = 0;
  std::string payload;
  size_t size = 0;
};

// False if the frame is not whole.
bool ParsePeerFrame(std::string_view bytes, PeerFrame* frame) {
  if (bytes.size() < 2) return false;
  frame->opcode = static_cast<uint8_t>(bytes[0]) & 0x0F;
  uint64_t length = static_cast<uint8_t>(bytes[1]) & 0x7F;
  const bool masked = (static_cast<uint8_t>(bytes[1]) & 0x80) != 0;
  const size_t extended = length == 126 ? 2 : (length == 127 ? 8 : 0);
  const size_t header = 2 + extended + (masked ? kKeySize : 0);
  if (bytes.size() < header) return false;
  if (extended > 0) length = 0;
  for (size_t i = 0; i < extended; ++i) length = (length << 8) | static_cast<uint8_t>(bytes[2 + i]);
  if (bytes.size() - header < length) return false;
  frame->payload = bytes.substr(header, length);
  frame->size = header + static_cast<size_t>(length);
  const std::string_view key =
      masked ? bytes.substr(header - kKeySize, kKeySize) : std::string_view("\0\0\0\0", kKeySize);
  for (size_t i = 0; i < length; ++i) frame->payload[i] = static_cast<char>(frame->payload[i] ^ key[i % kKeySize]);
  return true;
}

}  // namespace

Connection::Connection(std::unique_ptr<Link> link, Masking masking, std::string received)
    : link_(std::move(link)), masking_(masking), received_(std::move(received)) {
  HandleFrames();
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
  const size_t sent = link_->Send(frames.substr(position_, static_cast<size_t>(most)));
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
  if (queue_.empty()) return link_->Flush();
  queue_sent_ += link_->Send(std::string_view(queue_).substr(queue_sent_));
  if (queue_sent_ < queue_.size()) return false;
  queue_.clear();
  queue_sent_ = 0;
  return link_->Flush();
}

void Connection::Receive() {
  std::array<char, 4096> buffer{};
  while (const size_t got = link_->Receive(buffer.data(), buffer.size())) {
    received_.append(buffer.data(), got);
    HandleFrames();
  }
}

void Connection::HandleFrames() {
  PeerFrame frame;
  size_t used = 0;
  while (ParsePeerFrame(std::string_view(received_).substr(used), &frame)) {
    if (frame.opcode == static_cast<uint8_t>(Opcode::kPing))
      control_ = MakeFrame(Opcode::kPong, frame.payload, masking_);
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
  Queue(MakeFrame(Opcode::kClose, std::string_view("\x03\xe8", 2), masking_));
  Flush();
}

}  // namespace inlet::bench
