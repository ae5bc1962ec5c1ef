// A stall is found in time, once, and never while records come.
#include "ingest/stall_watch.h"

#include <gtest/gtest.h>

#include "tests/fakes/fake_loop.h"

namespace inlet::ingest {
namespace {

using namespace std::chrono_literals;

class StallWatchTest : public ::testing::Test {
 protected:
  FakeLoop loop_;
  int stalls_ = 0;
  StallWatch watch_{loop_, 10s, [this] { ++stalls_; }};
};

TEST_F(StallWatchTest, SilenceIsAStallOnce) {
  watch_.Start();
  loop_.Advance(9s);
  EXPECT_EQ(stalls_, 0);
  loop_.Advance(1s);
  EXPECT_EQ(stalls_, 1);
  loop_.Advance(1h);
  EXPECT_EQ(stalls_, 1);
  EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(StallWatchTest, ARecordStartsTheTimeAnew) {
  watch_.Start();
  loop_.Advance(9s);
  watch_.OnRecord();
  EXPECT_EQ(loop_.timers(), 1U) << "a record moves no timer";
  loop_.Advance(9s);
  EXPECT_EQ(stalls_, 0);
  loop_.Advance(1s);
  EXPECT_EQ(stalls_, 1) << "10 s after the record, not later";
}

TEST_F(StallWatchTest, AStoppedWatchSaysNothing) {
  watch_.Start();
  watch_.Stop();
  watch_.OnRecord();
  loop_.Advance(1h);
  EXPECT_EQ(stalls_, 0);
  watch_.Start();
  loop_.Advance(10s);
  EXPECT_EQ(stalls_, 1);
}

TEST(StallWatch, ATimeOutOfZeroNeverPasses) {
  FakeLoop loop;
  StallWatch watch(loop, 0s, [] { FAIL(); });
  watch.Start();
  watch.OnRecord();
  EXPECT_EQ(loop.timers(), 0U);
  loop.Advance(24h);
}

}  // namespace
}  // namespace inlet::ingest
