// A stop reaches what waits and what runs, whenever it comes.
#include "cli/stop.h"

#include <gtest/gtest.h>

#include <thread>

namespace inlet::cli {
namespace {

TEST(Stop, CancelsTheCallInProgressOnce) {
  Stop stop;
  int cancelled = 0;
  stop.SetCancel([&cancelled] { ++cancelled; });
  EXPECT_FALSE(stop.requested());
  stop.Request(Stop::Reason::kSignal);
  stop.Request(Stop::Reason::kSignal);
  EXPECT_TRUE(stop.requested());
  EXPECT_EQ(cancelled, 1);
}

TEST(Stop, KeepsTheFirstReason) {
  Stop stop;
  EXPECT_EQ(stop.reason(), Stop::Reason::kNone);
  stop.Request(Stop::Reason::kOutputClosed);
  stop.Request(Stop::Reason::kSignal);
  EXPECT_EQ(stop.reason(), Stop::Reason::kOutputClosed);
}

TEST(Stop, CancelsACallThatComesLater) {
  Stop stop;
  stop.Request(Stop::Reason::kSignal);
  int cancelled = 0;
  stop.SetCancel([&cancelled] { ++cancelled; });
  EXPECT_EQ(cancelled, 1);
}

TEST(Stop, EndsAWait) {
  Stop stop;
  EXPECT_FALSE(stop.WaitFor(std::chrono::milliseconds(0)));
  std::thread other([&stop] { stop.Request(Stop::Reason::kSignal); });
  EXPECT_TRUE(stop.WaitFor(std::chrono::minutes(1)));
  other.join();
}

}  // namespace
}  // namespace inlet::cli
