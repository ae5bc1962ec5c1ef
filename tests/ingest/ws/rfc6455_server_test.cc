// RFC 6455 for the server role, over raw sockets: runs the rows of the tables (rfc6455_*_cases.cc).
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "ingest/ws/close_frame.h"
#include "tests/ingest/ws/rfc6455_case.h"
#include "tests/ingest/ws/server_fixture.h"

namespace inlet::ws {
namespace {

constexpr char kLast[] = "the last ping";

class Rfc6455ServerTest : public ServerTest, public testing::WithParamInterface<Rfc6455Case> {
 protected:
  void SetUp() override {
    StartServer();
    sink_ = &Listen("/in", ingest::kLargestMaxMessageBytes);
    ASSERT_TRUE(status_.ok()) << status_;
    // As the decoder does.
    sink_->judge = [](std::string_view text) {
      return IsUtf8(text) ? ingest::Verdict::kTaken : ingest::Verdict::kInvalidUtf8;
    };
  }

  // Reads pongs until something else comes.
  static std::optional<ReceivedFrame> ReadToTheEnd(RawClient& client, std::vector<std::string>& pongs) {
    while (std::optional<ReceivedFrame> frame = client.ReadFrame()) {
      if (frame->opcode != kPong || frame->payload == kLast) return frame;
      pongs.push_back(frame->payload);
    }
    return std::nullopt;
  }

  std::vector<std::string> Taken() const {
    std::vector<std::string> messages = sink_->Messages();
    std::erase_if(messages, [](const std::string& text) { return !IsUtf8(text); });
    return messages;
  }
  std::vector<std::string> Binary() const {
    constexpr std::string_view kBegin = "binary ";
    std::vector<std::string> sizes;
    for (const std::string& line : sink_->Lines()) {
      if (line.starts_with(kBegin)) sizes.push_back(line.substr(kBegin.size()));
    }
    return sizes;
  }

  RecordingSink* sink_ = nullptr;
};

TEST_P(Rfc6455ServerTest, Holds) {
  const Rfc6455Case& row = GetParam();
  RawClient client = RawClient::Open(Port(), "/in");
  std::vector<std::string> pongs;
  for (const std::string& segment : row.sent) {
    client.Send(segment);
    if (row.wait_for_each_pong) pongs.push_back(client.ReadFrame().value_or(ReceivedFrame{}).payload);
  }
  // The library answers one ping of a segment, so the last one must not come too early.
  while (pongs.size() < row.pongs.size()) {
    const std::optional<ReceivedFrame> pong = client.ReadFrame();
    ASSERT_TRUE(pong);
    pongs.push_back(pong->payload);
  }
  if (row.end == End::kOpen) client.Send(Frame(kPing, kLast));
  const std::optional<ReceivedFrame> last = ReadToTheEnd(client, pongs);
  ExpectEnd({row.end, row.code}, client, last);
  EXPECT_EQ(pongs, row.pongs);
  if (row.end != End::kOpen) {
    client.CloseSocket();
    EXPECT_TRUE(sink_->WaitFor("disconnect "));
  }
  EXPECT_EQ(Taken(), row.messages);
  EXPECT_EQ(Binary(), row.binary);
  // Whatever happened to this connection, others are let in and heard.
  RawClient other = RawClient::Open(Port(), "/in");
  other.Send(Text("another"));
  EXPECT_TRUE(sink_->WaitFor("message another"));
}

std::string NameOf(const testing::TestParamInfo<Rfc6455Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Framing, Rfc6455ServerTest, testing::ValuesIn(FramingCases()), NameOf);
INSTANTIATE_TEST_SUITE_P(Fragments, Rfc6455ServerTest, testing::ValuesIn(FragmentCases()), NameOf);
INSTANTIATE_TEST_SUITE_P(Control, Rfc6455ServerTest, testing::ValuesIn(ControlCases()), NameOf);
INSTANTIATE_TEST_SUITE_P(Close, Rfc6455ServerTest, testing::ValuesIn(CloseCases()), NameOf);
INSTANTIATE_TEST_SUITE_P(Text, Rfc6455ServerTest, testing::ValuesIn(TextCases()), NameOf);

}  // namespace

}  // namespace inlet::ws
