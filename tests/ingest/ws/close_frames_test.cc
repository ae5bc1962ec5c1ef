// What a peer may rely on when it reads our close frame, over real sockets.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "tests/ingest/ws/server_fixture.h"

namespace inlet::ws {
namespace {

constexpr uint32_t kLimit = 100'000;

using CloseFramesTest = ServerTest;

TEST_F(CloseFramesTest, ACloseFrameMeansThatWhatCameBeforeCanBeRead) {
  StartServer();
  RecordingSink& sink = Listen("/in");
  std::atomic<size_t> published = 0;
  OnLoop([&] {
    publish_ = [&] {
      const size_t count = sink.Messages().size();
      if (count == published) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // time for a close frame that went out before
      published = count;
    };
  });
  sink.judge = [](std::string_view text) {
    return text == "bad" ? ingest::Verdict::kInvalidUtf8 : ingest::Verdict::kTaken;
  };
  RawClient closes = RawClient::Open(Port(), "/in");
  closes.Send(Text("a") + Frame(kClose, ClosePayload(1000)));
  EXPECT_EQ(closes.ReadCloseCode(), 1000);
  EXPECT_EQ(published, 1U);
  RawClient fails = RawClient::Open(Port(), "/in");
  fails.Send(Text("b") + Text("bad"));
  EXPECT_EQ(fails.ReadCloseCode(), 1007);
  EXPECT_EQ(published, 3U);
  OnLoop([&] { publish_ = nullptr; });
}

// What comes between the failure and the close frame; each is tried often, because it is a race.
TEST_F(CloseFramesTest, WhatComesBehindTooLargeAMessageDoesNotChangeTheCloseFrame) {
  StartServer();
  Listen("/in", kLimit);
  const std::string large = Text(std::string(kLimit + 1, 'x'));
  for (const std::string& behind : {Frame(kPing, "not a close frame"), Frame(kClose, ClosePayload(1000, "done"))}) {
    for (int i = 0; i < 30; ++i) {
      RawClient client = RawClient::Open(Port(), "/in");
      client.Send(large);
      client.Send(behind);
      std::optional<ReceivedFrame> frame = client.ReadFrame();
      while (frame && frame->opcode == kPong) frame = client.ReadFrame();
      ASSERT_TRUE(frame);
      EXPECT_EQ(frame->opcode, kClose);
      EXPECT_EQ(frame->payload, ClosePayload(1009, "a message has at most 100000 bytes here"));
    }
  }
}

}  // namespace
}  // namespace inlet::ws
