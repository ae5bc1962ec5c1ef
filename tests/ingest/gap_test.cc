// Between two connections of a client-role stream the log has a gap, at its place, for every reader.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "ingest/record_reader.h"
#include "ingest/stream.h"
#include "ingest/view_cache.h"
#include "inlet/v1/inlet.pb.h"
#include "tests/fakes/entries.h"
#include "tests/fakes/fake_loop.h"
#include "tests/fakes/fake_source.h"

namespace inlet::ingest {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

std::string DescribeRecord(const v1::Record& record) {
  switch (record.payload_case()) {
    case v1::Record::kJson:
      return record.json();
    case v1::Record::kData:
      return "data " + std::to_string(static_cast<int>(record.data().fields().at("n").number_value()));
    case v1::Record::kGap:
      return "gap " + record.gap().detail();
    default:
      return "nothing";
  }
}

class GapTest : public ::testing::Test {
 protected:
  GapTest() { MakeStream(ClientRole{}); }

  template <typename Role>
  void MakeStream(Role role, RetentionLimits retention = {}) {
    StreamSpec spec;
    spec.name = "demo";
    spec.role = std::move(role);
    Stream::Options options;
    options.spec = std::make_shared<const StreamSpec>(std::move(spec));
    options.loop = &loop_;
    options.publisher = &publisher_;
    options.log = log_ =
        std::make_shared<RecordLog>(RecordLog::Options{"epoch", retention, nullptr, nullptr, Second(0)});
    stream_ = std::make_unique<Stream>(std::move(options), sources_);
    ASSERT_TRUE(stream_->Start().ok());
    connection_ = 0;
    log_->SetState(SourceState::kConnected, "connected");
  }

  void Connect() { sources_.sink("demo").OnConnect({.id = ++connection_, .peer = "10.0.0.1:80"}); }
  void Disconnect(uint16_t code, std::string_view reason = {}) {
    sources_.sink("demo").OnDisconnect(connection_, code, reason);
  }
  void Send(std::string_view text) { sources_.sink("demo").OnMessage({text, connection_, loop_.TurnTime()}); }

  // From a connection with a record over an outage of 5 s to a connection with another.
  void HaveAnOutage() {
    Connect();
    Send(R"({"n":1})");
    Disconnect(1011, "overload");
    loop_.Advance(5s);
    Connect();
    Send(R"({"n":2})");
    publisher_.Publish();
  }

  std::vector<v1::Record> ReadJson(uint64_t offset = 1, uint64_t max_records = 0) {
    std::vector<v1::Record> records;
    for (Cursor cursor{offset, 0, 0}; max_records == 0 || records.size() < max_records;) {
      const ReadResult result = log_->ReadOrArm(cursor, {1U << 20, max_records, log_->state().version}, nullptr);
      if (result.outcome != ReadResult::Outcome::kRecords) break;
      std::ranges::move(Parse(result.batch.entries()), std::back_inserter(records));
      cursor = result.batch.Next();
    }
    return records;
  }

  std::vector<v1::Record> ReadData(uint64_t offset = 1) {
    Cursor cursor{offset, 0, 0};
    const ReadResult result = log_->ReadOrArm(cursor, {1U << 20, 0, log_->state().version}, nullptr);
    if (result.outcome != ReadResult::Outcome::kRecords) return {};
    views_.Render(result.batch);
    return Parse(views_.Find(result.batch, 1U << 20)->entries);
  }

  static std::vector<v1::Record> Parse(std::string_view entries) {
    v1::SubscribeResponse response;
    EXPECT_TRUE(response.ParseFromArray(entries.data(), static_cast<int>(entries.size())));
    return {response.records().begin(), response.records().end()};
  }

  static Lines DescribeRecord(const std::vector<v1::Record>& records) {
    Lines lines;
    for (const v1::Record& record : records) lines.push_back(ingest::DescribeRecord(record));
    return lines;
  }

