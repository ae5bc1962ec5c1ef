// The histogram's percentiles are those of the values, within a percent.
#include "bench/common/histogram.h"

#include <gtest/gtest.h>

namespace inlet::bench {
namespace {

TEST(Histogram, EmptyAnswersZero) {
  const Histogram histogram;
  EXPECT_EQ(histogram.Percentile(0.5), 0U);
  EXPECT_EQ(histogram.max(), 0U);
}

TEST(Histogram, SmallValuesAreExact) {
  Histogram histogram;
  for (uint64_t value = 1; value <= 100; ++value) histogram.Add(value);
  EXPECT_EQ(histogram.Percentile(0.5), 50U);
  EXPECT_EQ(histogram.Percentile(0.99), 99U);
  EXPECT_EQ(histogram.Percentile(1.0), 100U);
}

TEST(Histogram, LargeValuesAreWithinOnePercentAndNeverTooLow) {
  for (uint64_t value = 129; value < uint64_t{1} << 62; value = value / 10 * 13) {
    Histogram histogram;
    histogram.Add(value);
    histogram.Add(UINT64_MAX);
    EXPECT_GE(histogram.Percentile(0.5), value);
    EXPECT_LE(static_cast<double>(histogram.Percentile(0.5)), 1.01 * static_cast<double>(value));
  }
}

TEST(Histogram, MergeCountsBoth) {
  Histogram low;
  Histogram high;
  low.Add(10);
  high.Add(1'000'000);
  low.Merge(high);
  EXPECT_EQ(low.count(), 2U);
  EXPECT_EQ(low.Percentile(0.5), 10U);
  EXPECT_EQ(low.Percentile(1.0), 1'000'000U);
  EXPECT_EQ(low.max(), 1'000'000U);
}

}  // namespace
}  // namespace inlet::bench
