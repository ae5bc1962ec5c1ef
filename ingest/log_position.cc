// Where a subscription starts. Pure: nothing is read but the arguments.
#include "ingest/log_position.h"

#include <algorithm>

#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::ingest {
namespace {

absl::Status OffsetAhead(uint64_t offset, uint64_t next_offset) {
  const std::string next = std::to_string(next_offset);
  return MakeError(absl::StatusCode::kOutOfRange,
                   Concat({"the log has not reached offset ", std::to_string(offset), " yet: its next record will be ",
                           next, "; was the position taken from another stream?"}),
                   {"OFFSET_AHEAD", {{"next_offset", next}}, "after.offset", {}});
}

ReaderGap EvictedGap(uint64_t first, uint64_t last, const LogView& log) {
  ReaderGap gap{ReaderGap::Cause::kEvicted, first, last, std::nullopt, std::nullopt, {}};
  // An empty log has no record to tell the time by.
  if (log.bounds.first_offset < log.bounds.next_offset) gap.end_time = log.oldest_time;
  gap.detail = Concat({"records ", std::to_string(first), " to ", std::to_string(last), " are no longer kept"});
  return gap;
}

class Resolver {
 public:
  Resolver(const LogView& log, bool fail_when_behind) : log_(log), fail_(fail_when_behind) {}

  absl::StatusOr<StartPoint> operator()(const StartNext& /*start*/) const { return StartPoint{next(), {}}; }
  absl::StatusOr<StartPoint> operator()(const StartEarliest& /*start*/) const { return StartPoint{first(), {}}; }

  absl::StatusOr<StartPoint> operator()(const StartLast& start) const {
    return StartPoint{next() - std::min(start.count, next() - first()), {}};
  }

  absl::StatusOr<StartPoint> operator()(const StartAfter& start) const {
    if (start.epoch.empty())
      return FieldInvalid(
          "after.epoch",
          "after.epoch is missing: an offset alone means nothing after a restart; take it from Started.epoch");
    if (start.epoch != log_.epoch) return NewEpoch(start);
    if (start.offset >= next()) return OffsetAhead(start.offset, next());
    const uint64_t wanted = start.offset + 1;
    if (wanted >= first()) return StartPoint{wanted, {}};
    if (fail_) return OffsetEvicted(wanted, first());
    return StartPoint{first(), EvictedGap(wanted, first() - 1, log_)};
  }

  absl::StatusOr<StartPoint> operator()(const StartSince& start) const {
    const bool holds_older = first() < next() && log_.oldest_time <= start.time;
    const bool nothing_since = log_.newest_time < start.time && start.time >= log_.log_create_time;
    const bool lost_nothing = log_.bounds.evicted == 0 && start.time >= log_.log_create_time;
    if (holds_older || nothing_since || lost_nothing) return StartPoint{log_.since_offset, {}};
    if (log_.bounds.evicted > 0) return SinceEvicted(start);
    if (log_.stream_create_time < log_.log_create_time) return SinceOtherEpoch(start);
    return StartPoint{log_.since_offset, {}};
  }

 private:
  uint64_t first() const { return log_.bounds.first_offset; }
  uint64_t next() const { return log_.bounds.next_offset; }

  StartPoint NewEpoch(const StartAfter& start) const {
    ReaderGap gap{ReaderGap::Cause::kNewEpoch, start.offset + 1, 0, std::nullopt, log_.log_create_time, {}};
    gap.detail =
        Concat({"the log of epoch ", start.epoch.substr(0, 64), " is gone; this one began with epoch ", log_.epoch});
    return {first(), std::move(gap)};
  }

  absl::StatusOr<StartPoint> SinceEvicted(const StartSince& start) const {
    if (fail_) return OffsetEvicted(first() - 1, first());
    ReaderGap gap = EvictedGap(0, first() - 1, log_);
    gap.start_time = start.time;
    gap.detail =
        Concat({"records up to ", std::to_string(first() - 1), " are no longer kept; some may be of that time"});
    return StartPoint{log_.since_offset, std::move(gap)};
  }

  StartPoint SinceOtherEpoch(const StartSince& start) const {
    ReaderGap gap{ReaderGap::Cause::kNewEpoch, 0, 0, start.time, log_.log_create_time, {}};
    gap.detail = Concat({"the log of that time is gone; this one began with epoch ", log_.epoch});
    return {log_.since_offset, std::move(gap)};
  }

  const LogView& log_;
  const bool fail_;
};

}  // namespace

absl::StatusOr<StartPoint> ResolveStart(const Start& start, const LogView& log, bool fail_when_behind) {
  return std::visit(Resolver(log, fail_when_behind), start);
}

absl::Status OffsetEvicted(uint64_t offset, uint64_t first_offset) {
  const std::string first = std::to_string(first_offset);
  return MakeError(absl::StatusCode::kOutOfRange,
                   Concat({"record ", std::to_string(offset), " is no longer kept: the oldest is ", first,
                           "; subscribe from there, or with when_behind SKIP to be told of the gap and go on"}),
                   {"OFFSET_EVICTED", {{"first_offset", first}}, {}, {}});
}

}  // namespace inlet::ingest
