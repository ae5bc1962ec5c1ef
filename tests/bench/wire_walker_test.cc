// Counting by tags and lengths finds what the generated classes find.
#include "bench/read/wire_walker.h"

#include <gtest/gtest.h>

#include "inlet/v1/inlet.pb.h"

namespace inlet::bench {
namespace {

v1::SubscribeResponse WithOffsets(std::initializer_list<uint64_t> offsets) {
  v1::SubscribeResponse response;
  for (const uint64_t offset : offsets) {
    v1::Record* record = response.add_records();
    record->set_offset(offset);
    record->mutable_receive_time()->set_seconds(1'700'000'000);
    record->set_connection(300);
    record->set_json(R"({"ts":"0000000000000000500"})");
  }
  return response;
}

class WireWalkerTest : public testing::Test {
 protected:
  bool Walk(const v1::SubscribeResponse& response) { return Walk(response.SerializeAsString()); }
  bool Walk(const std::string& wire) { return WalkResponse(wire, &offsets_, &notices_, &stamps_); }

  OffsetCheck offsets_;
  Notices notices_;
  StampSink stamps_;
};

TEST_F(WireWalkerTest, CountsRecordsAcrossResponses) {
  ASSERT_TRUE(Walk(WithOffsets({7, 8, 9})));
  ASSERT_TRUE(Walk(WithOffsets({10})));
  EXPECT_EQ(offsets_.records, 4U);
  EXPECT_EQ(offsets_.missing, 0U);
  EXPECT_EQ(offsets_.last, 10U);
}

TEST_F(WireWalkerTest, ReportsHolesAndOffsetsThatDoNotRise) {
  ASSERT_TRUE(Walk(WithOffsets({1, 5, 5, 4, 6})));
  EXPECT_EQ(offsets_.missing, 3U);
  EXPECT_EQ(offsets_.backwards, 2U);
}

TEST_F(WireWalkerTest, TellsNotices) {
  v1::SubscribeResponse response;
  response.mutable_notice()->mutable_started();
  ASSERT_TRUE(Walk(response));
  EXPECT_TRUE(notices_.started);
  EXPECT_FALSE(notices_.gap);
  response.mutable_notice()->mutable_gap();
  ASSERT_TRUE(Walk(response));
  EXPECT_TRUE(notices_.gap);
  response.mutable_notice()->mutable_ending();
  ASSERT_TRUE(Walk(response));
  EXPECT_TRUE(notices_.ending);
  EXPECT_EQ(offsets_.records, 0U);
}

TEST_F(WireWalkerTest, RefusesEveryResponseThatIsCutInsideARecord) {
  const std::string wire = WithOffsets({1}).SerializeAsString();
  for (size_t size = 1; size < wire.size(); ++size) EXPECT_FALSE(Walk(wire.substr(0, size))) << size;
}

TEST_F(WireWalkerTest, MeasuresFromTheStampOfEitherView) {
  Histogram latency;
  stamps_.latency_nanos = &latency;
  stamps_.now = 600;
  v1::SubscribeResponse response = WithOffsets({1});
  v1::Record* record = response.add_records();
  record->set_offset(2);
  (*record->mutable_data()->mutable_fields())["ts"].set_string_value("0000000000000000500");
  (*record->mutable_data()->mutable_fields())["other"].set_number_value(1);
  ASSERT_TRUE(Walk(response));
  EXPECT_EQ(latency.count(), 2U);
  EXPECT_EQ(latency.max(), 100U);
  EXPECT_EQ(stamps_.without_stamp, 0U);
}

TEST_F(WireWalkerTest, CountsRecordsWithoutAStamp) {
  Histogram latency;
  stamps_.latency_nanos = &latency;
  stamps_.now = 499;  // before the stamp: another clock
  ASSERT_TRUE(Walk(WithOffsets({1})));
  EXPECT_EQ(stamps_.without_stamp, 1U);
  EXPECT_EQ(latency.count(), 0U);
}

}  // namespace
}  // namespace inlet::bench
