// A subscription survives what happens to its calls, and gives each record once.
#include "cli/subscription.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/client.h"
#include "tests/cli/fake_service.h"

namespace inlet::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const grpc::Status kLost(grpc::StatusCode::UNAVAILABLE, "Socket closed");

constexpr std::chrono::milliseconds kSoon(1);

v1::SubscribeResponse Started(const std::string& epoch, uint64_t start) {
  v1::SubscribeResponse response;
  response.mutable_notice()->mutable_started()->set_epoch(epoch);
  response.mutable_notice()->mutable_started()->set_start_offset(start);
  return response;
}

v1::SubscribeResponse Records(uint64_t first, uint64_t last) {
  v1::SubscribeResponse response;
  for (uint64_t offset = first; offset <= last; ++offset) response.add_records()->set_offset(offset);
  return response;
}

v1::SubscribeResponse Gap(v1::Gap::Cause cause, uint64_t last) {
  v1::SubscribeResponse response;
  response.mutable_notice()->mutable_gap()->set_cause(cause);
  response.mutable_notice()->mutable_gap()->set_last_offset(last);
  return response;
}

v1::SubscribeResponse Ending(bool retry, const std::string& detail) {
  v1::SubscribeResponse response;
  response.mutable_notice()->mutable_ending()->set_retry(retry);
  response.mutable_notice()->mutable_ending()->set_detail(detail);
  return response;
}

class SubscriptionTest : public testing::Test {
 protected:
  grpc::Status Run(v1::SubscribeRequest request = {}) {
    Client client(service_.address(), std::chrono::seconds(10));
    const SubscriptionHandlers handlers{
        [this](const v1::Record& record, const std::string& epoch) { Take(epoch, record.offset()); },
        [this](const v1::Notice& notice) { gaps_ += notice.has_gap() ? 1 : 0; }, [] {},
        [this](const Outage& outage) {
          retries_.push_back(outage.why);
          outages_.push_back(outage);
        }};
    Subscription subscription(client.streams(), std::move(request), handlers, stop_, backoff_);
    grpc::Status status = subscription.Run();
    position_ = subscription.position();
    return status;
  }

  void Take(const std::string& epoch, uint64_t offset) {
    seen_.push_back(epoch + ":" + std::to_string(offset));
    if (seen_.size() == stop_after_) stop_.Request(Stop::Reason::kSignal);
  }

  FakeService service_;
  Stop stop_;
  std::vector<std::string> seen_;
  std::vector<std::string> retries_;
  std::vector<Outage> outages_;
  Subscription::Backoff backoff_{kSoon, kSoon, 3 * kSoon, kSoon};
  v1::Position position_;
  int gaps_ = 0;
  size_t stop_after_ = 0;
};

TEST_F(SubscriptionTest, ALostConnectionIsResumedBehindTheLastRecord) {
  service_.Play({{Started("e", 1), Records(1, 2)}, kLost});
  service_.Play({{Started("e", 3), Records(3, 4)}, grpc::Status::OK});
  EXPECT_TRUE(Run().ok());
  EXPECT_THAT(seen_, ElementsAre("e:1", "e:2", "e:3", "e:4"));
  EXPECT_THAT(retries_, ElementsAre("Socket closed"));
  ASSERT_EQ(service_.requests().size(), 2U);
  EXPECT_EQ(service_.requests()[1].after().epoch(), "e");
  EXPECT_EQ(service_.requests()[1].after().offset(), 2U);
}

TEST_F(SubscriptionTest, ARecordThatComesAgainIsNotGivenAgain) {
  service_.Play({{Started("e", 1), Records(1, 3)}, kLost});
  service_.Play({{Started("e", 2), Records(2, 5)}, grpc::Status::OK});
  EXPECT_TRUE(Run().ok());
  EXPECT_THAT(seen_, ElementsAre("e:1", "e:2", "e:3", "e:4", "e:5"));
}

