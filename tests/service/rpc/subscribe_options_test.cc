// Every field of a SubscribeRequest has its range, and an error names the field.
#include "service/rpc/subscribe_options.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::rpc {
namespace {

absl::StatusOr<SubscribeOptions> Read(const std::string& json) {
  v1::SubscribeRequest request;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &request).ok()) << json;
  return ReadSubscribeOptions(request);
}

TEST(SubscribeOptions, DefaultsAreTheContract) {
  const auto options = Read(R"({"stream": "a"})");
  ASSERT_TRUE(options.ok());
  EXPECT_TRUE(std::holds_alternative<ingest::StartNext>(options->start));
  EXPECT_TRUE(options->data_view);
  EXPECT_FALSE(options->fail_when_behind);
  EXPECT_EQ(options->max_batch_bytes, 262'144U);
  EXPECT_EQ(options->heartbeat_interval, std::chrono::seconds(20));
  EXPECT_EQ(options->stall_timeout, std::chrono::seconds(30));
}

TEST(SubscribeOptions, EveryStartIsRead) {
  EXPECT_TRUE(std::holds_alternative<ingest::StartEarliest>(Read(R"({"stream":"a","earliest":true})")->start));
  EXPECT_EQ(std::get<ingest::StartLast>(Read(R"({"stream":"a","last":7})")->start).count, 7U);
  const auto after = std::get<ingest::StartAfter>(Read(R"({"stream":"a","after":{"epoch":"e","offset":9}})")->start);
  EXPECT_EQ(after.epoch, "e");
  EXPECT_EQ(after.offset, 9U);
  const auto since = std::get<ingest::StartSince>(Read(R"({"stream":"a","since":"1970-01-01T00:00:02.5Z"})")->start);
  EXPECT_EQ(since.time.time_since_epoch(), std::chrono::milliseconds(2500));
}

TEST(SubscribeOptions, EveryOtherFieldIsRead) {
  const auto options = Read(R"({"stream":"a","encoding":"JSON","maxRecords":3,"whenBehind":"FAIL",
      "heartbeatInterval":"1s","maxBatchBytes":4096,"stallTimeout":"600s","stopWhenCaughtUp":true})");
  ASSERT_TRUE(options.ok());
  EXPECT_FALSE(options->data_view);
  EXPECT_EQ(options->max_records, 3U);
  EXPECT_TRUE(options->fail_when_behind);
  EXPECT_EQ(options->heartbeat_interval, std::chrono::seconds(1));
  EXPECT_EQ(options->max_batch_bytes, 4096U);
  EXPECT_EQ(options->stall_timeout, std::chrono::minutes(10));
  EXPECT_TRUE(options->stop_when_caught_up);
}

TEST(SubscribeOptions, RejectsAreShownAsTheyCameWhateverTheEncoding) {
  EXPECT_EQ(Read(R"({"stream":"a"})")->channel, Channel::kRecords);
  EXPECT_EQ(Read(R"({"stream":"a","channel":"RECORDS"})")->channel, Channel::kRecords);
  for (const char* const encoding : {"ENCODING_UNSPECIFIED", "DATA", "JSON"}) {
    const auto options = Read(Concat({R"({"stream":"a","channel":"REJECTS","encoding":")", encoding, R"("})"}));
    ASSERT_TRUE(options.ok());
    EXPECT_EQ(options->channel, Channel::kRejects);
    EXPECT_FALSE(options->data_view);
  }
}

TEST(SubscribeOptions, WhatIsOutOfRangeNamesItsField) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({})", "stream"},
      {R"({"stream":"a","earliest":false})", "earliest"},
      {R"({"stream":"a","last":0})", "last"},
      {R"({"stream":"a","maxBatchBytes":4095})", "max_batch_bytes"},
      {R"({"stream":"a","maxBatchBytes":262145})", "max_batch_bytes"},
      {R"({"stream":"a","heartbeatInterval":"0.999s"})", "heartbeat_interval"},
      {R"({"stream":"a","heartbeatInterval":"601s"})", "heartbeat_interval"},
      {R"({"stream":"a","heartbeatInterval":"-5s"})", "heartbeat_interval"},
      {R"({"stream":"a","stallTimeout":"0s"})", "stall_timeout"},
      {R"({"stream":"a","stallTimeout":"315576000000s"})", "stall_timeout"},
  };
  for (const auto& [json, field] : cases) {
    const auto options = Read(json);
    ASSERT_FALSE(options.ok()) << json;
    EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(GetErrorDetail(options.status()).field, field);
    EXPECT_EQ(GetErrorDetail(options.status()).reason, "FIELD_INVALID");
  }
}

TEST(SubscribeOptions, UnknownEnumValuesAreRefused) {
  v1::SubscribeRequest request;
  request.set_stream("a");
  request.set_encoding(static_cast<v1::SubscribeRequest::Encoding>(99));
  EXPECT_EQ(GetErrorDetail(ReadSubscribeOptions(request).status()).field, "encoding");
  request.set_encoding(v1::SubscribeRequest::JSON);
  request.set_when_behind(static_cast<v1::SubscribeRequest::WhenBehind>(99));
  EXPECT_EQ(GetErrorDetail(ReadSubscribeOptions(request).status()).field, "when_behind");
}

TEST(SubscribeOptions, TimesBeyondTheCalendarAreRefused) {
  v1::SubscribeRequest request;
  request.set_stream("a");
  request.mutable_since()->set_seconds(INT64_MAX);
  EXPECT_EQ(GetErrorDetail(ReadSubscribeOptions(request).status()).field, "since");
  request.mutable_since()->set_seconds(1);
  request.mutable_since()->set_nanos(-1);
  EXPECT_EQ(GetErrorDetail(ReadSubscribeOptions(request).status()).field, "since");
}

}  // namespace
}  // namespace inlet::rpc
