// What is shown of a stream.
#include "service/rpc/convert.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/config/redact.h"
#include "tests/service/rpc/service_fixture.h"

namespace inlet::rpc {
namespace {

using ingest::WallTime;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using testing::HasSubstr;

TEST(Convert, TimesHoldEveryNanosecondAlsoBefore1970) {
  const auto later = ToTimestamp(WallTime(seconds(5) + nanoseconds(7)));
  EXPECT_EQ(later.seconds(), 5);
  EXPECT_EQ(later.nanos(), 7);
  const auto before = ToTimestamp(WallTime(nanoseconds(-1)));
  EXPECT_EQ(before.seconds(), -1);
  EXPECT_EQ(before.nanos(), 999'999'999);
}

TEST(Convert, WhatNeverHappenedHasNoTime) {
  const v1::StreamStatus status = ToStatus(ingest::StreamSnapshot{});
  EXPECT_FALSE(status.has_since());
  EXPECT_FALSE(status.has_retry_time());
  EXPECT_FALSE(status.has_last_error_time());
  EXPECT_FALSE(status.has_last_record_time());
  EXPECT_FALSE(status.has_last_refusal_time());
  EXPECT_FALSE(status.has_last_reject_time());
}

TEST(Convert, EveryFigureHasItsPlace) {
  ingest::StreamSnapshot snapshot;
  snapshot.state.reason = "open";
  snapshot.bounds = {.first_offset = 3, .next_offset = 9, .evicted = 2, .retained_bytes = 100};
  snapshot.epoch = "e";
  snapshot.last_record_time = WallTime(seconds(10));
  snapshot.connections = 4;
  snapshot.messages = 5;
  snapshot.bytes = 6;
  snapshot.records = 8;
  snapshot.rejects = 1;
  snapshot.connects = 11;
  snapshot.refused = 12;
  snapshot.ignored = 14;
  snapshot.subscribers = 13;
  snapshot.notes.endpoint = "ws://h/p";
  snapshot.notes.state_since = WallTime(seconds(1));
  snapshot.notes.retry_time = WallTime(seconds(4));
  snapshot.notes.attempt = 7;
  snapshot.notes.last_error = "refused";
  snapshot.notes.last_error_time = WallTime(seconds(5));
  snapshot.notes.last_close_code = 1006;
  snapshot.notes.last_close_reason = "gone";
  snapshot.notes.last_refusal = "404";
  snapshot.notes.last_refusal_time = WallTime(seconds(2));
  snapshot.notes.last_reject = "INVALID_JSON";
  snapshot.notes.last_reject_time = WallTime(seconds(3));
  const std::string shown = ToStatus(snapshot).ShortDebugString();
  EXPECT_EQ(
      shown,
      R"(state: LISTENING reason: "open" since { seconds: 1 } endpoint: "ws://h/p" )"
      R"(retry_time { seconds: 4 } attempt: 7 last_error: "refused" last_error_time { seconds: 5 } )"
      R"(last_close_code: 1006 last_close_reason: "gone" connections: 4 last_record_time { seconds: 10 } epoch: "e" first_offset: 3 )"
      R"(next_offset: 9 retained_bytes: 100 subscribers: 13 messages: 5 bytes: 6 records: 8 rejects: 1 evicted: 2 )"
      R"(connects: 11 ignored: 14 refused: 12 last_refusal: "404" last_refusal_time { seconds: 2 } )"
      R"(last_reject: "INVALID_JSON" last_reject_time { seconds: 3 })");
}

TEST(Convert, StatesHaveTheNumbersOfTheContract) {
  const std::vector<std::pair<ingest::SourceState, v1::StreamStatus::State>> states = {
      {ingest::SourceState::kResolving, v1::StreamStatus::RESOLVING},
      {ingest::SourceState::kConnecting, v1::StreamStatus::CONNECTING},
      {ingest::SourceState::kConnected, v1::StreamStatus::CONNECTED},
      {ingest::SourceState::kBackoff, v1::StreamStatus::BACKOFF},
      {ingest::SourceState::kListening, v1::StreamStatus::LISTENING},
      {ingest::SourceState::kFailed, v1::StreamStatus::FAILED},
      {ingest::SourceState::kStalled, v1::StreamStatus::STALLED}};
  for (const auto& [state, expected] : states) {
    ingest::StreamSnapshot snapshot;
    snapshot.state.state = state;
    EXPECT_EQ(ToStatus(snapshot).state(), expected);
  }
}

TEST(Convert, SecretsAreNotShown) {
  v1::Stream definition;
  definition.set_name("demo");
  (*definition.mutable_settings()->mutable_request_header())["Authorization"] = "Bearer s3cr3t";
  service::StreamEntry entry;
  entry.definition = {definition, config::RedactDefinition(definition, {})};
  const v1::Stream shown = ToStream(entry);
  EXPECT_EQ(shown.settings().request_header().at("Authorization"), "<redacted>");
  EXPECT_FALSE(shown.has_status());
  EXPECT_FALSE(shown.has_create_time());
}

TEST(Convert, ARunningStreamShowsItsStatus) {
  ServiceParts parts;
  const auto entry = parts.Create("demo");
  ASSERT_TRUE(entry.ok()) << entry.status();
  parts.OnLoop([&parts] { parts.sources.sink("demo").OnMessage({R"({"a":1})", 1, WallTime(seconds(50))}); });
  const v1::Stream shown = ToStream(**entry);
  EXPECT_EQ(shown.status().records(), 1U);
  EXPECT_EQ(shown.status().last_record_time().seconds(), 50);
  EXPECT_EQ(shown.status().endpoint(), "ws://fake/demo");
  EXPECT_EQ(shown.role(), v1::Stream::SERVER);
  EXPECT_GT(shown.create_time().seconds(), 0);
}

}  // namespace
}  // namespace inlet::rpc
