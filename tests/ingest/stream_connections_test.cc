// A stream's connections: what is counted of each, closing, sending, and what its records say of who sent them.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "ingest/data_view.h"
#include "ingest/error.h"
#include "ingest/record_reader.h"
#include "ingest/stream.h"
#include "inlet/v1/inlet.pb.h"
#include "tests/fakes/entries.h"
#include "tests/fakes/fake_loop.h"
#include "tests/fakes/fake_source.h"
#include "tests/fakes/fake_waker.h"

namespace inlet::ingest {
namespace {

class StreamConnectionsTest : public testing::Test {
 protected:
  void Start(StreamSpec spec) {
    spec.name = "demo";
    log_ = std::make_shared<RecordLog>(RecordLog::Options{"epoch", {}, &waker_, nullptr, Second(0)});
    stream_ = std::make_unique<Stream>(
        Stream::Options{std::make_shared<const StreamSpec>(std::move(spec)), &loop_, &publisher_, log_}, sources_);
    ASSERT_TRUE(stream_->Start().ok());
  }
  void StartServer(bool record_origin = false, Schema schema = {}) {
    StreamSpec spec;
    spec.role = ServerRole{"/devices/{id}"};
    spec.record_origin = record_origin;
    spec.schema = std::move(schema);
    Start(std::move(spec));
  }
  SourceSink& sink() { return sources_.sink("demo"); }
  void Connect(uint64_t id, std::string_view device) {
    sink().OnConnect({.id = id, .peer = "10.0.0.1:80", .path = "/devices/x", .variables = {{"id", device}}});
  }
  void Send(uint64_t id, std::string_view text) { sink().OnMessage({text, id, loop_.TurnTime()}); }

  // Entries of what was written, as a subscriber gets them.
  static std::vector<v1::Record> Parsed(std::string_view entries) {
    std::vector<v1::Record> records;
    while (!entries.empty()) {
      const size_t size = EntrySize(entries);
      v1::SubscribeResponse response;
      EXPECT_TRUE(response.ParseFromArray(entries.data(), static_cast<int>(size)));
      records.push_back(response.records(0));
      entries.remove_prefix(size);
    }
    return records;
  }
  std::vector<v1::Record> Records(bool decoded) {
    publisher_.Publish();
    Cursor cursor;
    const ReadResult result = log_->ReadOrArm(cursor, {1U << 20, 0, log_->state().version}, nullptr);
    if (result.outcome != ReadResult::Outcome::kRecords) return {};
    if (!decoded) return Parsed(result.batch.entries());
    PaddedBuffer out;
    DataView().Render(result.batch.entries(), 0, out);
    return Parsed(out.view());
  }
  std::vector<std::string> Calls() const {
    std::vector<std::string> calls = sources_.journal();
    calls.erase(calls.begin());  // the start
    return calls;
  }

  FakeLoop loop_;
  FakeWaker waker_;
  FakeSourceFactory sources_;
  Publisher publisher_;
  std::shared_ptr<RecordLog> log_;
  std::unique_ptr<Stream> stream_;
};

TEST_F(StreamConnectionsTest, EachIsListedWithWhatItHasBrought) {
  StartServer();
  Connect(3, "pump");
  Connect(5, "valve");
  Send(5, "{}");
  Send(5, "[1, {}]");
  sink().OnFault({.fault = MessageFault::kBinary, .connection = 5, .size = 9});
  const std::vector<ConnectionRow> rows = stream_->ListConnections(0, 10);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].id, 3U);
  EXPECT_EQ(rows[0].connection.messages, 0U);
  EXPECT_EQ(rows[0].connection.last_message_time, WallTime{});
  EXPECT_EQ(rows[1].connection.messages, 2U);
  EXPECT_EQ(rows[1].connection.bytes, 9U);
  EXPECT_EQ(rows[1].connection.rejects, 2U);
  EXPECT_EQ(rows[1].connection.last_message_time, loop_.TurnTime());
  sink().OnDisconnect(3, 1000, "");
  EXPECT_EQ(stream_->ListConnections(0, 10).size(), 1U);
}

