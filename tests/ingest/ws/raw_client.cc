// A WebSocket client that may break every rule.
#include "tests/ingest/ws/raw_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <utility>

#include "ingest/text.h"
#include "ingest/ws/peer_address.h"

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
  out += kMask;
  for (size_t i = 0; i < payload.size(); ++i) out.push_back(static_cast<char>(payload[i] ^ kMask[i % 4]));
  return out;
}

std::string ClosePayload(uint16_t code, std::string_view reason) {
  std::string out;
  AppendBigEndian(out, code, 2);
  return out.append(reason);
}

std::string Handshake(std::string_view path, std::string_view more) {
  constexpr std::string_view kHeaders =
      "Host: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
  return Concat({"GET ", path, " HTTP/1.1\r\n", kHeaders, more, "\r\n"});
}

uint16_t ReceivedFrame::code() const {
  return opcode == kClose && payload.size() >= 2 ? static_cast<uint16_t>(BigEndian(payload.substr(0, 2))) : uint16_t{0};
}

RawClient::RawClient(uint16_t port, const std::string& ip) {
  const std::optional<PeerAddress> address = PeerAddress::Parse(ip, port);
  sockaddr_storage storage{};
  const socklen_t size = address->Store(storage);
  socket_ = socket(address->family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  const timeval patience{20, 0};
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&storage), size) != 0) CloseSocket();
}

RawClient::~RawClient() { CloseSocket(); }

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), unread_(std::move(other.unread_)) {}

RawClient RawClient::Open(uint16_t port, std::string_view path) {
  RawClient client(port);
  client.Send(Handshake(path));
  if (!client.ReadHttp().starts_with("HTTP/1.1 101 ")) client.CloseSocket();
  return client;
}

ssize_t RawClient::Transmit(std::string_view bytes) const {
  return send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

ssize_t RawClient::Receive(char* buffer, size_t size) { return recv(socket_, buffer, size, 0); }

bool RawClient::Send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = Transmit(bytes);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool RawClient::SendSlowly(std::string_view bytes) const {
  return std::ranges::all_of(bytes, [this](char c) { return Send({&c, 1}); });
}

bool RawClient::ReadMore() {
  std::array<char, 65536> buffer{};
  const ssize_t received = Receive(buffer.data(), buffer.size());
  if (received <= 0) return false;
  unread_.append(buffer.data(), static_cast<size_t>(received));
  return true;
}

bool RawClient::ReadExactly(size_t size, std::string& out) {
  while (unread_.size() < size) {
    if (!ReadMore()) return false;
  }
  out = unread_.substr(0, size);
  unread_.erase(0, size);
  return true;
}

std::string RawClient::ReadHttp() {
  size_t end = 0;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReadMore()) return std::exchange(unread_, {});
  }
  std::string answer;
  return ReadExactly(end + 4 + ContentLength(unread_.substr(0, end)), answer) ? answer : std::exchange(unread_, {});
}

std::optional<ReceivedFrame> RawClient::ReadFrame() {
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
  if (!ReadExactly(size, frame.payload)) return std::nullopt;
  return frame;
}

uint16_t RawClient::ReadCloseCode() {
  while (const std::optional<ReceivedFrame> frame = ReadFrame()) {
    if (frame->opcode == kClose) return frame->code();
  }
  return 0;
}

bool RawClient::AtEnd() {
  char c = 0;
  return unread_.empty() && Receive(&c, 1) == 0;
}

bool RawClient::Speaks() { return !unread_.empty() || ReadMore(); }

void RawClient::Reset() {
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  CloseSocket();
}

void RawClient::CloseSocket() {
  if (socket_ >= 0) close(std::exchange(socket_, -1));
}

}  // namespace inlet::ws