TEST_F(SubscriptionTest, BeforeTheFirstRecordItIsResumedWhereItStarted) {
  service_.Play({{Started("e", 8)}, kLost});
  service_.Play({{Started("e", 8), Records(8, 8)}, grpc::Status::OK});
  v1::SubscribeRequest request;
  request.set_last(3);
  EXPECT_TRUE(Run(request).ok());
  EXPECT_THAT(seen_, ElementsAre("e:8"));
  EXPECT_EQ(service_.requests()[1].after().offset(), 7U);
}

TEST_F(SubscriptionTest, ANewEpochBeginsAnewWithAGap) {
  service_.Play({{Started("e", 5), Records(5, 6)}, kLost});
  service_.Play({{Started("f", 1), Gap(v1::Gap::NEW_EPOCH, 0), Records(1, 2)}, grpc::Status::OK});
  EXPECT_TRUE(Run().ok());
  EXPECT_THAT(seen_, ElementsAre("e:5", "e:6", "f:1", "f:2"));
  EXPECT_EQ(gaps_, 1);
}

TEST_F(SubscriptionTest, AGapThatWasToldIsNotToldAgain) {
  service_.Play({{Started("e", 1), Gap(v1::Gap::EVICTED, 9)}, kLost});
  service_.Play({{Started("e", 10), Records(10, 10)}, grpc::Status::OK});
  EXPECT_TRUE(Run().ok());
  EXPECT_EQ(service_.requests()[1].after().offset(), 9U);
  EXPECT_EQ(gaps_, 1);
}

TEST_F(SubscriptionTest, AnEndingWithRetryIsFollowedAndOneWithoutIsNot) {
  service_.Play({{Started("e", 1), Records(1, 1), Ending(true, "draining")}, {grpc::StatusCode::UNAVAILABLE, "x"}});
  service_.Play({{Started("e", 2), Ending(false, "deleted")}, {grpc::StatusCode::NOT_FOUND, "the stream is gone"}});
  const grpc::Status status = Run();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "the stream is gone");
  EXPECT_THAT(retries_, ElementsAre("draining"));
}

TEST_F(SubscriptionTest, AServiceThatIsAwayForLongIsAskedAgainAndAgain) {
  service_.Play({{Started("e", 1)}, kLost});
  for (int i = 0; i < 5; ++i) service_.Play({{}, kLost});
  service_.Play({{Started("e", 1), Records(1, 1)}, grpc::Status::OK});
  EXPECT_TRUE(Run().ok());
  EXPECT_EQ(retries_.size(), 6U);
  EXPECT_THAT(seen_, ElementsAre("e:1"));
}

TEST_F(SubscriptionTest, AReaderThatWasTooSlowGoesOn) {
  service_.Play({{Started("e", 1), Records(1, 1)}, {grpc::StatusCode::CANCELLED, "too slow"}});
  service_.Play({{Started("e", 2), Records(2, 2)}, grpc::Status::OK});
  EXPECT_TRUE(Run().ok());
  EXPECT_THAT(seen_, ElementsAre("e:1", "e:2"));
}

