// What is said about a subscription.
#include "cli/notice_text.h"

#include <gtest/gtest.h>

namespace inlet::cli {
namespace {

v1::Notice Started(uint64_t start, std::string_view reason) {
  v1::Notice notice;
  notice.mutable_started()->set_epoch("kq3f");
  notice.mutable_started()->set_first_offset(1);
  notice.mutable_started()->set_next_offset(4);
  notice.mutable_started()->set_start_offset(start);
  notice.mutable_started()->set_reason(std::string(reason));
  return notice;
}

TEST(NoticeText, TheFirstStartTellsWhereAndALaterOneThatItWasResumed) {
  NoticeText text("demo");
  EXPECT_EQ(text.Describe(Started(4, "listening")), "subscribed to demo, from kq3f:4; 3 records kept; listening");
  EXPECT_EQ(text.Describe(Started(9, "listening")), "resumed at kq3f:9");
}

TEST(NoticeText, AGapTellsWhatIsMissing) {
  NoticeText text("demo");
  v1::Notice notice;
  notice.mutable_gap()->set_first_offset(3);
  notice.mutable_gap()->set_last_offset(9);
  EXPECT_EQ(text.Describe(notice), "gap: records 3 to 9 missing");
  notice.mutable_gap()->mutable_start_time()->set_seconds(1);
  notice.mutable_gap()->set_detail("they were evicted");
  EXPECT_EQ(text.Describe(notice), "gap: they were evicted; from 1970-01-01T00:00:01Z");
}

TEST(NoticeText, AHeartbeatSpeaksOnlyOfNews) {
  NoticeText text("demo");
  text.Describe(Started(1, "nobody is connected"));
  v1::Notice notice;
  notice.mutable_heartbeat()->set_reason("nobody is connected");
  EXPECT_EQ(text.Describe(notice), "");
  notice.mutable_heartbeat()->set_reason("1 peer");
  EXPECT_EQ(text.Describe(notice), "demo: 1 peer");
  EXPECT_EQ(text.Describe(notice), "");
}

TEST(NoticeText, AStateThatNeedsNoReasonIsToldByItsName) {
  NoticeText text("demo");
  text.Describe(Started(1, "paused by a call"));
  v1::Notice notice;
  notice.mutable_heartbeat()->set_state(v1::StreamStatus::LISTENING);
  EXPECT_EQ(text.Describe(notice), "demo: listening");
  EXPECT_EQ(text.Describe(notice), "");
  notice.mutable_heartbeat()->clear_state();
  EXPECT_EQ(text.Describe(notice), "");
}

constexpr std::chrono::milliseconds kDelay(500);

TEST(NoticeText, AnOutageIsToldOnceForAReason) {
  NoticeText text("demo");
  const Outage refused{Outage::Kind::kUnreachable, "refused", kDelay, {}};
  const Outage stopping{Outage::Kind::kStopping, "a detail", kDelay, {}};
  EXPECT_EQ(text.DescribeRetry(refused), "the service cannot be reached: refused; trying again in 500ms");
  EXPECT_EQ(text.DescribeRetry(refused), "");
  EXPECT_EQ(text.DescribeRetry(stopping), "the service is stopping; trying again in 500ms");
  text.Describe(Started(1, ""));
  EXPECT_NE(text.DescribeRetry(stopping), "");
}

TEST(NoticeText, TheNameOfACodeIsNoReason) {
  const Outage lost{Outage::Kind::kLost, "CANCELLED", kDelay, {}};
  EXPECT_EQ(NoticeText("demo").DescribeRetry(lost), "the connection was lost; trying again in 500ms");
}

TEST(NoticeText, AStreamThatIsNotThereAfterARestartIsWaitedForAndThatIsToldOnce) {
  NoticeText text("demo");
  Outage missing{Outage::Kind::kMissing, "there is no stream", kDelay, std::chrono::seconds(10)};
  EXPECT_EQ(text.DescribeRetry(missing),
            "connected again, but there is no stream demo; waiting 10s for it to be made again");
  missing.patience = std::chrono::seconds(9);
  EXPECT_EQ(text.DescribeRetry(missing), "");
}

TEST(ResumePosition, IsTheRecordAfter) {
  v1::Position position;
  position.set_epoch("kq3f");
  position.set_offset(41);
  EXPECT_EQ(ResumePosition(position), "kq3f:42");
}

TEST(DurationText, IsShort) {
  EXPECT_EQ(DurationText(std::chrono::milliseconds(250)), "250ms");
  EXPECT_EQ(DurationText(std::chrono::milliseconds(1500)), "1.5s");
  EXPECT_EQ(DurationText(std::chrono::milliseconds(20000)), "20s");
}

}  // namespace
}  // namespace inlet::cli
