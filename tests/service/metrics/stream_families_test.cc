// What streams count is to be seen for each of them, and for all where they are too many.
#include "service/metrics/stream_families.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/service/metrics/samples.h"
#include "tests/service/registry_fixture.h"

namespace inlet::metrics {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

class StreamFamiliesTest : public service::RegistryFixture {
 protected:
  std::set<std::string> Samples(size_t max_streams = 1000) const {
    const auto next = [this](std::string_view after, size_t limit) { return registry_->ListAfter(after, limit); };
    return SamplesOf(StreamFamilies(next, max_streams));
  }
  // On the loop's thread, and done when it returns.
  void Bring(const std::string& stream, const std::string& text) {
    EXPECT_TRUE(service::RunOnLoop(loop_, [&] {
      const ingest::WallTime at(std::chrono::milliseconds(1'700'000'000'500));
      registry_->Find(stream)->OnMessage({text, 1, at});
    }));
  }
};

TEST_F(StreamFamiliesTest, EachStreamHasItsFigures) {
  Create("demo", "/demo");
  Bring("demo", R"([{"a":1},{"a":2}])");
  Bring("demo", "nope");
  EXPECT_THAT(Samples(), IsSupersetOf({
                             R"(inlet_stream_state{stream="demo",state="LISTENING"} 1)",
                             R"(inlet_stream_messages_total{stream="demo"} 2)",
                             R"(inlet_stream_message_bytes_total{stream="demo"} 21)",
                             R"(inlet_stream_records_total{stream="demo"} 2)",
                             R"(inlet_stream_rejects_total{stream="demo"} 1)",
                             R"(inlet_stream_rejects_by_reason_total{stream="demo",reason="INVALID_JSON"} 1)",
                             R"(inlet_stream_last_record_timestamp_seconds{stream="demo"} 1700000000.5)",
                             R"(inlet_stream_connections{stream="demo"} 0)",
                         }));
}

TEST_F(StreamFamiliesTest, AStreamWithoutRecordsHasNoTimeOfTheLast) {
  Create("demo", "/demo");
  EXPECT_THAT(Samples(), Not(Contains(StartsWith("inlet_stream_last_record_timestamp_seconds"))));
}

TEST_F(StreamFamiliesTest, EveryStateOfTheContractIsCounted) {
  Create("a", "/a");
  Create("b", "/b");
  ASSERT_TRUE(registry_->Pause("b").ok());
  EXPECT_THAT(Samples(), IsSupersetOf({
                             R"(inlet_streams{state="LISTENING"} 1)",
                             R"(inlet_streams{state="PAUSED"} 1)",
                             R"(inlet_streams{state="FAILED"} 0)",
                             R"(inlet_streams{state="STALLED"} 0)",
                         }));
  EXPECT_THAT(Samples(), Not(Contains(HasSubstr("UNSPECIFIED"))));
}

TEST_F(StreamFamiliesTest, StreamsBeyondTheLimitAreLeftOutAndStillCounted) {
  for (const char* name : {"a", "b", "c"}) Create(name, std::string("/") + name);
  const std::set<std::string> samples = Samples(2);
  EXPECT_THAT(samples, Contains("inlet_streams_left_out 1"));
  EXPECT_THAT(samples, Contains(R"(inlet_streams{state="LISTENING"} 3)"));
  EXPECT_THAT(samples, Contains(HasSubstr(R"(stream="b")")));
  EXPECT_THAT(samples, Not(Contains(HasSubstr(R"(stream="c")"))));
}

TEST_F(StreamFamiliesTest, WithoutStreamsThereIsNoFigureOfOne) {
  EXPECT_THAT(Samples(), Not(Contains(HasSubstr("stream="))));
  EXPECT_THAT(Samples(), Contains("inlet_streams_left_out 0"));
}

}  // namespace
}  // namespace inlet::metrics
