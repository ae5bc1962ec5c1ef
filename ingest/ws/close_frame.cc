// The content of a WebSocket close frame: reading it.
#include "ingest/ws/close_frame.h"

#include <cstddef>

namespace inlet::ws {
namespace {

bool MayBeSent(uint16_t code) {
  if (code >= 3000) return code < 5000;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

// Of a sequence that begins with `lead`; 0: none does.
size_t SequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

// The second byte tells overlong forms, surrogates and what lies beyond U+10FFFF.
bool SecondByteFits(unsigned char lead, unsigned char second) {
  switch (lead) {
    case 0xe0:
      return second >= 0xa0;
    case 0xed:
      return second < 0xa0;
    case 0xf0:
      return second >= 0x90;
    case 0xf4:
      return second < 0x90;
    default:
      return true;
  }
}

bool SequenceFits(std::string_view sequence) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(sequence[i]); };
  for (size_t i = 1; i < sequence.size(); ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return false;
  }
  return sequence.size() < 2 || SecondByteFits(byte(0), byte(1));
}

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = SequenceLength(static_cast<unsigned char>(text.front()));
    if (length == 0 || length > text.size() || !SequenceFits(text.substr(0, length))) return false;
    text.remove_prefix(length);
  }
  return true;
}

CloseFrame ParseCloseFrame(std::string_view payload) {
  CloseFrame frame;
  if (payload.empty()) return frame;
  if (payload.size() == 1) {
    frame.answer = kProtocolError;
    return frame;
  }
  frame.code =
      static_cast<uint16_t>(static_cast<unsigned char>(payload[0]) << 8U | static_cast<unsigned char>(payload[1]));
  if (!MayBeSent(frame.code)) frame.answer = kProtocolError;
  if (!IsUtf8(payload.substr(2))) {
    frame.answer = kInvalidData;
    return frame;
  }
  frame.reason = payload.substr(2);
  return frame;
}

}  // namespace inlet::ws
