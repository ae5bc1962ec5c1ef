// Frames over real sockets: RFC 6455 sections 5 to 8, as a table of what goes in and what must come out.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/ingest/ws/server_fixture.h"

namespace inlet::ws {
namespace {

using std::chrono::milliseconds;

constexpr uint32_t kLimit = 100'000;

class FramesTest : public ServerTest {
 protected:
  void SetUp() override {
    StartServer();
    sink_ = &Listen("/in", kLimit);
    ASSERT_TRUE(status_.ok()) << status_;
    neighbour_ = std::make_unique<RawClient>(RawClient::Open(Port(), "/in"));
  }
  void TearDown() override {
    // Whatever happened to others, this one was not touched.
    if (neighbour_) {
      EXPECT_TRUE(neighbour_->Send(Text("neighbour")));
      EXPECT_TRUE(sink_->WaitFor("message neighbour"));
    }
    neighbour_.reset();
    ServerTest::TearDown();
  }

  RawClient Connect() { return RawClient::Open(Port(), "/in"); }

  RecordingSink* sink_ = nullptr;
  std::unique_ptr<RawClient> neighbour_;
};

TEST_F(FramesTest, Section5_2MessagesOfEveryLengthForm) {
  RawClient client = Connect();
  std::vector<std::string> sent;
  for (const size_t size : {0, 1, 125, 126, 127, 4096, 65530, 65535, 65536, 65537, 99'999, 100'000}) {
    sent.emplace_back(size, static_cast<char>('a' + size % 26));
    ASSERT_TRUE(client.Send(Text(sent.back())));
  }
  ASSERT_TRUE(sink_->WaitForMessages(sent.size()));
  EXPECT_EQ(sink_->Messages(), sent);
  EXPECT_EQ(counters().text_messages.value(), sent.size());
  EXPECT_TRUE(Eventually([&] { return counters().assembly_bytes.value() == 0; }));
}

TEST_F(FramesTest, Section5_2MessagesInOneByteSegments) {
  RawClient client = Connect();
  const std::string long_text(3000, 'x');
  client.SendSlowly(Text("") + Text("ab") + Frame(kText, "c", {.fin = false}) + Frame(kPing, "p") +
                    Frame(kContinuation, "d") + Text(long_text));
  ASSERT_TRUE(sink_->WaitForMessages(4));
  EXPECT_EQ(sink_->Messages(), (std::vector<std::string>{"", "ab", "cd", long_text}));
}

TEST_F(FramesTest, Section5_2ManyMessagesInOneSegment) {
  RawClient client = Connect();
  std::string bytes;
  std::vector<std::string> sent;
  for (int i = 0; i < 5000; ++i) {
    sent.push_back(std::to_string(i) + std::string(static_cast<size_t>(i % 300), 'x'));
    bytes += Text(sent.back());
  }
  ASSERT_TRUE(client.Send(bytes));
  ASSERT_TRUE(sink_->WaitForMessages(sent.size()));
  EXPECT_EQ(sink_->Messages(), sent);
}

TEST_F(FramesTest, Section5_4Fragments) {
  struct Case {
    std::vector<std::string> fragments;
    const char* whole;
  };
  const std::vector<Case> cases{{{"a", "b"}, "ab"},
                                {{"", "b"}, "b"},
                                {{"a", ""}, "a"},
                                {{"", ""}, ""},
                                {{"a", "b", "c"}, "abc"},
                                {{"", "", "x", ""}, "x"},
                                // In the middle of a UTF-8 sequence.
                                {{"\xe2", "\x82", "\xac"}, "\xe2\x82\xac"}};
  RawClient client = Connect();
  size_t count = 0;
  for (const auto& [fragments, whole] : cases) {
    for (size_t i = 0; i < fragments.size(); ++i) {
      client.Send(Frame(i == 0 ? kText : kContinuation, fragments[i], {.fin = i + 1 == fragments.size()}));
    }
    ASSERT_TRUE(sink_->WaitForMessages(++count)) << whole;
    EXPECT_EQ(sink_->Messages().back(), whole);
  }
}

TEST_F(FramesTest, Section5_4ControlFramesBetweenFragmentsAreAnswered) {
  RawClient client = Connect();
  client.Send(Frame(kText, "a", {.fin = false}));
  client.Send(Frame(kPing, "hello"));
  const std::optional<ReceivedFrame> pong = client.ReadFrame();
  ASSERT_TRUE(pong);
  EXPECT_EQ(pong->opcode, kPong);
  EXPECT_EQ(pong->payload, "hello");
  client.Send(Frame(kPong, "unasked") + Frame(kContinuation, "b", {.fin = false}) +
              Frame(kPing, std::string(125, 'p')));
  EXPECT_EQ(client.ReadFrame()->payload, std::string(125, 'p'));
  client.Send(Frame(kContinuation, "c"));
  EXPECT_TRUE(sink_->WaitFor("message abc"));
}

TEST_F(FramesTest, Section5_6BinaryMessagesAreCountedAndTheConnectionStays) {
  RawClient client = Connect();
  client.Send(Frame(kBinary, "") + Frame(kBinary, "abc") + Frame(kBinary, std::string(70'000, 'b')) +
              Frame(kBinary, "ab", {.fin = false}) + Frame(kContinuation, "cd") + Text("text"));
  ASSERT_TRUE(sink_->WaitFor("message text"));
  std::vector<std::string> faults = sink_->Lines();
  std::erase_if(faults, [](const std::string& line) { return !line.starts_with("binary"); });
  EXPECT_EQ(faults, (std::vector<std::string>{"binary 0", "binary 3", "binary 70000", "binary 4"}));
  EXPECT_EQ(counters().binary_messages.value(), 4U);
  EXPECT_EQ(sink_->Messages(), std::vector<std::string>{"text"});
}

TEST_F(FramesTest, Section5And7ViolationsAreClosedWith1002) {
  struct Case {
    const char* name;
    std::string bytes;
  };
  std::vector<Case> cases{
      {"reserved bit 1 (a compressed frame that was not negotiated)", Frame(kText, "x", {.rsv = 4})},
      {"reserved bit 2", Frame(kText, "x", {.rsv = 2})},
      {"reserved bit 3", Frame(kText, "x", {.rsv = 1})},
      {"a continuation of nothing", Frame(kContinuation, "x")},
      {"a text inside a fragmented one", Frame(kText, "x", {.fin = false}) + Text("y")},
      {"a binary inside a fragmented text", Frame(kText, "x", {.fin = false}) + Frame(kBinary, "y")},
      {"a fragmented ping", Frame(kPing, "x", {.fin = false})},
      {"a close of one byte", Frame(kClose, "\x03")},
  };
  for (const uint8_t opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) cases.push_back({"opcode", Frame(opcode, "x")});
  for (const uint16_t code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
    cases.push_back({"close code", Frame(kClose, ClosePayload(code))});
  }
  std::vector<RawClient> clients;
  clients.reserve(cases.size());
  for (const Case& one : cases) {
    clients.push_back(Connect());
    clients.back().Send(one.bytes);
    EXPECT_EQ(clients.back().ReadCloseCode(), 1002) << one.name;
    // What comes after is not data any more.
    clients.back().Send(Text("late") + Frame(kClose, ClosePayload(1002)));
  }
  // After some errors the library has lost its place and does not see the answer: they end when its patience does.
  EXPECT_TRUE(Eventually([&] { return sink_->CountLines("disconnect 1002") == cases.size(); }));
  EXPECT_EQ(sink_->Messages(), std::vector<std::string>{});
}

// The library goes on reading, and must not go on telling.
TEST_F(FramesTest, Section7_1_7DataBehindAViolationAreNotTaken) {
  constexpr size_t kRead = 64U << 10;  // of the library at once; the rest of the read with the violation it drops
  RawClient client = Connect();
  ASSERT_TRUE(sink_->WaitFor("connect"));
  std::string bytes = Frame(3, std::string(58, 'x'));
  ASSERT_EQ(bytes.size(), 64U);
  while (bytes.size() < 3 * kRead) bytes += Text(std::string(58, 'y'));
  std::thread sender([&] { client.Send(bytes); });
  EXPECT_EQ(client.ReadCloseCode(), 1002);
  sender.join();
  client.CloseSocket();
  EXPECT_TRUE(sink_->WaitFor("disconnect 1002"));
  EXPECT_EQ(sink_->Messages(), std::vector<std::string>{});
}

TEST_F(FramesTest, Section5_5AControlFrameTooLongEndsTheConnection) {
  for (const uint8_t opcode : {kPing, kClose}) {
    RawClient client = Connect();
    client.Send(Frame(opcode, std::string(126, 'p')));
    EXPECT_TRUE(sink_->WaitFor("disconnect"));
  }
}

TEST_F(FramesTest, Section5_2ALengthWithTheHighestBitEndsTheConnection) {
  RawClient client = Connect();
  client.Send(Frame(kText, "x", {.announced = 1ULL << 63}));
  EXPECT_TRUE(sink_->WaitFor("disconnect"));
}

TEST_F(FramesTest, Section7ClosesAreAnsweredAndReported) {
  struct Case {
    std::string payload;
    uint16_t answer;
    const char* line;
  };
  const std::vector<Case> cases{
      {"", 0, "disconnect 1005 "},
      {ClosePayload(1000), 1000, "disconnect 1000 "},
      {ClosePayload(1001, "bye"), 1001, "disconnect 1001 bye"},
      {ClosePayload(1011), 1011, "disconnect 1011 "},
      {ClosePayload(3000, "own"), 3000, "disconnect 3000 own"},
      {ClosePayload(4999), 4999, "disconnect 4999 "},
      {ClosePayload(1000, "not \xff UTF-8"), 1007, "disconnect 1007 "},
  };
  for (const Case& one : cases) {
    RawClient client = Connect();
    client.Send(Text("last") + Frame(kClose, one.payload) + Text("after the close"));
    const std::optional<ReceivedFrame> answer = client.ReadFrame();
    ASSERT_TRUE(answer) << one.line;
    EXPECT_EQ(answer->opcode, kClose);
    EXPECT_EQ(answer->code(), one.answer) << one.line;
    client.CloseSocket();
    EXPECT_TRUE(sink_->WaitFor(one.line)) << one.line;
  }
  EXPECT_EQ(sink_->Messages(), std::vector<std::string>(cases.size(), "last"));
}

TEST_F(FramesTest, Section7_1_5ALostConnectionIs1006) {
  {
    RawClient client = Connect();
    client.Send(Text("x"));
    ASSERT_TRUE(sink_->WaitFor("message x"));
  }
  EXPECT_TRUE(sink_->WaitFor("disconnect 1006"));
  Connect().Reset();
  EXPECT_TRUE(sink_->WaitFor("disconnect 1006"));
}

TEST_F(FramesTest, Section8_1TextThatIsNotUtf8IsClosedWith1007) {
  sink_->judge = [](std::string_view text) {
    return text == "bad" ? ingest::Verdict::kInvalidUtf8 : ingest::Verdict::kTaken;
  };
  const std::vector<std::string> ways{Text("bad") + Text("never"),
                                      Frame(kText, "b", {.fin = false}) + Frame(kContinuation, "ad") + Text("never")};
  for (const std::string& way : ways) {
    RawClient client = Connect();
    client.Send(way);
    EXPECT_EQ(client.ReadCloseCode(), 1007);
    client.Send(Text("never") + Frame(kClose, ClosePayload(1007)));
    EXPECT_TRUE(sink_->WaitFor("disconnect 1007 "));
  }
  EXPECT_EQ(sink_->Messages(), (std::vector<std::string>{"bad", "bad"}));
  EXPECT_EQ(counters().invalid_utf8_messages.value(), 2U);
}

TEST_F(FramesTest, Section10_4TooLargeAMessageIsClosedWith1009) {
  struct Case {
    const char* name;
    std::string bytes;
    const char* fault;
  };
  const std::string half(60'000, 'x');
  const std::vector<Case> cases{
      {"one byte too many", Text(std::string(kLimit + 1, 'x')), "too large 100001"},
      {"binary", Frame(kBinary, std::string(kLimit + 1, 'x')), "too large 100001"},
      {"in fragments", Frame(kText, half, {.fin = false}) + Frame(kContinuation, half), "too large 120000"},
      {"binary in fragments", Frame(kBinary, half, {.fin = false}) + Frame(kContinuation, half), "too large 120000"},
      {"announced", Frame(kText, "x", {.announced = 1U << 20}), "too large 1048576"},
      {"announced: 2^62", Frame(kText, "x", {.announced = 1ULL << 62}), "too large 4611686018427387904"},
      {"in very many fragments",
       [] {
         std::string bytes = Frame(kText, "", {.fin = false});
         for (uint32_t i = 0; i <= kLimit / 1000; ++i) {
           bytes += Frame(kContinuation, std::string(1000, 'x'), {.fin = false});
         }
         return bytes;
       }(),
       "too large 101000"},
  };
  for (const Case& one : cases) {
    RawClient client = Connect();
    client.Send(one.bytes);
    EXPECT_EQ(client.ReadCloseCode(), 1009) << one.name;
    client.CloseSocket();
    EXPECT_TRUE(sink_->WaitFor(one.fault)) << one.name;
    EXPECT_TRUE(sink_->WaitFor("disconnect 1009 a message has at most 100000 bytes here")) << one.name;
  }
  EXPECT_EQ(sink_->CountLines("too large"), cases.size());
  EXPECT_EQ(counters().assembly_bytes.value(), 0U);
}

TEST_F(FramesTest, ASenderThatGoesOnAfter1009StillReadsIt) {
  RawClient client = Connect();
  const std::string flood = Frame(kText, std::string(4U << 20, 'x'));
  client.Send(flood.substr(0, flood.size() / 2));
  client.Send(flood.substr(flood.size() / 2));
  EXPECT_EQ(client.ReadCloseCode(), 1009);
}

TEST_F(FramesTest, AnnouncingALongMessageCostsNoMemory) {
  RawClient client = Connect();
  client.Send(Frame(kText, std::string(600, 'x'), {.announced = kLimit}));
  EXPECT_TRUE(Eventually([&] { return counters().assembly_bytes.value() > 0; }));
  EXPECT_LT(counters().assembly_bytes.value(), 2000U);
  client.CloseSocket();
  EXPECT_TRUE(Eventually([&] { return counters().assembly_bytes.value() == 0; }));
}

// The library shows no mask bit: README.md says so. If this fails, that is good news.
TEST_F(FramesTest, Section5_1UnmaskedFramesAreTakenBecauseTheLibraryHidesThem) {
  RawClient client = Connect();
  client.Send(Frame(kText, "unmasked", {.masked = false}));
  EXPECT_TRUE(sink_->WaitFor("message unmasked"));
}

}  // namespace
}  // namespace inlet::ws
