// Numbers are read digit by digit, each at its power of ten: nothing goes through a double.
#include "ingest/time_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "ingest/exact_integer.h"

namespace inlet::ingest {
namespace {

constexpr int64_t kMillionth = 1'000'000;
constexpr int64_t kLeastPower = -6;
constexpr int64_t kLargestPower = 14;  // of the year 9999; a digit before it is beyond

constexpr std::array<int64_t, kLargestPower + 1> MakePowers() {
  std::array<int64_t, kLargestPower + 1> powers{1};
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = 10 * powers[i - 1];
  return powers;
}
constexpr std::array<int64_t, kLargestPower + 1> kPowers = MakePowers();

// A number without its sign.
struct Milliseconds {
  int64_t whole = 0;
  int64_t millionths = 0;

  // False: it is too large.
  bool Add(int64_t digit, int64_t power) {
    if (digit == 0 || power < kLeastPower) return true;
    if (power > kLargestPower) return false;
    if (power >= 0) {
      whole += digit * kPowers[static_cast<size_t>(power)];
    } else {
      millionths += digit * kPowers[static_cast<size_t>(power - kLeastPower)];
    }
    return true;
  }
};

std::optional<Milliseconds> ReadMilliseconds(std::string_view number) {
  const std::string_view mantissa = number.substr(0, number.find_first_of("eE"));
  const size_t whole_digits = std::min(mantissa.find('.'), mantissa.size());
  int64_t power = static_cast<int64_t>(whole_digits) - 1 + ExponentOf(number);
  Milliseconds read;
  for (const char byte : mantissa) {
    if (byte == '.') continue;
    if (!read.Add(byte - '0', power--)) return std::nullopt;
  }
  return read;
}

}  // namespace

std::optional<Instant> TimeOfNumber(std::string_view number) {
  int64_t milliseconds = 0;  // as most numbers are
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), milliseconds);
  if (end == number.data() + number.size()) {
    return error == std::errc() ? FromMilliseconds(milliseconds) : std::nullopt;
  }
  const bool negative = number.front() == '-';
  if (negative) number.remove_prefix(1);
  std::optional<Milliseconds> read = ReadMilliseconds(number);
  if (!read) return std::nullopt;
  if (negative) {
    const int64_t borrowed = read->millionths > 0 ? 1 : 0;
    read = {-read->whole - borrowed, borrowed * kMillionth - read->millionths};
  }
  std::optional<Instant> time = FromMilliseconds(read->whole);
  if (time) time->nanos += static_cast<uint32_t>(read->millionths);
  return time;
}

std::optional<Instant> TimeOfText(const TimeFormat* format, std::string_view text) {
  if (format != nullptr) return format->Parse(text);
  const std::optional<Instant> time = ParseRfc3339(text);
  return time || !IsJsonNumber(text) ? time : TimeOfNumber(text);
}

}  // namespace inlet::ingest
