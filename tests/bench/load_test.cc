// What the load generator sends: valid JSON of the size asked for, in valid frames.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>

#include "bench/common/message.h"
#include "bench/load/connection.h"
#include "bench/load/dialer.h"
#include "bench/load/frame.h"

namespace inlet::bench {
namespace {

TEST(Message, HasTheSizeAskedForAndIsJson) {
  for (const size_t size : {kSmallestMessage, size_t{100}, kDefaultMessage - 1, kDefaultMessage, size_t{70'000}}) {
    const std::string message = MakeMessage(size);
    EXPECT_EQ(message.size(), size);
    EXPECT_TRUE(nlohmann::json::parse(message, nullptr, false).is_object()) << message;
  }
}

TEST(Message, PatchesStayJson) {
  std::string message = MakeMessage(kDefaultMessage);
  PatchStamp(message.data(), 1'234'567'890'123'456'789);
  PatchSequence(message.data(), 42);
  const auto json = nlohmann::json::parse(message, nullptr, false);
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json["ts"], "1234567890123456789");
  EXPECT_EQ(json["seq"], 100'000'000'042);
  EXPECT_EQ(FindStamp(message), 1'234'567'890'123'456'789U);
}

TEST(Message, NoStampInATextWithoutOne) {
  EXPECT_FALSE(FindStamp(R"({"ts":"12"})").has_value());
  EXPECT_FALSE(FindStamp(R"({"hits":1})").has_value());
}

TEST(Frame, HeaderSizesChangeWhereTheProtocolSays) {
  EXPECT_EQ(FrameHeaderSize(125), 6U);
  EXPECT_EQ(FrameHeaderSize(126), 8U);
  EXPECT_EQ(FrameHeaderSize(65'535), 8U);
  EXPECT_EQ(FrameHeaderSize(65'536), 14U);
}

TEST(Frame, IsAMaskedTextFrameWithItsLength) {
  const std::string frame = MakeFrame(Opcode::kText, std::string(300, 'x'));
  ASSERT_EQ(frame.size(), 308U);
  EXPECT_EQ(frame.substr(0, 8), std::string("\x81\xfe\x01\x2c\0\0\0\0", 8));
}

TEST(Target, TakesOnlyAnAddressWithAPort) {
  Target target;
  ASSERT_TRUE(ParseTarget("ws://127.0.0.1:8080/a/b?c", &target));
  EXPECT_EQ(target.host, "127.0.0.1");
  EXPECT_EQ(target.port, 8080);
  EXPECT_EQ(target.path, "/a/b?c");
  EXPECT_FALSE(target.tls);
  ASSERT_TRUE(ParseTarget("wss://127.0.0.1:8443/", &target));
  EXPECT_TRUE(target.tls);
  EXPECT_EQ(target.port, 8443);
  EXPECT_FALSE(ParseTarget("http://127.0.0.1:8080/", &target));
  EXPECT_FALSE(ParseTarget("ws://127.0.0.1/", &target));
  EXPECT_FALSE(ParseTarget("ws://127.0.0.1:0/", &target));
}

// A connection whose peer is the test.
class ConnectionTest : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    peer_ = ends[0];
    connection_ = std::make_unique<Connection>(std::make_unique<Link>(ends[1]), Masking::kMasked);
  }
  void TearDown() override { close(peer_); }

  std::string Take() const {
    std::string bytes(1 << 20, '\0');
    const ssize_t got = recv(peer_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return bytes;
  }

  int peer_ = -1;
  std::unique_ptr<Connection> connection_;
  const std::string frame_ = MakeFrame(Opcode::kText, "0123456789");
  const std::string run_ = frame_ + frame_ + frame_;
};

TEST_F(ConnectionTest, StopsAtItsQuota) {
  connection_->set_quota(7);
  for (int i = 0; i < 20; ++i) connection_->SendRepeated(run_, frame_.size(), 1000);
  EXPECT_TRUE(connection_->finished());
  EXPECT_EQ(connection_->frames_sent(), 7U);
  EXPECT_EQ(Take(), run_ + run_ + frame_);
}

TEST_F(ConnectionTest, AnswersAPingBetweenTwoFramesNeverWithinOne) {
  connection_->set_quota(3);
  connection_->SendRepeated(run_, frame_.size(), 5);
  ASSERT_TRUE(connection_->mid_frame(frame_.size()));
  ASSERT_EQ(send(peer_, "\x89\x02hi", 4, 0), 4);
  connection_->Receive();
  for (int i = 0; i < 20; ++i) connection_->SendRepeated(run_, frame_.size(), 1000);
  EXPECT_EQ(Take(), frame_ + MakeFrame(Opcode::kPong, "hi") + frame_ + frame_);
}

TEST_F(ConnectionTest, AnIdleConnectionAnswersAPingAtOnce) {
  ASSERT_EQ(send(peer_, "\x89\x00", 2, 0), 2);
  connection_->Receive();
  EXPECT_EQ(Take(), MakeFrame(Opcode::kPong, ""));
}

TEST_F(ConnectionTest, KnowsThatThePeerHasClosed) {
  ASSERT_EQ(send(peer_, "\x88\x02\x03\xe8", 4, 0), 4);
  shutdown(peer_, SHUT_WR);
  connection_->Receive();
  EXPECT_TRUE(connection_->close_frame_received());
  EXPECT_TRUE(connection_->closed());
}

}  // namespace
}  // namespace inlet::bench
