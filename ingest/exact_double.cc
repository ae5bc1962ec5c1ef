// Texts are compared by their digits and the place of the point.
#include "ingest/exact_double.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <system_error>

#include "ingest/exact_integer.h"

namespace inlet::ingest {
namespace {

// The digits of a number, zeros at both ends aside, times a power of ten.
struct Decimal {
  explicit Decimal(std::string_view number) {
    const std::string_view mantissa = number.substr(0, number.find_first_of("eE"));
    const size_t point = std::min(mantissa.find('.'), mantissa.size());
    for (const char byte : mantissa) {
      if (byte >= '0' && byte <= '9') digits += byte;
    }
    if (point < mantissa.size()) power -= static_cast<int64_t>(mantissa.size() - point - 1);
    power += ExponentOf(number);
    negative = number.starts_with('-');
    digits.erase(0, digits.find_first_not_of('0'));
    for (; !digits.empty() && digits.back() == '0'; ++power) digits.pop_back();
  }

  bool IsSameAs(const Decimal& other) const {
    if (digits.empty() || other.digits.empty()) return digits.empty() && other.digits.empty();
    return negative == other.negative && power == other.power && digits == other.digits;
  }

  std::string digits;
  int64_t power = 0;
  bool negative = false;
};

}  // namespace

std::optional<NearestDouble> ReadDouble(std::string_view text) {
  NearestDouble nearest;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), nearest.value);
  if (error != std::errc() || stopped != text.data() + text.size() || !std::isfinite(nearest.value)) {
    return std::nullopt;
  }
  std::array<char, 32> shortest{};
  const auto end = std::to_chars(shortest.data(), shortest.data() + shortest.size(), nearest.value).ptr;
  const std::string_view written(shortest.data(), static_cast<size_t>(end - shortest.data()));
  nearest.is_exact = Decimal(text).IsSameAs(Decimal(written));
  return nearest;
}

}  // namespace inlet::ingest
