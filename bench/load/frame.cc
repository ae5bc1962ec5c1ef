// Writes RFC 6455 frames.
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

size_t FrameHeaderSize(size_t payload_size, Masking masking) {
  return 2 + ExtendedLengthSize(payload_size) + (masking == Masking::kMasked ? kMaskSize : 0);
}

std::string MakeFrame(Opcode opcode, std::string_view payload, Masking masking) {
  const bool masked = masking == Masking::kMasked;
  const size_t extended = ExtendedLengthSize(payload.size());
  const size_t short_length = extended == 0 ? payload.size() : (extended == 2 ? 126 : 127);
  std::string frame;
  frame.reserve(FrameHeaderSize(payload.size(), masking) + payload.size());
  frame.push_back(static_cast<char>(kFin | static_cast<uint8_t>(opcode)));
  frame.push_back(static_cast<char>((masked ? kMasked : 0) | short_length));
  for (size_t i = extended; i > 0; --i) frame.push_back(static_cast<char>((payload.size() >> (8 * (i - 1))) & 0xFF));
  if (masked) frame.append(kMaskSize, '\0');
  frame.append(payload);
  return frame;
}

}  // namespace inlet::bench
