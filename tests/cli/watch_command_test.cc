// What inletctl watch prints.
#include "cli/watch_command.h"

#include <chrono>
#include <string>

#include "gtest/gtest.h"

namespace inlet::cli {
namespace {

constexpr std::chrono::system_clock::time_point kNoon{std::chrono::seconds(1'767'268'800)};

TEST(WatchLine, TellsStateReasonAndCounters) {
  v1::WatchStreamResponse response;
  response.set_name("demo");
  response.mutable_status()->set_state(v1::StreamStatus::LISTENING);
  response.mutable_status()->set_reason("waiting for peers");
  response.mutable_status()->set_records(1234);
  EXPECT_EQ(WatchLine(response, kNoon),
            "2026-01-01T12:00:00Z demo listening: waiting for peers (0 connections, 1,234 records, 0 rejects)\n");
}

TEST(WatchLine, TellsTheEnd) {
  v1::WatchStreamResponse response;
  response.set_name("demo");
  response.set_deleted(true);
  EXPECT_EQ(WatchLine(response, kNoon), "2026-01-01T12:00:00Z demo deleted\n");
}

TEST(WatchLine, WhatIsNoChangeIsNoLine) {
  v1::WatchStreamResponse response;
  response.set_synced(true);
  EXPECT_EQ(WatchLine(response, kNoon), "");
  response.set_synced(false);
  response.set_heartbeat(true);
  EXPECT_EQ(WatchLine(response, kNoon), "");
}

}  // namespace
}  // namespace inlet::cli
