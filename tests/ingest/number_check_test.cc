// Which numbers a double holds, judged from their text.
#include "ingest/number_check.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>

namespace inlet::ingest {
namespace {

TEST(NumberCheck, IntegersOf53BitsAreExact) {
  constexpr uint64_t kLimit = uint64_t{1} << 53U;
  for (const uint64_t value :
       {uint64_t{0}, uint64_t{1}, kLimit - 1, kLimit, kLimit + 2, kLimit << 10U, (kLimit - 1) << 11U}) {
    EXPECT_TRUE(IsExactInDouble(value)) << value;
  }
  for (const uint64_t value : {kLimit + 1, kLimit * 2 + 2, std::numeric_limits<uint64_t>::max()}) {
    EXPECT_FALSE(IsExactInDouble(value)) << value;
  }
  EXPECT_TRUE(IsExactInDouble(-static_cast<int64_t>(kLimit)));
  EXPECT_FALSE(IsExactInDouble(-static_cast<int64_t>(kLimit) - 1));
  EXPECT_TRUE(IsExactInDouble(std::numeric_limits<int64_t>::min()));
  EXPECT_FALSE(IsExactInDouble(std::numeric_limits<int64_t>::min() + 1));
  EXPECT_FALSE(IsExactInDouble(std::numeric_limits<int64_t>::max()));
}

TEST(NumberCheck, FifteenDigitsSurviveAndEighteenDoNot) {
  EXPECT_TRUE(IsExactInDouble("0.999999999999999"));
  EXPECT_TRUE(IsExactInDouble("-123456789.012345e-200"));
  EXPECT_TRUE(IsExactInDouble("0.30000000000000004"));
  EXPECT_FALSE(IsExactInDouble("0.30000000000000003"));
  EXPECT_FALSE(IsExactInDouble("0.300000000000000044"));  // nearer to the double, but nobody prints so many digits
  EXPECT_TRUE(IsExactInDouble("000.1000000000000000000000"));
}

TEST(NumberCheck, WhatADoubleOnlyResemblesIsNotExact) {
  for (const std::string number : {"1e-400", "-1e-400", "1e400", "1e-310", "4.9e-324", "2.2250738585072011e-308"}) {
    EXPECT_FALSE(IsExactInDouble(number)) << number;
  }
  EXPECT_FALSE(IsExactInDouble("0." + std::string(330, '0') + "1"));
  EXPECT_FALSE(IsExactInDouble("1" + std::string(330, '0') + ".0"));
  for (const std::string number : {"0.0", "-0.0", "0e-400", "0e400", "2.2250738585072014e-308", "1e308"}) {
    EXPECT_TRUE(IsExactInDouble(number)) << number;
  }
}

std::string ListOf(size_t spaces, std::initializer_list<std::string_view> values) {
  std::string text = "[";
  text.append(spaces, ' ');
  for (const std::string_view value : values) text.append(value).append(",");
  return text.append("0.5]");
}

TEST(NumberCheck, TheCheapLookMissesNoLongDecimal) {
  for (size_t spaces = 0; spaces < 40; ++spaces) {
    for (const std::string_view number :
         {"1234567890123456.0", "0.1234567890123456", "1234567890123456e1", "-1.234567890123456E2"}) {
      EXPECT_TRUE(MayHoldLongDecimal(ListOf(spaces, {number}))) << number;
      EXPECT_TRUE(MayHoldLongDecimal(ListOf(spaces, {"1", "12345678901234", number, "\"1\""}))) << number;
      EXPECT_TRUE(MayHoldLongDecimal(ListOf(spaces, {"\"12345678901234567890\"", number}))) << number;
    }
    EXPECT_FALSE(MayHoldLongDecimal(ListOf(spaces, {"123456789012345", "0.1234567890123", "\"x\""})));
    EXPECT_FALSE(MayHoldLongDecimal(ListOf(spaces, {"\"1234567890123456789.5\"", "1790000000123456789"})));
  }
}

}  // namespace
}  // namespace inlet::ingest
