// Memory of messages that have begun: the oldest gives way to the others.
#include "ingest/ws/assembly_queue.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "tests/ingest/ws/dial_fixture.h"

namespace inlet::ws {
namespace {

class AssemblyQueueTest : public DialTest {
 protected:
  static constexpr size_t kBudget = 17'000;

  void SetUp() override {
    DialTest::SetUp();
    egress_ = std::make_unique<EgressRules>(*EgressRules::Parse(egress_options_));
    dialer_ =
        std::make_unique<LwsDialer>(*loop_, credentials_, *egress_, resolver_options_, SystemAuthorities{}, kBudget);
  }
  const DialCounters& counters() const { return dialer_->counters(); }
};

// A server that begins a message, and ends it once it is told to.
class HalfServer {
 public:
  explicit HalfServer(size_t size)
      : server_([this, size](int socket) {
          WriteAll(socket, SwitchingAnswer(ReadRequest(socket)) + Frame(1, std::string(size, 'x'), false));
          go_.get_future().wait();
          WriteAll(socket, Frame(0, "y"));
          char byte = 0;  // until the client closes
          while (recv(socket, &byte, 1, 0) == 1 && static_cast<unsigned char>(byte) != 0x88) {
          }
        }) {}
  ~HalfServer() { End(); }
  HalfServer(const HalfServer&) = delete;
  HalfServer& operator=(const HalfServer&) = delete;

  uint16_t port() const { return server_.port(); }
  void End() {
    if (!std::exchange(ended_, true)) go_.set_value();
  }

 private:
  std::promise<void> go_;
  bool ended_ = false;
  ScriptedServer server_;
};

TEST_F(AssemblyQueueTest, TheOldestMessageOfAClientGivesWayToTheNewcomer) {
  HalfServer first(8'000);
  HalfServer second(12'000);
  RecordingEvents old_events;
  Dial(RequestTo(first.port()), old_events);
  ASSERT_TRUE(Eventually([this] { return counters().assembly_bytes.value() >= 8'000; }));
  std::unique_ptr<ClientConnection> old;
  OnLoop([&] { old = std::move(connection_); });
  RecordingEvents new_events;
  Dial(RequestTo(second.port()), new_events);
  EXPECT_TRUE(Eventually([this] { return counters().assembly_refusals.value() == 1; }));
  first.End();
  EXPECT_TRUE(old_events.WaitFor("closed 1013 " + std::string(kNoRoomReason)));
  EXPECT_EQ(old_events.CountLines("text"), 0U);
  second.End();
  EXPECT_TRUE(new_events.WaitFor("text " + std::string(12'000, 'x') + "y"));
  EXPECT_TRUE(Eventually([this] { return counters().assembly_bytes.value() == 0; }));
  OnLoop([&] { old.reset(); });
}

TEST_F(AssemblyQueueTest, AClientsMessageThatAloneExceedsTheBoundIsRefused) {
  HalfServer server(20'000);
  RecordingEvents events;
  Dial(RequestTo(server.port()), events);
  EXPECT_TRUE(Eventually([this] { return counters().assembly_refusals.value() == 1; }));
  server.End();
  EXPECT_TRUE(events.WaitFor("closed 1013 "));
}

TEST_F(AssemblyQueueTest, WhoGivesWayMayVanishWhileItIsTold) {
  HalfServer first(8'000);
  HalfServer second(12'000);
  RecordingEvents old_events;
  std::unique_ptr<ClientConnection> old;
  old_events.react = [&](std::string_view line) {
    if (line.starts_with("too large ")) old.reset();  // as the fixture calls this fault
  };
  Dial(RequestTo(first.port()), old_events);
  ASSERT_TRUE(Eventually([this] { return counters().assembly_bytes.value() >= 8'000; }));
  OnLoop([&] { old = std::move(connection_); });
  RecordingEvents new_events;
  Dial(RequestTo(second.port()), new_events);
  EXPECT_TRUE(Eventually([this] { return counters().assembly_refusals.value() == 1; }));
  second.End();
  EXPECT_TRUE(new_events.WaitFor("text "));
  EXPECT_EQ(old_events.CountLines("closed"), 0U);
}

}  // namespace
}  // namespace inlet::ws
