// The decoded view is the same records, whoever asks for whatever stretch in whatever order.
#include "ingest/view_cache.h"

#include <gtest/gtest.h>

#include <random>

#include "inlet/v1/inlet.pb.h"
#include "tests/fakes/entries.h"

namespace inlet::ingest {
namespace {

class ViewCacheTest : public ::testing::Test {
 protected:
  void Append(int count) {
    for (int i = 0; i < count; ++i) {
      const uint64_t offset = log_.bounds().next_offset;
      log_.Append(Entry("{\"n\":" + std::to_string(offset) + "}"), Second(1));
    }
  }

  Batch Source(uint64_t offset, uint64_t max_records = 0) {
    Cursor cursor{offset, 0, 0};
    return log_.ReadOrArm(cursor, {256U << 10, max_records, 0}, nullptr).batch;
  }

  // Reads [offset, ...) as a subscriber would, until `end`.
  void ReadTo(uint64_t offset, uint64_t end, uint32_t max_bytes, uint64_t max_records = 0) {
    Cursor cursor{offset, 0, 0};
    while (cursor.offset < end) {
      const Batch source = log_.ReadOrArm(cursor, {256U << 10, max_records, 0}, nullptr).batch;
      auto view = cache_.Find(source, max_bytes);
      if (!view) {
        cache_.Render(source);
        view = cache_.Find(source, max_bytes);
      }
      ASSERT_TRUE(view);
      Check(*view, cursor.offset, max_bytes);
      ASSERT_LE(view->next_offset, source.next_offset);
      cursor = {view->next_offset, source.chunk->id, view->source_end};
    }
  }

  static void Check(const ViewBatch& view, uint64_t expected, uint32_t max_bytes) {
    v1::SubscribeResponse response;
    ASSERT_TRUE(response.ParseFromArray(view.entries.data(), static_cast<int>(view.entries.size())));
    ASSERT_GT(response.records_size(), 0);
    EXPECT_TRUE(view.entries.size() <= max_bytes || response.records_size() == 1);
    for (const v1::Record& record : response.records()) {
      EXPECT_EQ(record.offset(), expected);
      EXPECT_EQ(record.data().fields().at("n").number_value(), static_cast<double>(expected));
      ++expected;
    }
    EXPECT_EQ(view.next_offset, expected);
  }

  RecordLog log_{{"epoch", {}, nullptr, nullptr, Second(0)}};
  ViewCache cache_;
};

TEST_F(ViewCacheTest, WhatIsNotRenderedIsNotFound) {
  Append(10);
  EXPECT_FALSE(cache_.Find(Source(1), 1 << 20));
  cache_.Render(Source(1));
  EXPECT_TRUE(cache_.Find(Source(1), 1 << 20));
  Append(1);
  EXPECT_TRUE(cache_.Find(Source(10), 1 << 20));
  EXPECT_FALSE(cache_.Find(Source(11), 1 << 20));
}

TEST_F(ViewCacheTest, TheLiveEndGrowsInFewParts) {
  for (int i = 0; i < 500; ++i) {
    Append(1);
    cache_.Render(Source(log_.bounds().next_offset - 1));
  }
  const uint64_t first = Source(500).chunk->first_offset;
  int parts = 0;
  for (uint64_t offset = first; offset < 501; ++parts) offset = cache_.Find(Source(offset), 1 << 20)->next_offset;
  EXPECT_LT(parts, 10) << "parts double, so that they stay few";
  ReadTo(1, 501, 1 << 20);
}

TEST_F(ViewCacheTest, HistoryAndLiveMeetWithoutOverlap) {
  Append(40);
  cache_.Render(Source(30));
  ReadTo(10, 41, 1 << 20);
  ReadTo(1, 41, 1 << 20);
  ReadTo(25, 41, 100);
}

TEST_F(ViewCacheTest, CountLimitsOfTheReaderHold) {
  Append(100);
  cache_.Render(Source(1));
  const auto view = cache_.Find(Source(5, 3), 1 << 20);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->next_offset, 8U);
}

TEST_F(ViewCacheTest, AViewInUseOutlivesItsEviction) {
  ViewCache small(8 << 10);
  Append(1);
  small.Render(Source(1));
  const auto view = small.Find(Source(1), 1 << 20);
  ASSERT_TRUE(view);
  const std::string before(view->entries);
  for (int i = 0; i < 100; ++i) {
    Append(100);
    small.Render(Source(log_.bounds().next_offset - 1));
  }
  EXPECT_LE(small.size(), (8U << 10) + 2 * RecordLog::kMaxChunkBytes);
  EXPECT_EQ(view->entries, before);
  EXPECT_FALSE(small.Find(Source(1), 1 << 20)) << "evicted";
}

TEST_F(ViewCacheTest, ReadersOfSingleRecordsTakeLittleMemory) {
  Append(4000);
  for (uint64_t offset = 1; offset < 4000; offset += 2) cache_.Render(Source(offset, 1));
  EXPECT_LE(cache_.size(), 1U << 20);
  ReadTo(1, 4001, 5000);
}

TEST_F(ViewCacheTest, RandomReadersAllSeeTheSame) {
  std::mt19937 random(7);
  Append(3000);
  for (int i = 0; i < 300; ++i) {
    Append(static_cast<int>(random() % 20));
    const uint64_t next = log_.bounds().next_offset;
    const uint64_t from = 1 + random() % (next - 1);
    const uint64_t to = std::min<uint64_t>(next, from + random() % 500);
    ReadTo(from, to, 50 + random() % 5000, random() % 2 == 0 ? 0 : 1 + random() % 50);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace inlet::ingest
