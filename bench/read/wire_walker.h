// Reads a serialized SubscribeResponse by its tags and lengths, without the generated classes.
#ifndef INLET_BENCH_READ_WIRE_WALKER_H_
#define INLET_BENCH_READ_WIRE_WALKER_H_

#include <cstdint>
#include <string_view>

#include "bench/common/histogram.h"

namespace inlet::bench {

// Counts records and checks that their offsets rise without holes.
struct OffsetCheck {
  uint64_t records = 0;
  uint64_t missing = 0;    // offsets that were passed over
  uint64_t backwards = 0;  // records whose offset did not rise: a fault of the service
  uint64_t last = 0;

  void See(uint64_t offset);
};

// What a response says beside its records.
struct Notices {
  bool started = false;
  bool gap = false;
  bool ending = false;
};

// Where to put latencies: nothing if `latency_nanos` is null.
struct StampSink {
  uint64_t now = 0;  // MonotonicNanos of the response's arrival
  Histogram* latency_nanos = nullptr;
  uint64_t without_stamp = 0;
};

// False if `response` is not a well-formed message.
bool WalkResponse(std::string_view response, OffsetCheck* offsets, Notices* notices, StampSink* stamps);

// Adds now - stamp of one record's bytes to the sink.
void AddLatency(std::string_view record, StampSink* stamps);

}  // namespace inlet::bench

#endif  // INLET_BENCH_READ_WIRE_WALKER_H_
