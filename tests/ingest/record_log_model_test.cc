// The log against a model that anyone can check by eye: a million random appends, evictions, reads and cursors.
#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "ingest/record_log.h"
#include "ingest/record_reader.h"
#include "tests/fakes/entries.h"

namespace inlet::ingest {
namespace {

using Outcome = ReadResult::Outcome;

struct ModelRecord {
  uint64_t offset;
  WallTime time;
  size_t size;  // of the text
};

// What the log should hold, but for what bytes evict: that is by the chunk, so it is taken from the log and checked for
// sense.
class Model {
 public:
  explicit Model(const RetentionLimits& retention) : retention_(retention) {}

  void Append(const ModelRecord& record) {
    records_.push_back(record);
    while (retention_.max_records > 0 && records_.size() > retention_.max_records) records_.pop_front();
  }
  // Age cuts a prefix; a record that is younger protects the older ones after it.
  void Sweep(WallTime now) {
    if (retention_.max_age.count() == 0) return;
    while (!records_.empty() && records_.front().time < now - retention_.max_age) records_.pop_front();
  }
  void EvictTo(uint64_t offset) {
    while (!records_.empty() && records_.front().offset < offset) records_.pop_front();
  }
  uint64_t first(uint64_t next) const { return records_.empty() ? next : records_.front().offset; }
  uint64_t Since(WallTime time, uint64_t next) const {
    for (const ModelRecord& record : records_) {
      if (record.time >= time) return record.offset;
    }
    return next;
  }
  const ModelRecord& at(uint64_t offset) const { return records_[offset - records_.front().offset]; }

 private:
  const RetentionLimits retention_;
  std::deque<ModelRecord> records_;
};

class Walk {
 public:
  Walk(RetentionLimits retention, uint32_t seed)
      : random_(seed),
        retention_(retention),
        model_(retention),
        log_({"epoch", retention, nullptr, gauge_, Second(0)}) {}

  void Run(int steps) {
    for (int step = 0; step < steps && !::testing::Test::HasFatalFailure(); ++step) {
      switch (Below(16)) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4:
          Append();
          break;
        case 5:
          Sweep();
          break;
        case 6:
          Since();
          break;
        case 7:
          cursors_[Below(cursors_.size())] = {1 + Below(next_ + 3), 0, 0};
          break;
        default:
          Read(cursors_[Below(cursors_.size())]);
          break;
      }
    }
  }

 private:
  uint64_t Below(uint64_t bound) { return std::uniform_int_distribution<uint64_t>(0, bound - 1)(random_); }

  void Append() {
    now_ += std::chrono::milliseconds(Below(50));
    if (Below(200) == 0) now_ -= std::chrono::seconds(2);
    std::string run;
    for (uint64_t i = 0, count = 1 + Below(5); i < count; ++i) {
      const size_t size = Below(500) == 0 ? 60'000 + Below(20'000) : Below(400);
      run += Entry(std::string(size, static_cast<char>('a' + next_ % 26)), now_, next_);
      model_.Append({next_++, now_, size});
    }
    log_.Append(run, now_);
    CheckBounds();
  }

  void Sweep() {
    log_.Sweep(now_);
    // The log drops by the running maximum first, the model by each record: the log may keep more, never less.
    const uint64_t first = log_.bounds().first_offset;
    Model swept = model_;
    swept.Sweep(now_);
    ASSERT_LE(first, swept.first(next_));
    model_.EvictTo(first);
    CheckBounds();
  }

  void Since() {
    const WallTime time = now_ - std::chrono::milliseconds(Below(5000));
    ASSERT_EQ(log_.OffsetSince(time), model_.Since(time, next_));
  }

  void CheckBounds() {
    const LogBounds bounds = log_.bounds();
    ASSERT_EQ(bounds.next_offset, next_);
    ASSERT_GE(bounds.first_offset, model_.first(next_));
    if (retention_.max_bytes == 0) {
      ASSERT_EQ(bounds.first_offset, model_.first(next_));
    }
    model_.EvictTo(bounds.first_offset);
    if (retention_.max_bytes > 0 && bounds.next_offset - bounds.first_offset > 1) {
      ASSERT_LE(bounds.retained_bytes, retention_.max_bytes);
    }
  }

  void Read(Cursor& cursor) {
    const uint64_t before = cursor.offset;
    const auto max_bytes = static_cast<uint32_t>(1 + Below(100'000));
    const uint64_t max_records = Below(3) == 0 ? 1 + Below(20) : 0;
    const ReadResult result = log_.ReadOrArm(cursor, {max_bytes, max_records, 0}, nullptr);
    const uint64_t first = model_.first(next_);
    if (before < first) {
      ASSERT_EQ(result.outcome, Outcome::kEvicted);
      ASSERT_EQ(result.missing_first, before);
      ASSERT_EQ(result.missing_last, first - 1);
      ASSERT_EQ(cursor.offset, first);
    } else if (before >= next_) {
      ASSERT_EQ(result.outcome, Outcome::kAtEnd);
    } else {
      ASSERT_EQ(result.outcome, Outcome::kRecords);
      CheckBatch(result.batch, before, max_bytes, max_records);
      cursor = result.batch.Next();
    }
  }

  void CheckBatch(const Batch& batch, uint64_t expected, uint32_t max_bytes, uint64_t max_records) {
    std::string_view entries = batch.entries();
    ASSERT_EQ(batch.first_offset, expected);
    ASSERT_TRUE(entries.size() <= max_bytes || batch.next_offset == expected + 1);
    if (max_records > 0) {
      ASSERT_LE(batch.next_offset - expected, max_records);
    }
    while (!entries.empty()) {
      const size_t size = EntrySize(entries);
      const RecordView record = ReadEntry(entries.substr(0, size));
      const ModelRecord& model = model_.at(expected);
      ASSERT_EQ(record.offset, expected);
      ASSERT_EQ(record.connection, expected);
      ASSERT_EQ(record.receive_time, model.time);
      ASSERT_EQ(record.payload.size(), model.size);
      ++expected;
      entries.remove_prefix(size);
    }
    ASSERT_EQ(batch.next_offset, expected);
  }

  std::mt19937 random_;
  const RetentionLimits retention_;
  Model model_;
  std::shared_ptr<MemoryGauge> gauge_ = std::make_shared<MemoryGauge>(0);
  RecordLog log_;
  uint64_t next_ = 1;
  WallTime now_ = Second(1000);
  std::array<Cursor, 20> cursors_{};
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSteps = 50'000;
#else
constexpr int kSteps = 1'000'000;
#endif

TEST(RecordLogModel, AMillionStepsAgreeWithTheModel) {
  const std::array<RetentionLimits, 5> retentions{{
      {1U << 20, 0, {}},
      {0, 1000, {}},
      {0, 3000, std::chrono::seconds(3)},
      {64U << 10, 500, std::chrono::seconds(1)},
      {4U << 20, 7, {}},
  }};
  for (size_t i = 0; i < retentions.size(); ++i) {
    SCOPED_TRACE(i);
    Walk(retentions[i], static_cast<uint32_t>(i)).Run(kSteps / static_cast<int>(retentions.size()));
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace inlet::ingest
