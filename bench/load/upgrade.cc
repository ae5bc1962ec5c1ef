// Reads and writes the headers of the opening handshake; knows no more of HTTP than it needs for that.
#include "bench/load/upgrade.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "bench/common/clock.h"

namespace inlet::bench {
namespace {

constexpr std::string_view kHeaderEnd = "\r\n\r\n";
constexpr size_t kMostHeader = 16384;
constexpr int kLookAgainMs = 100;

bool SendAll(Link* link, std::string_view text, std::string* error) {
  // A new socket has room for a header.
  if (link->Send(text) == text.size()) return true;
  *error = "the handshake could not be sent";
  return false;
}

// `header`: up to and with the empty line.
bool ReadHeader(Link* link, int timeout_seconds, std::string* header, std::string* rest, std::string* error) {
  const uint64_t give_up = MonotonicNanos() + static_cast<uint64_t>(timeout_seconds) * kNanosPerSecond;
  std::array<char, 4096> buffer{};
  while (MonotonicNanos() < give_up && header->size() < kMostHeader) {
    const size_t got = link->Receive(buffer.data(), buffer.size());
    header->append(buffer.data(), got);
    const size_t end = header->find(kHeaderEnd);
    if (end != std::string::npos) {
      *rest = header->substr(end + kHeaderEnd.size());
      header->resize(end + kHeaderEnd.size());
      return true;
    }
    if (link->closed()) {
      *error = "the peer closed within the handshake";
      return false;
    }
    if (got == 0) link->AwaitInput(kLookAgainMs);
  }
  *error = "the peer's part of the handshake has no end";
  return false;
}

bool SameLetters(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](unsigned char one, unsigned char other) { return std::tolower(one) == std::tolower(other); });
}

// Of the first header of this name; empty if there is none.
std::string_view HeaderValue(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const size_t end = std::min(header.find("\r\n"), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (!SameLetters(line.substr(0, name.size()), name)) continue;
    const size_t begin = line.find_first_not_of(' ', name.size() + 1);
    return begin == std::string_view::npos ? "" : line.substr(begin, line.find_last_not_of(' ') + 1 - begin);
  }
  return "";
}

}  // namespace

std::string AcceptValue(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha1(), nullptr);
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> base64{};
  const int length = EVP_EncodeBlock(base64.data(), hash.data(), static_cast<int>(size));
  return {base64.begin(), base64.begin() + length};
}

bool SendRequest(Link* link, const std::string& host, const std::string& path, std::string* error) {
  return SendAll(link,
                 "GET " + path + " HTTP/1.1\r\nHost: " + host +
                     "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: aW5sZXQtbG9hZC1rZXktMQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                 error);
}

bool ReadAnswer(Link* link, int timeout_seconds, std::string* rest, std::string* error) {
  std::string header;
  if (!ReadHeader(link, timeout_seconds, &header, rest, error)) return false;
  if (header.starts_with("HTTP/1.1 101")) return true;
  *error = "the server answered: " + header.substr(0, header.find("\r\n"));
  return false;
}

bool AnswerRequest(Link* link, int timeout_seconds, std::string* rest, std::string* error) {
  std::string header;
  if (!ReadHeader(link, timeout_seconds, &header, rest, error)) return false;
  const std::string_view key = HeaderValue(header, "Sec-WebSocket-Key");
  if (key.empty()) {
    *error = "no WebSocket handshake: " + header.substr(0, header.find("\r\n"));
    return false;
  }
  return SendAll(link,
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Accept: " +
                     AcceptValue(key) + "\r\n\r\n",
                 error);
}

}  // namespace inlet::bench
