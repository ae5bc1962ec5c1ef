// A client connection that is open: messages, their limits, sending and closing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>

#include "ingest/ws/client_traffic.h"
#include "tests/ingest/ws/dial_fixture.h"

namespace inlet::ws {
namespace {

using testing::Contains;
using testing::ElementsAre;

constexpr int kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9;

using DialMessages = DialTest;

TEST_F(DialMessages, AMessageAndACloseArriveInOrder) {
  const ScriptedServer server([](int socket) {
    WriteAll(socket, SwitchingAnswer(ReadRequest(socket)));
    WriteAll(socket, Frame(kText, "one"));
    WriteAll(socket, Frame(kClose,
                           "\x03\xe8"
                           "bye"));
    ReadToEnd(socket);
  });
  RecordingEvents events;
  Dial(RequestTo(server.port()), events);
  ASSERT_TRUE(events.WaitFor("closed"));
  EXPECT_THAT(events.Lines(), ElementsAre("stage resolve ok", "stage connect ok", "stage upgrade ok", "open",
                                          "text one", "closed 1000 bye"));
  EXPECT_EQ(events.facts().peer, "127.0.0.1:" + std::to_string(server.port()));
}

}  // namespace
}  // namespace inlet::ws
