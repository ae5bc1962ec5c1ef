// The wheel of deadlines rings once, not before its time and at most a tick late.
#include "ingest/ws/deadline_wheel.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "tests/ingest/ws/server_fixture.h"

namespace inlet::ws {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// --- deadlines

class Alarm final : public DeadlineWheel::Entry {
 public:
  std::function<void()> on_deadline;
  int rang = 0;

 private:
  void OnDeadline() override {
    ++rang;
    if (on_deadline) on_deadline();
  }
};

class DeadlineWheelTest : public testing::Test {
 protected:
  void Advance(std::chrono::nanoseconds step) { wheel_.Advance(now_ += step); }

  ingest::SteadyTime now_{seconds(1000)};
  DeadlineWheel wheel_{now_};
};

TEST_F(DeadlineWheelTest, RingsOnceNotBeforeItsTimeAndAtMostATickLate) {
  Alarm alarm;
  wheel_.Set(alarm, now_ + milliseconds(250));
  Advance(milliseconds(249));
  EXPECT_EQ(alarm.rang, 0);
  Advance(milliseconds(1) + DeadlineWheel::kTick);
  EXPECT_EQ(alarm.rang, 1);
  EXPECT_TRUE(wheel_.empty());
  Advance(seconds(1000));
  EXPECT_EQ(alarm.rang, 1);
}

TEST_F(DeadlineWheelTest, KeepsADeadlineOfManyRevolutions) {
  Alarm alarm;
  wheel_.Set(alarm, now_ + seconds(3600));
  for (int i = 0; i < 3599; ++i) Advance(seconds(1));
  EXPECT_EQ(alarm.rang, 0);
  Advance(seconds(1) + DeadlineWheel::kTick);
  EXPECT_EQ(alarm.rang, 1);
}

TEST_F(DeadlineWheelTest, RingsAfterALongSleep) {
  Alarm near;
  Alarm far;
  Advance(seconds(5000));  // nothing was set
  wheel_.Set(near, now_ + seconds(1));
  wheel_.Set(far, now_ + seconds(500));
  Advance(seconds(400));
  EXPECT_EQ(near.rang, 1);
  EXPECT_EQ(far.rang, 0);
  Advance(seconds(101));
  EXPECT_EQ(far.rang, 1);
}

TEST_F(DeadlineWheelTest, RingsForADeadlineThatHasPassed) {
  Alarm alarm;
  wheel_.Set(alarm, now_ - seconds(5));
  Advance(2 * DeadlineWheel::kTick);
  EXPECT_EQ(alarm.rang, 1);
}

TEST_F(DeadlineWheelTest, MovesAndCancels) {
  Alarm moved;
  Alarm cancelled;
  {
    Alarm destroyed;
    wheel_.Set(destroyed, now_ + seconds(1));
  }
  wheel_.Set(moved, now_ + seconds(1));
  wheel_.Set(cancelled, now_ + seconds(1));
  wheel_.Set(moved, now_ + seconds(10));
  DeadlineWheel::Cancel(cancelled);
  Advance(seconds(9));
  EXPECT_EQ(moved.rang, 0);
  Advance(seconds(2));
  EXPECT_EQ(moved.rang, 1);
  EXPECT_EQ(cancelled.rang, 0);
}

TEST_F(DeadlineWheelTest, AnAlarmMayDestroyOthersAndSetItselfAgain) {
  Alarm first;
  auto second = std::make_unique<Alarm>();
  wheel_.Set(first, now_ + seconds(1));
  wheel_.Set(*second, now_ + seconds(1));
  first.on_deadline = [&] {
    second.reset();
    wheel_.Set(first, now_ + seconds(1));
  };
  Advance(seconds(1) + DeadlineWheel::kTick);
  EXPECT_EQ(first.rang, 1);
  Advance(seconds(1) + DeadlineWheel::kTick);
  EXPECT_EQ(first.rang, 2);
}

}  // namespace
}  // namespace inlet::ws
