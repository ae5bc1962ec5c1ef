// The JSON message that the load generator sends, and how a reader finds the time stamp in it.
#ifndef INLET_BENCH_COMMON_MESSAGE_H_
#define INLET_BENCH_COMMON_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace inlet::bench {

// {"ts":"<19 digits>","seq":<12 digits>, ...}: both fields have a fixed width, so that they are patched in place.
// The stamp is a string, because a double does not hold it: the DATA view would otherwise fall back to text.
constexpr size_t kStampOffset = 7;
constexpr size_t kStampDigits = 19;
constexpr size_t kSequenceOffset = 34;
constexpr size_t kSequenceDigits = 12;
constexpr size_t kSmallestMessage = 57;
constexpr size_t kDefaultMessage = 215;

// A message of exactly `size` bytes (at least kSmallestMessage, at most what fits in memory) with zero stamp. From
// kDefaultMessage on it looks like a sensor's (strings, numbers, an object, an array); a smaller one is only padded.
std::string MakeMessage(size_t size);

// Writes `value` with leading zeros over the `digits` bytes at `place`.
void PatchDigits(char* place, size_t digits, uint64_t value);

// `message` is a text made by MakeMessage. The sequence wraps after 9 * 10^11 values.
void PatchStamp(char* message, uint64_t nanos);
void PatchSequence(char* message, uint64_t sequence);

// The stamp in an encoded record of either view: its JSON text, or the wire bytes of its Struct. None if there is none.
std::optional<uint64_t> FindStamp(std::string_view record);

}  // namespace inlet::bench

#endif  // INLET_BENCH_COMMON_MESSAGE_H_
