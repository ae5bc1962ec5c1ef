// Which numbers a double keeps.
#include "ingest/exact_double.h"

#include <gtest/gtest.h>

namespace inlet::ingest {
namespace {

TEST(ExactDouble, ANumberIsExactIfItsShortestTextIsTheSameNumber) {
  for (const char* const text :
       {"0", "-0", "0.0", "0e5", "1.50", "0.1", "-1e-3", "1e300", "100e-2", "3", "0.30000000000000004",
        "9007199254740992", "12345678901234567168", "1e22", "5e-324", ".5", "5."}) {
    const std::optional<NearestDouble> read = ReadDouble(text);
    ASSERT_TRUE(read) << text;
    EXPECT_TRUE(read->is_exact) << text;
  }
}

TEST(ExactDouble, ANumberThatIsRoundedHasANearestOne) {
  for (const char* const text : {"9007199254740993", "12345678901234567890", "0.1234567890123456789",
                                 "0.10000000000000001", "-16777216.0000000001", "1.00000000000000000000000000000001"}) {
    const std::optional<NearestDouble> read = ReadDouble(text);
    ASSERT_TRUE(read) << text;
    EXPECT_FALSE(read->is_exact) << text;
  }
  EXPECT_EQ(ReadDouble("9007199254740993")->value, 9007199254740992.0);
}

TEST(ExactDouble, WhatIsNoFiniteNumberIsNone) {
  for (const char* const text : {"", "x", "1x", " 1", "1e400", "-1e400", "1e-400", "nan", "inf", "infinity", "-"}) {
    EXPECT_FALSE(ReadDouble(text)) << text;
  }
}

}  // namespace
}  // namespace inlet::ingest