  FakeLoop loop_;
  FakeSourceFactory sources_;
  Publisher publisher_;
  ViewCache views_;
  std::shared_ptr<RecordLog> log_;
  std::unique_ptr<Stream> stream_;
  uint64_t connection_ = 0;
};

constexpr auto kGap = "gap the connection was closed with 1011: overload";

TEST_F(GapTest, BothViewsSeeItAtItsPlace) {
  HaveAnOutage();
  EXPECT_EQ(DescribeRecord(ReadJson()), (Lines{R"({"n":1})", kGap, R"({"n":2})"}));
  EXPECT_EQ(DescribeRecord(ReadData()), (Lines{"data 1", kGap, "data 2"}));
}

TEST_F(GapTest, ItTellsCauseTimesAndWhy) {
  HaveAnOutage();
  const v1::Record record = ReadJson(2, 1).at(0);
  EXPECT_EQ(record.offset(), 2U);
  EXPECT_EQ(record.connection(), 0U);
  EXPECT_EQ(record.receive_time().seconds(), 1005);
  EXPECT_EQ(record.gap().cause(), v1::Gap::SOURCE_DOWN);
  EXPECT_EQ(record.gap().start_time().seconds(), 1000);
  EXPECT_EQ(record.gap().end_time().seconds(), 1005);
  EXPECT_EQ(record.gap().first_offset(), 0U);
  EXPECT_EQ(record.gap().last_offset(), 0U);
}

TEST_F(GapTest, AReaderThatBeginsAtOrAfterItSeesTheRest) {
  HaveAnOutage();
  EXPECT_EQ(DescribeRecord(ReadJson(2)), (Lines{kGap, R"({"n":2})"}));
  EXPECT_EQ(DescribeRecord(ReadData(2)), (Lines{kGap, "data 2"}));
  EXPECT_EQ(DescribeRecord(ReadData(3)), (Lines{"data 2"}));
}

TEST_F(GapTest, AReaderThatWasThereBeforeSeesTheSame) {
  Connect();
  Send(R"({"n":1})");
  publisher_.Publish();
  EXPECT_EQ(DescribeRecord(ReadData()), (Lines{"data 1"})) << "rendered before the outage";
  Disconnect(1011, "overload");
  publisher_.Publish();
  EXPECT_EQ(ReadJson(2).size(), 0U) << "written when the source is back";
  loop_.Advance(5s);
  Connect();
  publisher_.Publish();
  EXPECT_EQ(DescribeRecord(ReadData(2)), (Lines{kGap}));
  Send(R"({"n":2})");
  publisher_.Publish();
  EXPECT_EQ(DescribeRecord(ReadJson()), (Lines{R"({"n":1})", kGap, R"({"n":2})"}));
}

TEST_F(GapTest, TheFirstConnectionMakesNone) {
  loop_.Advance(5s);
  Connect();
  Send(R"({"n":1})");
  publisher_.Publish();
  EXPECT_EQ(DescribeRecord(ReadJson()), (Lines{R"({"n":1})"}));
}

TEST_F(GapTest, AConnectionCutBeforeItsFirstRecordLeavesOneToo) {
  Connect();
  Disconnect(1006);
  loop_.Advance(1s);
  Connect();
  Disconnect(1006);
  loop_.Advance(1s);
  Connect();
  publisher_.Publish();
  const std::string gap = "gap the connection was closed with 1006 (no close frame)";
  EXPECT_EQ(DescribeRecord(ReadJson()), (Lines{gap, gap}));
  EXPECT_EQ(ReadJson().at(0).gap().end_time().seconds(), 1001);
  EXPECT_EQ(ReadJson().at(1).gap().start_time().seconds(), 1001);
}

TEST_F(GapTest, TheServerRoleMakesNone) {
  MakeStream(ServerRole{.path = "/demo"});
  Connect();
  Disconnect(1006);
  Connect();
  publisher_.Publish();
  EXPECT_EQ(ReadJson().size(), 0U);
}

TEST_F(GapTest, ItIsNoRecordOfTheStreamsOwnFigures) {
  HaveAnOutage();
  EXPECT_EQ(stream_->Snapshot().records, 2U);
  Disconnect(1000);
  loop_.Advance(100s);
  Connect();
  publisher_.Publish();
  EXPECT_EQ(stream_->Snapshot().last_record_time, Second(1005)) << "a feed that only comes and goes is silent";
}

TEST_F(GapTest, ATimeFindsIt) {
  HaveAnOutage();
  EXPECT_EQ(log_->OffsetSince(Second(1000)), 1U);
  EXPECT_EQ(log_->OffsetSince(Second(1001)), 2U);
}

TEST_F(GapTest, RetentionCountsIt) {
  RetentionLimits two;
  two.max_records = 2;
  MakeStream(ClientRole{}, two);
  HaveAnOutage();
  EXPECT_EQ(DescribeRecord(ReadJson(2)), (Lines{kGap, R"({"n":2})"}));
  EXPECT_EQ(log_->bounds().evicted, 1U);
  EXPECT_EQ(log_->OldestTime(Second(0)), Second(1005)) << "the gap's";
}

TEST_F(GapTest, AClockThatStepsBackMakesNoNegativeGap) {
  Connect();
  Disconnect(1006);
  loop_.Advance(-3s);
  Connect();
  publisher_.Publish();
  const v1::Gap gap = ReadJson().at(0).gap();
  EXPECT_EQ(gap.start_time().seconds(), 1000);
  EXPECT_EQ(gap.end_time().seconds(), 1000);
}

TEST_F(GapTest, AReasonThatIsNotUtf8SpoilsNoReader) {
  Connect();
  Disconnect(1000, "\xff\xfe");
  Connect();
  publisher_.Publish();
  EXPECT_EQ(DescribeRecord(ReadJson()), (Lines{"gap the connection was closed with 1000"}));
  EXPECT_EQ(stream_->Snapshot().notes.last_close_reason, "");
}

TEST_F(GapTest, ALongDetailIsWholeAndFollowedByTheNextEntry) {
  for (const size_t size : {0U, 100U, 127U, 128U, 16'384U, 100'000U}) {
    PaddedBuffer out;
    const std::string detail(size, 'x');
    AppendGapEntry({Second(7), 0}, {Second(5), Second(6), detail}, out);
    EXPECT_EQ(EntrySize(out.view()), out.size());
    const RecordView view = ReadEntry(out.view());
    EXPECT_EQ(view.payload_field, 7U);
    EXPECT_EQ(view.receive_time, Second(7));
    AppendJsonEntry({Second(8), 1}, "{}", out);
    const auto records = Parse(out.view());
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0].gap().detail(), detail);
    EXPECT_EQ(records[0].gap().end_time().seconds(), 6);
    EXPECT_EQ(records[1].json(), "{}");
  }
}

}  // namespace
}  // namespace inlet::ingest
