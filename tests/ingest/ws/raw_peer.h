// One end of a WebSocket connection that may break every rule: a blocking socket on loopback.
#ifndef INLET_TESTS_INGEST_WS_RAW_PEER_H_
#define INLET_TESTS_INGEST_WS_RAW_PEER_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace inlet::ws {

enum Opcode : uint8_t { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

struct FrameOptions {
  bool fin = true;
  uint8_t rsv = 0;  // 0 to 7
  bool masked = true;
  std::optional<uint64_t> announced = {};  // instead of the payload's size
};

// The bytes of one frame.
std::string Frame(uint8_t opcode, std::string_view payload, const FrameOptions& options = {});
inline std::string Text(std::string_view payload) { return Frame(kText, payload); }
// The payload of a close frame.
std::string ClosePayload(uint16_t code, std::string_view reason = "");

struct ReceivedFrame {
  uint8_t opcode = 0;
  bool masked = false;
  std::string payload;  // without its mask
  // Of a close frame; 0: it has none.
  uint16_t code() const;
};

// Reads give up after 20 s, as if the peer had closed.
class RawPeer {
 public:
  // Owns `socket`; negative: it is not connected.
  explicit RawPeer(int socket);
  virtual ~RawPeer();
  RawPeer(RawPeer&& other) noexcept;
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  bool connected() const { return socket_ >= 0; }
  // False: the peer has closed.
  bool Send(std::string_view bytes) const;
  // Each byte in a segment of its own.
  bool SendSlowly(std::string_view bytes) const;
  // Head and body of an answer, the body as Content-Length says, or to the end.
  std::string ReadHttp();
  // Nothing: the peer has closed without another frame.
  std::optional<ReceivedFrame> ReadFrame();
  // Skips other frames. 0: the peer has closed without a close frame.
  uint16_t ReadCloseCode();
  // Whether a read has found its end, and did not just give up.
  bool ended() const { return ended_; }
  // Whether the connection ends without another byte.
  bool AtEnd();
  // Whether another byte comes, before the connection ends in whatever way.
  bool Speaks();
  // Closes with RST instead of FIN.
  void Reset();
  void CloseSocket();

 protected:
  // As send and recv.
  virtual ssize_t Transmit(std::string_view bytes) const;
  virtual ssize_t Receive(char* buffer, size_t size);
  int socket_descriptor() const { return socket_; }

 private:
  bool ReadExactly(size_t size, std::string& out);
  bool ReadMore();

  int socket_ = -1;
  bool ended_ = false;
  std::string unread_;
};

}  // namespace inlet::ws

#endif  // INLET_TESTS_INGEST_WS_RAW_PEER_H_
