// The few pieces of protobuf's wire format that records are made of.
#ifndef INLET_INGEST_WIRE_H_
#define INLET_INGEST_WIRE_H_

#include <cstddef>
#include <cstdint>

namespace inlet::ingest::wire {

enum class Type : uint32_t { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

constexpr uint8_t Tag(uint32_t field, Type type) {
  return static_cast<uint8_t>((field << 3U) | static_cast<uint32_t>(type));  // one byte: field is at most 15
}

constexpr size_t VarintSize(uint64_t value) {
  size_t size = 1;
  for (; value >= 0x80; value >>= 7U) ++size;
  return size;
}

// Writes 1 to 10 bytes. Returns the end.
inline char* WriteVarint(char* out, uint64_t value) {
  for (; value >= 0x80; value >>= 7U) *out++ = static_cast<char>(value | 0x80U);
  *out++ = static_cast<char>(value);
  return out;
}

// Writes exactly `width` bytes; the value must fit in them. Every parser takes the padded form.
inline void WritePaddedVarint(char* out, uint64_t value, size_t width) {
  for (size_t i = 0; i + 1 < width; ++i, value >>= 7U) out[i] = static_cast<char>(value | 0x80U);
  out[width - 1] = static_cast<char>(value);
}

// Returns the byte after the varint, or null if it does not end before `end` or is longer than 10 bytes.
inline const char* ReadVarint(const char* in, const char* end, uint64_t* value) {
  uint64_t result = 0;
  for (uint32_t shift = 0; in < end && shift < 70; shift += 7) {
    const auto byte = static_cast<uint8_t>(*in++);
    result |= static_cast<uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80) {
      *value = result;
      return in;
    }
  }
  return nullptr;
}

inline char* WriteFixed64(char* out, uint64_t value) {
  for (int i = 0; i < 8; ++i, value >>= 8U) *out++ = static_cast<char>(value);
  return out;
}

inline uint64_t ReadFixed64(const char* in) {
  uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = (value << 8U) | static_cast<uint8_t>(in[i]);
  return value;
}

}  // namespace inlet::ingest::wire

#endif  // INLET_INGEST_WIRE_H_
