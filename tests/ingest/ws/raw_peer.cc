// One end of a WebSocket connection that may break every rule.
#include "tests/ingest/ws/raw_peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <utility>

#include "ingest/text.h"

namespace inlet::ws {
namespace {

void AppendBigEndian(std::string& out, uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

uint64_t BigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
  return value;
}

// Takes it off, too.
void ApplyMask(std::string_view mask, std::string& payload) {
  for (size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
}

size_t ContentLength(std::string head) {
  constexpr std::string_view kName = "content-length: ";
  std::ranges::transform(head, head.begin(), [](unsigned char c) { return std::tolower(c); });
  const size_t begin = head.find(kName);
  return begin == std::string::npos ? 0 : std::stoul(head.substr(begin + kName.size()));
}

}  // namespace

std::string Frame(uint8_t opcode, std::string_view payload, const FrameOptions& options) {
  constexpr std::string_view kMask = "\x11\x22\x33\x44";
  const uint64_t size = options.announced.value_or(payload.size());
  std::string out;
  out.push_back(static_cast<char>((options.fin ? 0x80 : 0) | options.rsv << 4 | opcode));
  const int mask_bit = options.masked ? 0x80 : 0;
  if (size < 126) {
    out.push_back(static_cast<char>(mask_bit | static_cast<int>(size)));
  } else if (size < 65536) {
    out.push_back(static_cast<char>(mask_bit | 126));
    AppendBigEndian(out, size, 2);
  } else {
    out.push_back(static_cast<char>(mask_bit | 127));
    AppendBigEndian(out, size, 8);
  }
  if (!options.masked) return out.append(payload);
  std::string masked(payload);
  ApplyMask(kMask, masked);
  return out.append(kMask).append(masked);
}

std::string ClosePayload(uint16_t code, std::string_view reason) {
  std::string out;
  AppendBigEndian(out, code, 2);
  return out.append(reason);
}

uint16_t ReceivedFrame::code() const {
  return opcode == kClose && payload.size() >= 2 ? static_cast<uint16_t>(BigEndian(payload.substr(0, 2))) : uint16_t{0};
}

RawPeer::RawPeer(int socket) : socket_(socket) {
  const int on = 1;
  const timeval patience{20, 0};
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

RawPeer::~RawPeer() { CloseSocket(); }

RawPeer::RawPeer(RawPeer&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), unread_(std::move(other.unread_)) {}

ssize_t RawPeer::Transmit(std::string_view bytes) const {
  return send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

ssize_t RawPeer::Receive(char* buffer, size_t size) { return recv(socket_, buffer, size, 0); }

bool RawPeer::Send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = Transmit(bytes);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool RawPeer::SendSlowly(std::string_view bytes) const {
  return std::ranges::all_of(bytes, [this](char c) { return Send({&c, 1}); });
}

bool RawPeer::ReadMore() {
  std::array<char, 65536> buffer{};
  const ssize_t received = Receive(buffer.data(), buffer.size());
  if (received <= 0) {
    ended_ = received == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    return false;
  }
  unread_.append(buffer.data(), static_cast<size_t>(received));
  return true;
}

bool RawPeer::ReadExactly(size_t size, std::string& out) {
  while (unread_.size() < size) {
    if (!ReadMore()) return false;
  }
  out = unread_.substr(0, size);
  unread_.erase(0, size);
  return true;
}

std::string RawPeer::ReadHttp() {
  size_t end = 0;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReadMore()) return std::exchange(unread_, {});
  }
  std::string answer;
  return ReadExactly(end + 4 + ContentLength(unread_.substr(0, end)), answer) ? answer : std::exchange(unread_, {});
}

std::optional<ReceivedFrame> RawPeer::ReadFrame() {
  std::string head;
  std::string length;
  ReceivedFrame frame;
  if (!ReadExactly(2, head)) return std::nullopt;
  frame.opcode = static_cast<uint8_t>(head[0] & 0x0f);
  auto size = static_cast<uint64_t>(head[1] & 0x7f);
  if (size >= 126) {
    if (!ReadExactly(size == 126 ? 2 : 8, length)) return std::nullopt;
    size = BigEndian(length);
  }
  std::string mask;
  frame.masked = (head[1] & 0x80) != 0;
  if (frame.masked && !ReadExactly(4, mask)) return std::nullopt;
  if (!ReadExactly(size, frame.payload)) return std::nullopt;
  if (frame.masked) ApplyMask(mask, frame.payload);
  return frame;
}

uint16_t RawPeer::ReadCloseCode() {
  while (const std::optional<ReceivedFrame> frame = ReadFrame()) {
    if (frame->opcode == kClose) return frame->code();
  }
  return 0;
}

bool RawPeer::AtEnd() {
  char c = 0;
  return unread_.empty() && Receive(&c, 1) == 0;
}

bool RawPeer::Speaks() { return !unread_.empty() || ReadMore(); }

void RawPeer::Reset() {
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  CloseSocket();
}

void RawPeer::CloseSocket() {
  if (socket_ >= 0) close(std::exchange(socket_, -1));
}

}  // namespace inlet::ws
