// Writes RFC 6455 client frames.
#include "bench/load/frame.h"

namespace inlet::bench {
namespace {

constexpr size_t kMaskSize = 4;
constexpr uint8_t kFin = 0x80;
constexpr uint8_t kMasked = 0x80;

// How many bytes follow the 7-bit length.
size_t ExtendedLengthSize(size_t payload_size) {
  if (payload_size < 126) return 0;
  return payload_size <= 0xFFFF ? 2 : 8;
}

}  // namespace

size_t FrameHeaderSize(size_t payload_size) { return 2 + ExtendedLengthSize(payload_size) + kMaskSize; }

std::string MakeFrame(Opcode opcode, std::string_view payload) {
  const size_t extended = ExtendedLengthSize(payload.size());
  const size_t short_length = extended == 0 ? payload.size() : (extended == 2 ? 126 : 127);
  std::string frame;
  frame.reserve(FrameHeaderSize(payload.size()) + payload.size());
  frame.push_back(static_cast<char>(kFin | static_cast<uint8_t>(opcode)));
  frame.push_back(static_cast<char>(kMasked | short_length));
  for (size_t i = extended; i > 0; --i) frame.push_back(static_cast<char>((payload.size() >> (8 * (i - 1))) & 0xFF));
  frame.append(kMaskSize, '\0');
  frame.append(payload);
  return frame;
}

}  // namespace inlet::bench
