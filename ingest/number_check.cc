// 15 significant digits survive the way through a double, 18 do not; between the two, printing it decides.
#include "ingest/number_check.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <system_error>

namespace inlet::ingest {
namespace {

constexpr size_t kAlwaysExact = 15;
constexpr size_t kMaxDigits = 17;

constexpr bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

constexpr bool IsMantissa(char byte) { return IsDigit(byte) || byte == '.'; }

// 0 if the 8 bytes at `text` are all digits or points (or slashes, which do no harm here).
uint64_t NotMantissa(const char* text) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHighs = 0x8080808080808080;
  uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  const uint64_t above_nine = bytes + kOnes * (0x80 - ('9' + 1));  // a high bit in each byte that is
  const uint64_t from_point = bytes + kOnes * (0x80 - '.');
  return (bytes | above_nine | ~from_point) & kHighs;
}

constexpr bool IsExponentMark(char byte) { return byte == 'e' || byte == 'E'; }

constexpr bool IsOfNumber(char byte) { return IsMantissa(byte) || IsExponentMark(byte) || byte == '+' || byte == '-'; }

// Significant digits: without the zeros in front, the point, and the zeros at the end.
struct Digits {
  std::array<char, kMaxDigits> text{};
  size_t count = 0;       // more than kMaxDigits: `text` has only the first ones
  bool exponent = false;  // whether the number has one

  std::string_view view() const { return {text.data(), count}; }
};

Digits SignificantDigits(std::string_view number) {
  Digits digits;
  size_t seen = 0;  // from the first that is not zero
  for (const char byte : number) {
    if (IsExponentMark(byte)) {
      digits.exponent = true;
      break;
    }
    if (!IsDigit(byte) || (seen == 0 && byte == '0')) continue;
    if (seen < kMaxDigits) digits.text[seen] = byte;
    ++seen;
    if (byte != '0') digits.count = seen;
  }
  return digits;
}

bool PrintsAs(double value, const Digits& digits) {
  std::array<char, 32> printed;
  const auto end = std::to_chars(printed.data(), printed.data() + printed.size(), std::fabs(value),
                                 std::chars_format::scientific, static_cast<int>(digits.count) - 1);
  const std::string_view text(printed.data(), static_cast<size_t>(end.ptr - printed.data()));
  return text[0] == digits.text[0] && text.substr(2).starts_with(digits.view().substr(1));
}

// Where the bytes around `position` that satisfy `belongs` begin and end.
template <typename Belongs>
std::string_view RunAround(std::string_view text, size_t position, Belongs belongs) {
  size_t begin = position;
  while (begin > 0 && belongs(text[begin - 1])) --begin;
  size_t end = position;
  while (end < text.size() && belongs(text[end])) ++end;
  return text.substr(begin, end - begin);
}

// Whether the bytes of a number around `run` may be a number with a fraction or an exponent. What follows a quote
// directly is a string.
bool MayBeDecimal(std::string_view json, std::string_view run) {
  const auto position = static_cast<size_t>(run.data() - json.data());
  const std::string_view token = RunAround(json, position, IsOfNumber);
  if (token.find_first_of(".eE") == std::string_view::npos) return false;
  return token.data() == json.data() || *(token.data() - 1) != '"';
}

bool IsPartOfLongDecimal(std::string_view json, size_t position) {
  if (!IsMantissa(json[position])) return false;
  const std::string_view run = RunAround(json, position, IsMantissa);
  return run.size() > kAlwaysExact && MayBeDecimal(json, run);
}

// Position after the string that begins at `position`.
size_t SkipString(std::string_view json, size_t position) {
  for (++position; json[position] != '"'; ++position) {
    if (json[position] == '\\') ++position;
  }
  return position + 1;
}

}  // namespace

bool IsExactInDouble(uint64_t value) {
  return value == 0 || std::countl_zero(value) + std::countr_zero(value) >= 64 - 53;
}

bool IsExactInDouble(int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  return IsExactInDouble(value < 0 ? uint64_t{0} - bits : bits);
}

bool IsExactInDouble(std::string_view number) {
  constexpr size_t kShortest = 290;  // a number without exponent that is shorter is neither too small nor too large
  const Digits digits = SignificantDigits(number);
  if (digits.count == 0) return true;
  if (digits.count > kMaxDigits) return false;
  if (digits.count <= kAlwaysExact && !digits.exponent && number.size() < kShortest) return true;
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc() || !std::isnormal(value)) return false;
  return digits.count <= kAlwaysExact || PrintsAs(value, digits);
}

bool AllDecimalsAreExact(std::string_view json) {
  for (size_t position = 0; position < json.size();) {
    if (json[position] == '"') {
      position = SkipString(json, position);
    } else if (IsDigit(json[position]) || json[position] == '-') {
      const size_t begin = position;
      while (position < json.size() && IsOfNumber(json[position])) ++position;
      const std::string_view number = json.substr(begin, position - begin);
      if (number.find_first_of(".eE") != std::string_view::npos && !IsExactInDouble(number)) return false;
    } else {
      ++position;
    }
  }
  return true;
}

bool MayHoldLongDecimal(std::string_view json) {
  // More than 15 digits in a row fill at least one of these blocks.
  constexpr size_t kBlock = 8;
  const size_t blocks = json.size() / kBlock;
  size_t block = 0;
  for (; block + 2 <= blocks; block += 2) {
    const char* const text = json.data() + block * kBlock;
    if (NotMantissa(text) != 0 && NotMantissa(text + kBlock) != 0) continue;
    const size_t position = (block + (NotMantissa(text) != 0 ? 1 : 0)) * kBlock;
    if (IsPartOfLongDecimal(json, position)) return true;
  }
  return block < blocks && IsPartOfLongDecimal(json, block * kBlock);
}

}  // namespace inlet::ingest
