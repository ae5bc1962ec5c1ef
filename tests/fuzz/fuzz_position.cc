// Where a subscription starts, on any log and any request: inside the log or an error, and no hole without a gap.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "ingest/error.h"
#include "ingest/log_position.h"

namespace inlet::ingest {
namespace {

void Require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", promise);
  std::abort();
}

class Bytes {
 public:
  Bytes(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  uint64_t Number() {
    uint64_t number = 0;
    for (int i = 0; i < 8 && size_ > 0; ++i, --size_) number = number << 8U | *data_++;
    return number;
  }
  uint64_t Below(uint64_t bound) { return Number() % bound; }
  WallTime Time() { return WallTime(std::chrono::seconds(Below(1000))); }

 private:
  const uint8_t* data_;
  size_t size_;
};

LogView MakeLog(Bytes& bytes) {
  LogView log;
  log.epoch = bytes.Below(2) == 0 ? "a" : "b";
  log.bounds.first_offset = 1 + bytes.Below(100);
  log.bounds.next_offset = log.bounds.first_offset + bytes.Below(100);
  log.bounds.evicted = log.bounds.first_offset - 1;
  log.stream_create_time = bytes.Time();
  log.log_create_time = log.stream_create_time + std::chrono::seconds(bytes.Below(2) * 10);
  log.oldest_time = log.log_create_time + std::chrono::seconds(bytes.Below(100));
  log.newest_time = log.oldest_time + std::chrono::seconds(bytes.Below(100));
  log.since_offset = log.bounds.first_offset + bytes.Below(log.bounds.next_offset - log.bounds.first_offset + 1);
  return log;
}

Start MakeStart(Bytes& bytes) {
  switch (bytes.Below(5)) {
    case 0:
      return StartNext{};
    case 1:
      return StartEarliest{};
    case 2:
      return StartAfter{bytes.Below(2) == 0 ? "a" : "b", bytes.Below(4) == 0 ? bytes.Number() : bytes.Below(300)};
    case 3:
      return StartSince{bytes.Time()};
    default:
      return StartLast{bytes.Number()};
  }
}

void CheckAfter(const StartAfter& after, const StartPoint& point, const LogView& log) {
  if (after.epoch != log.epoch) return Require(point.gap && point.gap->cause == ReaderGap::Cause::kNewEpoch, "epoch");
  Require(point.offset == after.offset + 1 || point.gap, "no hole without a gap");
  if (point.gap) Require(point.gap->first_offset == after.offset + 1, "a gap begins where the reader stopped");
  if (point.gap) Require(point.gap->last_offset + 1 == point.offset, "a gap ends where the reader goes on");
}

void Check(const Start& start, const LogView& log, bool fail_when_behind) {
  const absl::StatusOr<StartPoint> point = ResolveStart(start, log, fail_when_behind);
  if (!point.ok()) {
    Require(point.status().code() == absl::StatusCode::kOutOfRange, "an error is about the range");
    return Require(!GetErrorDetail(point.status()).reason.empty(), "an error has a reason");
  }
  Require(point->offset >= log.bounds.first_offset && point->offset <= log.bounds.next_offset, "inside the log");
  if (fail_when_behind && point->gap) Require(point->gap->cause != ReaderGap::Cause::kEvicted, "FAIL gets no gap");
  if (const auto* after = std::get_if<StartAfter>(&start)) CheckAfter(*after, *point, log);
}

}  // namespace
}  // namespace inlet::ingest

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace inlet::ingest;
  Bytes bytes(data, size);
  const LogView log = MakeLog(bytes);
  const Start start = MakeStart(bytes);
  Check(start, log, false);
  Check(start, log, true);
  return 0;
}