TEST_F(StreamConnectionsTest, RecordsOfBothViewsSayWhoSentThemIfTheyAreTo) {
  StartServer(true);
  Connect(3, "pump");
  Connect(5, "valve");
  Send(3, R"({"a":1})");
  Send(5, R"([{"a":2},{"b":"x"}])");
  for (const bool decoded : {false, true}) {
    const std::vector<v1::Record> records = Records(decoded);
    ASSERT_EQ(records.size(), 3U);
    EXPECT_EQ(records[0].has_data(), decoded);
    EXPECT_EQ(records[0].origin().variables().at("id"), "pump");
    EXPECT_EQ(records[0].origin().peer(), "10.0.0.1:80");
    EXPECT_EQ(records[1].origin().variables().at("id"), "valve");
    EXPECT_EQ(records[2].origin().variables().at("id"), "valve");
    EXPECT_EQ(records[2].connection(), 5U);
  }
  EXPECT_EQ(Records(false)[0].json(), R"({"a":1})");
  EXPECT_EQ(Records(true)[0].data().fields().at("a").number_value(), 1);
}

TEST_F(StreamConnectionsTest, RecordsSayNothingOfWhoSentThemUnlessTheyAreTo) {
  StartServer(false);
  Connect(3, "pump");
  Send(3, R"({"a":1})");
  auto spec = std::make_shared<StreamSpec>(*stream_->spec());
  spec->record_origin = true;
  stream_->Change(std::move(spec), "");
  Send(3, R"({"a":2})");
  const std::vector<v1::Record> records = Records(false);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_FALSE(records[0].has_origin());
  EXPECT_TRUE(records[1].has_origin());
}

TEST_F(StreamConnectionsTest, ARecordWithOriginIsJudgedByItsTextAlone) {
  StartServer(true);
  Connect(3, "pump");
  for (const std::string_view text : {R"({"a":"\u00e9"})", R"({"a":12345678901234567890})", "{}", R"( {"a" : [1]} )"}) {
    Send(3, text);
  }
  EXPECT_EQ(stream_->Snapshot().rejects, 0U);
  const std::vector<v1::Record> records = Records(false);
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[1].json(), R"({"a":12345678901234567890})");
  for (const v1::Record& record : records) EXPECT_EQ(record.origin().variables().at("id"), "pump");
}

TEST_F(StreamConnectionsTest, ClosesAConnectionThatItHas) {
  StartServer();
  Connect(3, "pump");
  EXPECT_TRUE(stream_->CloseConnection(3, 4000, "go").ok());
  const absl::Status unknown = stream_->CloseConnection(4, 4000, "go");
  EXPECT_EQ(unknown.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(GetErrorDetail(unknown).reason, "CONNECTION_UNKNOWN");
  EXPECT_EQ(Calls(), (std::vector<std::string>{"close 3 4000 (go) demo"}));
}

TEST_F(StreamConnectionsTest, SendsToOneToSomeAndToAll) {
  StartServer();
  EXPECT_EQ(stream_->Send({}, "hi")->sent, 0U) << "there is nobody";
  Connect(3, "pump");
  Connect(5, "valve");
  EXPECT_EQ(stream_->Send({}, "hi")->sent, 2U);
  EXPECT_EQ(stream_->Send({.variables = {{"id", "valve"}}}, "you")->sent, 1U);
  EXPECT_EQ(stream_->Send({.variables = {{"id", "motor"}}}, "who")->sent, 0U);
  EXPECT_EQ(stream_->Send({.connection = 3}, "one")->sent, 1U);
  EXPECT_EQ(GetErrorDetail(stream_->Send({.connection = 4}, "?").status()).reason, "CONNECTION_UNKNOWN");
  EXPECT_EQ(Calls(), (std::vector<std::string>{"send 3 (hi) demo", "send 5 (hi) demo", "send 5 (you) demo",
                                               "send 3 (one) demo"}));
}

TEST_F(StreamConnectionsTest, WhatFindsNoRoomIsTold) {
  StartServer();
  Connect(3, "pump");
  const auto result = stream_->Send({}, FakeSource::kRefusedText);
  EXPECT_EQ(result->sent, 0U);
  EXPECT_EQ(result->refused, 1U);
}

TEST_F(StreamConnectionsTest, AClientThatIsNotConnectedSaysSo) {
  StreamSpec spec;
  spec.role = ClientRole{};
  Start(std::move(spec));
  const absl::Status status = stream_->Send({}, "hi").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(status).reason, "NOT_CONNECTED");
  sink().OnConnect({.id = 8, .peer = "10.0.0.9:443"});
  EXPECT_EQ(stream_->Send({}, "hi")->sent, 1U);
}

}  // namespace
}  // namespace inlet::ingest
