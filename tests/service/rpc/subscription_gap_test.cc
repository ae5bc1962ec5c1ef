// A gap of the source is a record like any other for a subscription: in place, counted, in both views.
#include <gtest/gtest.h>

#include <utility>

#include "ingest/record_writer.h"
#include "service/rpc/subscription.h"
#include "tests/fakes/entries.h"
#include "tests/fakes/fake_waker.h"

namespace inlet::rpc {
namespace {

using ingest::Second;
using Kind = Step::Kind;
using Cases = std::vector<v1::Record::PayloadCase>;

class SubscriptionGapTest : public ::testing::TestWithParam<bool> {
 protected:
  SubscriptionGapTest() { log_->SetState(ingest::SourceState::kConnected, "connected"); }

  void AppendRecord(int64_t second) { log_->Append(ingest::Entry(R"({"a":1})", Second(second)), Second(second)); }
  void AppendGap(int64_t start, int64_t end) {
    ingest::PaddedBuffer out;
    ingest::AppendGapEntry({Second(end), 0}, {Second(start), Second(end), "closed with 1006"}, out);
    log_->Append(out.view(), Second(end));
  }

  void Begin(ingest::Start start, uint32_t max_records = 0) {
    SubscribeOptions options;
    options.start = std::move(start);
    options.data_view = GetParam();
    options.max_records = max_records;
    auto begun = Subscription::Begin(std::move(options), {"demo", log_, Second(0)}, views_);
    ASSERT_TRUE(begun.ok()) << begun.status();
    subscription_ = *std::move(begun);
  }

  // Payloads of what comes until there is nothing more.
  Cases Read() {
    Cases cases;
    for (Step step = subscription_->Next(reader_); step.kind != Kind::kWait && step.kind != Kind::kEnd;
         step = subscription_->Next(reader_)) {
      if (step.kind == Kind::kRender) views_.Render(step.source);
      if (step.kind != Kind::kRecords) continue;
      v1::SubscribeResponse response;
      EXPECT_TRUE(response.ParseFromArray(step.bytes.data(), static_cast<int>(step.bytes.size())));
      for (const v1::Record& record : response.records()) cases.push_back(record.payload_case());
    }
    return cases;
  }

  v1::Record::PayloadCase Plain() const { return GetParam() ? v1::Record::kData : v1::Record::kJson; }

  static constexpr auto kGap = v1::Record::kGap;

  ingest::FakeWaker waker_;
  ingest::ViewCache views_;
  std::shared_ptr<ingest::RecordLog> log_ =
      std::make_shared<ingest::RecordLog>(ingest::RecordLog::Options{"epoch", {}, &waker_, nullptr, Second(0)});
  std::shared_ptr<ingest::LogReader> reader_ = std::make_shared<ingest::LogReader>();
  std::unique_ptr<Subscription> subscription_;
};

TEST_P(SubscriptionGapTest, ALateReaderSeesItAtItsPlace) {
  AppendRecord(1);
  AppendGap(2, 5);
  AppendRecord(6);
  Begin(ingest::StartEarliest{});
  EXPECT_EQ(Read(), (Cases{Plain(), kGap, Plain()}));
}

TEST_P(SubscriptionGapTest, AReaderThatWaitsIsWokenByItAlone) {
  AppendRecord(1);
  Begin(ingest::StartNext{});
  EXPECT_EQ(Read(), Cases{});
  AppendGap(2, 5);
  EXPECT_EQ(waker_.woken.size(), 1U);
  EXPECT_EQ(Read(), Cases{kGap});
}

TEST_P(SubscriptionGapTest, ItCountsForMaxRecordsAndLast) {
  AppendRecord(1);
  AppendGap(2, 5);
  AppendRecord(6);
  Begin(ingest::StartEarliest{}, 2);
  EXPECT_EQ(Read(), (Cases{Plain(), kGap}));
  Begin(ingest::StartLast{2});
  EXPECT_EQ(Read(), (Cases{kGap, Plain()}));
}

TEST_P(SubscriptionGapTest, ItsOffsetAndItsTimeAreStarts) {
  AppendRecord(1);
  AppendGap(2, 5);
  AppendRecord(6);
  Begin(ingest::StartAfter{"epoch", 1});
  EXPECT_EQ(Read(), (Cases{kGap, Plain()}));
  Begin(ingest::StartAfter{"epoch", 2});
  EXPECT_EQ(Read(), (Cases{Plain()}));
  Begin(ingest::StartSince{Second(4)});
  EXPECT_EQ(Read(), (Cases{kGap, Plain()}));
}

INSTANTIATE_TEST_SUITE_P(Views, SubscriptionGapTest, ::testing::Values(false, true),
                         [](const auto& test) { return test.param ? "Data" : "Json"; });

}  // namespace
}  // namespace inlet::rpc
