// Latencies in logarithmic buckets: any range, less than 1 % error, constant memory.
#ifndef INLET_BENCH_COMMON_HISTOGRAM_H_
#define INLET_BENCH_COMMON_HISTOGRAM_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace inlet::bench {

// Counts values of any unit. Not thread-safe: one thread, one histogram, then Merge.
class Histogram {
 public:
  void Add(uint64_t value);
  void Merge(const Histogram& other);

  uint64_t count() const { return count_; }
  uint64_t max() const { return max_; }
  // The upper bound of the bucket that holds the value at `share` (0.5 for the median) of all values; 0 if there are
  // none.
  uint64_t Percentile(double share) const;

 private:
  // 128 buckets for each power of two.
  static constexpr unsigned kBits = 7;
  static constexpr size_t kBuckets = (64 - kBits + 1) << kBits;

  static size_t BucketOf(uint64_t value);
  static uint64_t UpperBound(size_t bucket);

  std::array<uint64_t, kBuckets> buckets_{};
  uint64_t count_ = 0;
  uint64_t max_ = 0;
};

}  // namespace inlet::bench

#endif  // INLET_BENCH_COMMON_HISTOGRAM_H_
