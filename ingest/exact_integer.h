// Integers that a JSON number says exactly, however it is written.
#ifndef INLET_INGEST_EXACT_INTEGER_H_
#define INLET_INGEST_EXACT_INTEGER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace inlet::ingest {

// Whether all of `text` is a number by RFC 8259.
bool IsJsonNumber(std::string_view text);

// `number`, a JSON number, has neither fraction nor exponent.
bool IsIntegerLiteral(std::string_view number);

// Whether `number` is 1 to 18 digits and no more. False says nothing: a longer one may be an integer too. 8 bytes after
// it must be readable.
inline bool IsShortInteger(std::string_view number) {
  constexpr size_t kWord = 8;
  // Each byte is a digit if its high half is 3, and still so with 6 added.
  const auto all_digits = [](uint64_t word) {
    return (word & (word + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) == 0x3030303030303030;
  };
  const auto load = [](const char* bytes) {
    uint64_t word = 0;
    std::memcpy(&word, bytes, kWord);
    return word;
  };
  if (number.size() < kWord) {
    return std::all_of(number.begin(), number.end(), [](char byte) { return byte >= '0' && byte <= '9'; });
  }
  if (number.size() > 18) return false;
  const char* const last = number.data() + number.size() - kWord;
  return all_digits(load(number.data())) && all_digits(load(last)) &&
         all_digits(load(number.data() + (number.size() - kWord) / 2));
}

// The power of ten after the `e` of `number`, a JSON number; 0 without one. From 10^9 on it is that.
int64_t ExponentOf(std::string_view number);

// The value of `number`, a JSON number: 5, 5.0, 50e-1 and 0.5e1 are 5. Nothing if it is no integer or not one of 64
// bits with a sign.
std::optional<int64_t> ExactInteger(std::string_view number);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_EXACT_INTEGER_H_
