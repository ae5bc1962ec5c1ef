// The content of a WebSocket close frame: RFC 6455 sections 5.5.1, 7.1.5 and 7.4. Pure.
#ifndef INLET_INGEST_WS_CLOSE_FRAME_H_
#define INLET_INGEST_WS_CLOSE_FRAME_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace inlet::ws {

enum CloseCode : uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kNoStatus = 1005,  // never on the wire: the close frame had no code
  kAbnormal = 1006,  // never on the wire: there was no close frame
  kInvalidData = 1007,
  kTooBig = 1009,
  kUnexpected = 1011,
  kServiceRestart = 1012,
  kTryAgainLater = 1013,
};

struct CloseFrame {
  uint16_t code = kNoStatus;
  std::string reason;   // UTF-8
  uint16_t answer = 0;  // what is wrong with the frame, as a code to close with; 0: nothing
};

CloseFrame ParseCloseFrame(std::string_view payload);

bool IsUtf8(std::string_view text);

}  // namespace inlet::ws

#endif  // INLET_INGEST_WS_CLOSE_FRAME_H_
