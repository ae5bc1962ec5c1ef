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

// Answers the upgrade, sends `bytes` in the same segment, then waits for the client's end.
ScriptedServer::Script Sends(std::string bytes) {
  return [bytes = std::move(bytes)](int socket) {
    WriteAll(socket, SwitchingAnswer(ReadRequest(socket)) + bytes);
    ReadToEnd(socket);
  };
}

std::string Code(uint16_t code, std::string_view reason = "") {
  std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)};
  return payload.append(reason);
}

TEST_F(DialMessages, MessagesInTheSegmentOfThe101AreNotLost) {
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes += Frame(kText, std::to_string(i));
  const ScriptedServer server(Sends(bytes + Frame(kClose, Code(1000))));
  RecordingEvents events;
  Dial(RequestTo(server.port()), events);
  ASSERT_TRUE(events.WaitFor("closed 1000"));
  EXPECT_EQ(events.CountLines("text "), 100U);
}

TEST_F(DialMessages, MessagesBeforeAResetAreNotLost) {
  const ScriptedServer server([](int socket) {
    std::string bytes = SwitchingAnswer(ReadRequest(socket));
    for (int i = 0; i < 100; ++i) bytes += Frame(kText, std::to_string(i));
    ResetAtClose(socket);
    WriteAll(socket, bytes);
  });
  RecordingEvents events;
  Dial(RequestTo(server.port()), events);
  ASSERT_TRUE(events.WaitFor("closed 1006"));
  EXPECT_EQ(events.CountLines("text "), 100U);
}

TEST_F(DialMessages, FragmentsBecomeOneMessage) {
  const ScriptedServer server(Sends(Frame(kText, "one, ", false) + Frame(kPing, "x") +
                                    Frame(kContinuation, "two, ", false) + Frame(kContinuation, "three")));
  RecordingEvents events;
  Dial(RequestTo(server.port()), events);
  EXPECT_TRUE(events.WaitFor("text one, two, three"));
}

TEST_F(DialMessages, AMessageThatTheServerDoesNotFinishIsCounted) {
  const ScriptedServer server([](int socket) {
    WriteAll(socket, SwitchingAnswer(ReadRequest(socket)));
    WriteAll(socket, Frame(kText, "whole", false) + Frame(kContinuation, "") + Frame(kText, "some", false));
  });
  RecordingEvents events;
  Dial(RequestTo(server.port()), events);
  ASSERT_TRUE(events.WaitFor("closed 1006"));
  Drop();
  EXPECT_EQ(dialer_->counters().unfinished_messages.value(), 1U);
}

TEST_F(DialMessages, ABinaryMessageIsAFaultAndTheConnectionStays) {
  const ScriptedServer server(
      Sends(Frame(kBinary, "12345") + Frame(kBinary, "12", false) + Frame(kContinuation, "3") + Frame(kText, "after")));
  RecordingEvents events;
  Dial(RequestTo(server.port()), events);
  EXPECT_TRUE(events.WaitFor("text after"));
  EXPECT_EQ(events.CountLines("binary 5"), 1U);
  EXPECT_EQ(events.CountLines("binary 3"), 1U);
}

// What the client says while it closes.
class Ending : public DialTest {
 protected:
  // Sends `bytes` after the 101, and returns the client's frames.
  std::vector<std::string> FramesAfter(const std::string& bytes, RecordingEvents& events, uint32_t most = 1U << 20) {
    std::string received;
    {
      const ScriptedServer server([&](int socket) {
        WriteAll(socket, SwitchingAnswer(ReadRequest(socket)));
        WriteAll(socket, bytes);
        char first = 0;
        if (recv(socket, &first, 1, 0) == 1) received = first;
        shutdown(socket, SHUT_WR);
        received += ReadToEnd(socket);
      });
      DialRequest request = RequestTo(server.port());
      request.max_message_bytes = most;
      Dial(request, events);
      EXPECT_TRUE(events.WaitFor("closed"));
      Drop();
    }
    return ParseClientFrames(received);
  }
};

TEST_F(Ending, AMessageAboveTheLimitCloses1009) {
  RecordingEvents events;
  const auto frames = FramesAfter(Frame(kText, std::string(101, 'x')), events, 100);
  EXPECT_THAT(frames, ElementsAre("8:" + Code(1009, "a message has at most 100 bytes here")));
  EXPECT_EQ(events.CountLines("too large 101"), 1U);
  EXPECT_EQ(events.CountLines("closed 1009"), 1U);
}

TEST_F(Ending, WhatComesBehindTooLargeAMessageDoesNotChangeTheCloseFrame) {
  RecordingEvents events;
  const auto frames = FramesAfter(
      Frame(kText, std::string(101, 'x')) + Frame(kPing, "not a close frame") + Frame(kClose, Code(1000)), events, 100);
  EXPECT_THAT(frames, ElementsAre("8:" + Code(1009, "a message has at most 100 bytes here")));
  EXPECT_EQ(events.CountLines("closed 1009"), 1U);
}

TEST_F(Ending, FragmentsAboveTheLimitClose1009) {
  RecordingEvents events;
  const auto frames =
      FramesAfter(Frame(kText, std::string(60, 'x'), false) + Frame(kContinuation, std::string(60, 'x')), events, 100);
  EXPECT_THAT(frames, ElementsAre("8:" + Code(1009, "a message has at most 100 bytes here")));
  EXPECT_EQ(dialer_->counters().unfinished_messages.value(), 0U) << "a message that is a reject is counted there";
}

