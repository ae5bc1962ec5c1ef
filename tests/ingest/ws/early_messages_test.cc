// Messages of peers that do not wait for the answer to their handshake, over real sockets.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/ingest/ws/server_fixture.h"

namespace inlet::ws {
namespace {

// libwebsockets reads a request and builds its answer in one buffer, wherever in it the request ends.
class EarlyMessagesTest : public ServerTest {
 protected:
  void SetUp() override {
    StartServer();
    sink_ = &Listen("/in");
  }
  // Sends `begin`, which may be empty, then the rest of a handshake and two messages in one segment.
  void ExpectDelivered(std::string_view begin, const std::string& rest) {
    RawClient client(Port());
    if (!begin.empty()) {
      client.Send(begin);
      for (int turn = 0; turn < 3; ++turn) OnLoop([] {});  // it is accepted, adopted and read
    }
    client.Send(rest + Text("one") + Text("two"));
    ASSERT_TRUE(client.ReadHttp().starts_with("HTTP/1.1 101 "));
    client.Send(Frame(kClose, ClosePayload(1000)));
    ASSERT_EQ(client.ReadCloseCode(), 1000);
    EXPECT_TRUE(sink_->WaitFor("message one"));
    EXPECT_TRUE(sink_->WaitFor("message two"));
  }

  RecordingSink* sink_ = nullptr;
};

TEST_F(EarlyMessagesTest, InTheSegmentOfTheHandshakeAreDelivered) {
  for (size_t size = 250; size <= 1200; size += 10) {
    SCOPED_TRACE(size);
    ExpectDelivered("", HandshakeOfSize("/in", size));
    if (HasFatalFailure()) return;
  }
}

TEST_F(EarlyMessagesTest, InTheSegmentOfTheHandshakesEndAreDelivered) {
  const std::string request = Handshake("/in", "Sec-WebSocket-Extensions: " + std::string(200, 'e') + "\r\n");
  for (size_t begin = request.size() - 60; begin < request.size(); ++begin) {
    SCOPED_TRACE(begin);
    ExpectDelivered(std::string_view(request).substr(0, begin), request.substr(begin));
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace inlet::ws
