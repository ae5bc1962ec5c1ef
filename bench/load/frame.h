// Frames, ready to send.
#ifndef INLET_BENCH_LOAD_FRAME_H_
#define INLET_BENCH_LOAD_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace inlet::bench {

enum class Opcode : uint8_t { kText = 0x1, kClose = 0x8, kPing = 0x9, kPong = 0xA };

// Who writes a frame: clients mask, servers do not.
enum class Masking : uint8_t { kMasked, kPlain };

// A whole frame (FIN). The masking key is zero: legal (RFC 6455 asks for a key, and a receiver applies this one as any
// other), and the payload stays plain text that is patched in place.
std::string MakeFrame(Opcode opcode, std::string_view payload, Masking masking = Masking::kMasked);

// Bytes before the payload in such a frame.
size_t FrameHeaderSize(size_t payload_size, Masking masking = Masking::kMasked);

}  // namespace inlet::bench

#endif  // INLET_BENCH_LOAD_FRAME_H_
