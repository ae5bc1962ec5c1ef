// Digits and a power of ten; nothing goes through a double.
#include "ingest/exact_integer.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace inlet::ingest {
namespace {

constexpr int64_t kLargestExponent = 1'000'000'000;  // larger ones are as good as this
constexpr int64_t kMostDigits = 19;

constexpr bool IsDigit(char byte) { return byte >= '0' && byte <= '9'; }

// Position after the digits that begin at `at`; `at` itself if there are none.
size_t SkipDigits(std::string_view text, size_t at) {
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at;
}

// The digits of a number as one integer, times a power of ten. Trailing zeros are in the power.
struct Decimal {
  uint64_t digits = 0;
  int64_t count = 0;  // of digits, without zeros at both ends; more than kMostDigits: `digits` means nothing
  int64_t power = 0;

  // Zeros are counted and come only if another digit follows.
  void Add(char byte, int64_t& zeros) {
    if (byte == '0') {
      if (count > 0) ++zeros;
      return;
    }
    count += zeros + 1;
    for (; count <= kMostDigits && zeros > 0; --zeros) digits *= 10;
    zeros = 0;
    if (count <= kMostDigits) digits = digits * 10 + static_cast<uint64_t>(byte - '0');
  }
};

Decimal ReadDecimal(std::string_view mantissa) {
  Decimal decimal;
  int64_t zeros = 0;
  bool fraction = false;
  for (const char byte : mantissa) {
    fraction = fraction || byte == '.';
    if (!IsDigit(byte)) continue;
    if (fraction) --decimal.power;
    decimal.Add(byte, zeros);
  }
  decimal.power += zeros;
  return decimal;
}

}  // namespace

bool IsJsonNumber(std::string_view text) {
  size_t at = text.starts_with('-') ? 1 : 0;
  const size_t whole = at;
  at = SkipDigits(text, at);
  if (at == whole || (text[whole] == '0' && at > whole + 1)) return false;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = at + 1;
    at = SkipDigits(text, fraction);
    if (at == fraction) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const size_t exponent = at;
    at = SkipDigits(text, exponent);
    if (at == exponent) return false;
  }
  return at == text.size();
}

bool IsIntegerLiteral(std::string_view number) {
  return SkipDigits(number, number.starts_with('-') ? 1 : 0) == number.size();
}

int64_t ExponentOf(std::string_view number) {
  const size_t mark = number.find_first_of("eE");
  if (mark == std::string_view::npos) return 0;
  int64_t exponent = 0;
  for (const char byte : number.substr(mark + 1)) {
    if (IsDigit(byte)) exponent = std::min(exponent * 10 + (byte - '0'), kLargestExponent);
  }
  return number[mark + 1] == '-' ? -exponent : exponent;
}

std::optional<int64_t> ExactInteger(std::string_view number) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (end == number.data() + number.size()) return error == std::errc() ? std::optional(value) : std::nullopt;
  Decimal decimal = ReadDecimal(number.substr(0, number.find_first_of("eE")));
  decimal.power += ExponentOf(number);
  if (decimal.count == 0) return 0;
  if (decimal.power < 0 || decimal.count + decimal.power > kMostDigits) return std::nullopt;
  for (; decimal.power > 0; --decimal.power) decimal.digits *= 10;
  const bool negative = number.front() == '-';
  const uint64_t limit = static_cast<uint64_t>(INT64_MAX) + (negative ? 1 : 0);
  if (decimal.digits > limit) return std::nullopt;
  return static_cast<int64_t>(negative ? uint64_t{0} - decimal.digits : decimal.digits);
}

}  // namespace inlet::ingest
