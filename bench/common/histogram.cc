// Logarithmic buckets: the leading bits of a value name its bucket.
#include "bench/common/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace inlet::bench {

// Values below 2^kBits have a bucket each. Above, the highest bit selects a group and the next kBits bits the bucket in
// it.
size_t Histogram::BucketOf(uint64_t value) {
  if (value < (uint64_t{1} << kBits)) return static_cast<size_t>(value);
  const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kBits;
  const uint64_t mantissa = (value >> shift) - (uint64_t{1} << kBits);
  return ((size_t{shift} + 1) << kBits) + static_cast<size_t>(mantissa);
}

uint64_t Histogram::UpperBound(size_t bucket) {
  if (bucket < (size_t{1} << kBits)) return bucket;
  const unsigned shift = static_cast<unsigned>(bucket >> kBits) - 1;
  const uint64_t mantissa = (bucket & ((size_t{1} << kBits) - 1)) + (uint64_t{1} << kBits);
  return ((mantissa + 1) << shift) - 1;
}

void Histogram::Add(uint64_t value) {
  ++buckets_[BucketOf(value)];
  ++count_;
  max_ = std::max(max_, value);
}

void Histogram::Merge(const Histogram& other) {
  for (size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

uint64_t Histogram::Percentile(double share) const {
  if (count_ == 0) return 0;
  const double wanted = std::ceil(share * static_cast<double>(count_));
  const uint64_t rank = std::clamp<uint64_t>(static_cast<uint64_t>(wanted), 1, count_);
  uint64_t seen = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen >= rank) return std::min(UpperBound(i), max_);
  }
  return max_;
}

}  // namespace inlet::bench
