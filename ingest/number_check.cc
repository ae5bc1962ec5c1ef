// 15 significant digits survive the way through a double, 18 do not; between the two, printing it decides.
#include "ingest/number_check.h"

#include <algorithm>
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
constexpr size_t kShortestExtreme =
    290;                      // a number that is shorter and has no exponent is neither too small nor too large
constexpr size_t kBlock = 8;  // bytes looked at in one step

constexpr bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

constexpr bool IsMantissa(char byte) { return IsDigit(byte) || byte == '.'; }

// A high bit for each of the 8 bytes at `text`, the first one lowest, that is no digit or point. (A slash passes, which
// does no harm here.)
uint64_t NotMantissa(const char* text) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHighs = 0x8080808080808080;
  uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
  const uint64_t low = bytes & ~kHighs;  // so that no sum carries into the next byte
  const uint64_t above_nine = low + kOnes * (0x80 - ('9' + 1));
  const uint64_t from_point = low + kOnes * (0x80 - '.');
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
  std::array<char, 32> printed{};
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

// Whether `run`, digits and points, may be the mantissa of a number with a fraction or an exponent. What follows a
// quote directly is a string.
bool MayBeDecimal(std::string_view json, std::string_view run) {
  const auto begin = static_cast<size_t>(run.data() - json.data());
  const size_t end = begin + run.size();
  if (begin > 0 && json[begin - 1] == '"') return false;
  return (end < json.size() && IsExponentMark(json[end])) || run.find('.') != std::string_view::npos;
}

// Whether the blocks beside the one at `position` tell that the digits around it are few, as of a time in milliseconds.
bool IsShortRun(std::string_view json, size_t position) {
  if (position < kBlock || position + 2 * kBlock > json.size()) return false;  // not known
  const int before = std::countl_zero(NotMantissa(json.data() + position - kBlock)) / 8;
  const int after = std::countr_zero(NotMantissa(json.data() + position + kBlock)) / 8;
  return kBlock + static_cast<size_t>(before + after) <= kAlwaysExact;
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
  const Digits digits = SignificantDigits(number);
  if (digits.count == 0) return true;
  if (digits.count > kMaxDigits) return false;
  if (digits.count <= kAlwaysExact && !digits.exponent && number.size() < kShortestExtreme) return true;
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
  // Wherever the blocks begin, more than 15 digits in a row fill one.
  for (size_t position = 0; position + kBlock <= json.size();) {
    if (NotMantissa(json.data() + position) != 0 || IsShortRun(json, position)) {
      position += kBlock;
      continue;
    }
    const std::string_view run = RunAround(json, position, IsMantissa);
    if (run.size() > kAlwaysExact && MayBeDecimal(json, run)) return true;
    position = std::max(position + kBlock, static_cast<size_t>(run.data() - json.data()) + run.size());
  }
  return false;
}

}  // namespace inlet::ingest