TEST_F(SubscriptionTest, AFirstCallThatFailsIsAnAnswer) {
  service_.Play({{}, kLost});
  EXPECT_EQ(Run().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(retries_, IsEmpty());
}

TEST_F(SubscriptionTest, AStreamThatIsMadeAgainAfterARestartIsFollowed) {
  service_.Play({{Started("e", 1)}, kLost});
  service_.Play({{}, {grpc::StatusCode::NOT_FOUND, "no stream demo"}});
  service_.Play({{Started("f", 1), Records(1, 1)}, grpc::Status::OK});
  EXPECT_TRUE(Run().ok());
  EXPECT_THAT(seen_, ElementsAre("f:1"));
}

TEST_F(SubscriptionTest, AStreamThatStaysUnknownAfterARestartIsAnErrorInTheEnd) {
  service_.Play({{Started("e", 1)}, kLost});
  for (int i = 0; i < 4; ++i) service_.Play({{}, {grpc::StatusCode::NOT_FOUND, "no stream demo"}});
  EXPECT_EQ(Run().error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(retries_.size(), 4U);
}

TEST_F(SubscriptionTest, WhileTheStreamIsMissingItIsAskedForOften) {
  backoff_ = {std::chrono::milliseconds(20), std::chrono::milliseconds(20), std::chrono::milliseconds(4), 2 * kSoon};
  service_.Play({{Started("e", 1)}, kLost});
  for (int i = 0; i < 3; ++i) service_.Play({{}, {grpc::StatusCode::NOT_FOUND, "no stream demo"}});
  EXPECT_EQ(Run().error_code(), grpc::StatusCode::NOT_FOUND);
  ASSERT_EQ(outages_.size(), 3U);
  EXPECT_EQ(outages_[0].delay.count(), 20);
  EXPECT_EQ(outages_[1].delay.count(), 2);
  EXPECT_EQ(outages_[1].patience.count(), 4);
  EXPECT_EQ(outages_[2].patience.count(), 2);
}

TEST_F(SubscriptionTest, AnOutageSaysOfWhatKindItIs) {
  v1::SubscribeResponse stopping = Ending(true, "draining");
  stopping.mutable_notice()->mutable_ending()->set_reason(v1::DRAINING);
  service_.Play({{Started("e", 1), stopping}, {grpc::StatusCode::UNAVAILABLE, "x"}});
  service_.Play({{}, kLost});
  service_.Play({{}, {grpc::StatusCode::NOT_FOUND, "no stream demo"}});
  service_.Play({{Started("f", 1)}, {grpc::StatusCode::CANCELLED, "CANCELLED"}});
  service_.Play({{Started("f", 1)}, {grpc::StatusCode::RESOURCE_EXHAUSTED, "too slow"}});
  service_.Play({{Started("f", 1)}, grpc::Status::OK});
  EXPECT_TRUE(Run().ok());
  std::vector<Outage::Kind> kinds;
  kinds.reserve(outages_.size());
  for (const Outage& outage : outages_) kinds.push_back(outage.kind);
  EXPECT_THAT(kinds, ElementsAre(Outage::Kind::kStopping, Outage::Kind::kUnreachable, Outage::Kind::kMissing,
                                 Outage::Kind::kLost, Outage::Kind::kCut));
}

TEST_F(SubscriptionTest, TheLimitCountsOverAllCalls) {
  service_.Play({{Started("e", 1), Records(1, 2)}, kLost});
  service_.Play({{Started("e", 3), Records(3, 9)}, grpc::Status::OK, true});
  v1::SubscribeRequest request;
  request.set_max_records(3);
  EXPECT_TRUE(Run(request).ok());
  EXPECT_THAT(seen_, ElementsAre("e:1", "e:2", "e:3"));
  EXPECT_EQ(service_.requests()[1].max_records(), 1U);
}

TEST_F(SubscriptionTest, AStopEndsACallThatHangsAndKeepsThePosition) {
  stop_after_ = 2;
  service_.Play({{Started("e", 1), Records(1, 5)}, grpc::Status::OK, true});
  EXPECT_TRUE(Run().ok());
  EXPECT_THAT(seen_, ElementsAre("e:1", "e:2"));
  EXPECT_EQ(position_.epoch(), "e");
  EXPECT_EQ(position_.offset(), 2U);
}

TEST_F(SubscriptionTest, AStopBeforeTheStartMakesNoRecords) {
  stop_.Request(Stop::Reason::kSignal);
  service_.Play({{Started("e", 1), Records(1, 5)}, grpc::Status::OK});
  EXPECT_TRUE(Run().ok());
  EXPECT_THAT(seen_, IsEmpty());
}

}  // namespace
}  // namespace inlet::cli
