// A number that one thread writes and anybody reads.
#ifndef INLET_INGEST_COUNTER_H_
#define INLET_INGEST_COUNTER_H_

#include <atomic>
#include <cstdint>

namespace inlet::ingest {

// One thread writes, so a load and a store are enough.
class Counter {
 public:
  void Add(uint64_t amount = 1) { Set(value() + amount); }
  void Subtract(uint64_t amount = 1) { Set(value() - amount); }
  void Set(uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_COUNTER_H_