TEST_F(Ending, AVerdictOfInvalidUtf8Closes1007) {
  RecordingEvents events;
  events.judge = [](std::string_view) { return ingest::Verdict::kInvalidUtf8; };
  EXPECT_THAT(FramesAfter(Frame(kText, "\xff"), events),
              ElementsAre("8:" + Code(1007, "a text message must be UTF-8")));
  EXPECT_EQ(events.CountLines("closed 1007"), 1U);
}

TEST_F(Ending, ACompressedFrameCloses1002) {
  RecordingEvents events;
  EXPECT_THAT(FramesAfter(Frame(kText, "x", true, 4), events), Contains("8:" + Code(1002)));
  EXPECT_EQ(events.CountLines("closed 1002"), 1U);
  EXPECT_EQ(events.CountLines("text"), 0U);
}

TEST_F(DialMessages, TextsAreSentInOrderAndMasked) {
  std::string received;
  {
    const ScriptedServer server([&](int socket) {
      WriteAll(socket, SwitchingAnswer(ReadRequest(socket)));
      received = ReadToEnd(socket);
    });
    RecordingEvents events;
    events.react = [&](std::string_view line) {
      if (line != "open") return;
      EXPECT_TRUE(connection_->Send("one"));
      EXPECT_TRUE(connection_->Send(std::string(70'000, 'x')));
      EXPECT_TRUE(connection_->Send(""));
      connection_->Close(1000, "enough");
      EXPECT_FALSE(connection_->Send("after the close"));
    };
    Dial(RequestTo(server.port()), events);
    ASSERT_TRUE(events.WaitFor("closed 1000 enough"));  // 5 s: the server does not answer
    Drop();
  }
  EXPECT_THAT(ParseClientFrames(received),
              ElementsAre("1:one", "1:" + std::string(70'000, 'x'), "1:", "8:" + Code(1000, "enough")));
}

TEST_F(DialMessages, TheSendQueueIsBounded) {
  const ScriptedServer server(Sends(""));
  RecordingEvents events;
  bool first = false, second = true;
  events.react = [&](std::string_view line) {
    if (line != "open") return;
    first = connection_->Send(std::string(SendQueue::kMostBytes, 'x'));
    second = connection_->Send("x");
  };
  Dial(RequestTo(server.port()), events);
  ASSERT_TRUE(events.WaitFor("open"));
  OnLoop([] {});
  EXPECT_TRUE(first);
  EXPECT_FALSE(second);
  EXPECT_EQ(dialer_->counters().send_refusals.value(), 1U);
}

TEST_F(DialMessages, ASilentPeerIsPingedAndThenLeft) {
  std::string received;
  {
    const ScriptedServer server([&](int socket) {
      WriteAll(socket, SwitchingAnswer(ReadRequest(socket)));
      received = ReadToEnd(socket);
    });
    RecordingEvents events;
    DialRequest request = RequestTo(server.port());
    request.connection.ping_interval = std::chrono::milliseconds(50);
    request.connection.idle_timeout = std::chrono::milliseconds(200);
    Dial(request, events);
    ASSERT_TRUE(events.WaitFor("closed 1006 no answer to pings"));
    Drop();
  }
  EXPECT_THAT(ParseClientFrames(received), ElementsAre("9:inlet", "8:" + Code(1011, "no answer to pings")));
}

TEST_F(DialMessages, APeerThatAnswersPingsStays) {
  const ScriptedServer server([&](int socket) {
    WriteAll(socket, SwitchingAnswer(ReadRequest(socket)));
    char ping[11];
    for (int i = 0; i < 6 && recv(socket, ping, sizeof ping, MSG_WAITALL) == sizeof ping; ++i) {
      WriteAll(socket, Frame(10, "inlet"));
    }
    WriteAll(socket, Frame(kText, "still here"));
    ReadToEnd(socket);
  });
  RecordingEvents events;
  DialRequest request = RequestTo(server.port());
  request.connection.ping_interval = std::chrono::milliseconds(50);
  request.connection.idle_timeout = std::chrono::milliseconds(250);
  Dial(request, events);
  EXPECT_TRUE(events.WaitFor("text still here"));
}

// The event in which the connection is destroyed.
class DestroyedIn : public DialTest, public testing::WithParamInterface<const char*> {};

TEST_P(DestroyedIn, NotOneCallFollows) {
  const ScriptedServer server(Sends(Frame(kText, "one") + Frame(kBinary, "12") + Frame(kText, std::string(200, 'x')) +
                                    Frame(kClose, Code(1000))));
  RecordingEvents events;
  events.react = [&](std::string_view line) {
    if (line.starts_with(GetParam())) connection_.reset();
  };
  DialRequest request = RequestTo(server.port());
  request.max_message_bytes = 100;
  Dial(request, events);
  ASSERT_TRUE(events.WaitFor(GetParam()));
  // All that its socket had is read by then.
  RecordingEvents later;
  Dial(request, later);
  ASSERT_TRUE(later.WaitFor("closed"));
  EXPECT_THAT(events.Lines().back(), testing::StartsWith(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Events, DestroyedIn,
                         testing::Values("stage resolve", "stage connect", "stage upgrade", "open", "text", "binary",
                                         "too large", "closed"));

}  // namespace
}  // namespace inlet::ws
