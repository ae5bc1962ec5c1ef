// Delays grow, are spread, and obey their bounds.
#include "ingest/backoff.h"

#include <gtest/gtest.h>

#include <limits>

namespace inlet::ingest {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

class BackoffTest : public ::testing::Test {
 protected:
  BackoffTest() : backoff_({500ms, 30s}, [this] { return dice_; }) {}

  void ExpectNear(nanoseconds delay, nanoseconds expected) {
    EXPECT_LE(delay, expected);
    EXPECT_GE(delay, expected - 1ms);
  }

  double dice_ = 0.9999999;
  Backoff backoff_;
};

TEST_F(BackoffTest, TheCeilingDoublesFromInitialToMax) {
  for (const nanoseconds expected : {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 30000ms, 30000ms, 30000ms}) {
    ExpectNear(backoff_.AfterFailure({}), expected);
  }
}

TEST_F(BackoffTest, TheDelayLiesAnywhereBelowTheCeiling) {
  dice_ = 0;
  EXPECT_EQ(backoff_.AfterFailure({}), 0ns);
  dice_ = 0.25;
  EXPECT_EQ(backoff_.AfterFailure({}), 250ms) << "a quarter of the second ceiling";
}

TEST_F(BackoffTest, AMinuteOfLifeStartsAnew) {
  for (int i = 0; i < 5; ++i) backoff_.AfterFailure({});
  ExpectNear(backoff_.AfterConnection({60s, true}), 500ms);
}

TEST_F(BackoffTest, LessThanAMinuteDoesNot) {
  for (int i = 0; i < 3; ++i) backoff_.AfterConnection({59s, true});
  ExpectNear(backoff_.AfterConnection({59s, true}), 4s);
}

TEST_F(BackoffTest, WhoGivesARecordAndHangsUpIsNotHammered) {
  dice_ = 0;
  EXPECT_EQ(backoff_.AfterConnection({1s, true}), 250ms);
  EXPECT_EQ(backoff_.AfterConnection({1h, true}), 250ms);
  EXPECT_EQ(backoff_.AfterConnection({1s, false}), 0ns);
}

TEST_F(BackoffTest, WhatCannotHealWaitsForTheMaximumAtOnce) {
  dice_ = 0;
  EXPECT_EQ(backoff_.AfterFailure({.can_heal = false, .retry_after = {}}), 30s);
  dice_ = 0.9999999;
  ExpectNear(backoff_.AfterFailure({.can_heal = false, .retry_after = {}}), 27001ms);
  ExpectNear(backoff_.AfterFailure({}), 30s);
}

TEST_F(BackoffTest, RetryAfterIsObeyedWithinBounds) {
  EXPECT_EQ(backoff_.AfterFailure({.can_heal = true, .retry_after = 7s}), 7s);
  EXPECT_EQ(backoff_.AfterFailure({.can_heal = true, .retry_after = 100h}), 1h);
  EXPECT_EQ(backoff_.AfterFailure({.can_heal = true, .retry_after = std::chrono::seconds::max()}), 1h);
  EXPECT_EQ(backoff_.AfterFailure({.can_heal = false, .retry_after = 120s}), 120s);
}

TEST_F(BackoffTest, RetryAfterNeverShortensTheDelay) {
  ExpectNear(backoff_.AfterFailure({.can_heal = true, .retry_after = 0s}), 500ms);
  ExpectNear(backoff_.AfterFailure({.can_heal = true, .retry_after = std::chrono::seconds::min()}), 1s);
}

TEST(Backoff, SettingsThatMakeNoSenseStillWait) {
  Backoff backoff({0ms, 0ms}, [] { return 0.5; });
  EXPECT_EQ(backoff.AfterFailure({}), 500us);
  Backoff reversed({10s, 1s}, [] { return 0.5; });
  EXPECT_EQ(reversed.AfterFailure({}), 5s);
  EXPECT_EQ(reversed.AfterFailure({}), 5s);
}

TEST(Backoff, ManyFailuresDoNotOverflow) {
  Backoff backoff({500ms, std::chrono::milliseconds(24h)}, [] { return 0.99; });
  nanoseconds longest{0};
  for (int i = 0; i < 10'000; ++i) longest = std::max(longest, backoff.AfterFailure({}));
  EXPECT_LE(longest, 24h);
  EXPECT_GT(longest, 23h);
}

}  // namespace
}  // namespace inlet::ingest
