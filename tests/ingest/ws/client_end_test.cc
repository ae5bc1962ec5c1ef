// How connections of the client role end on purpose, and that nothing is left of them.
#include <gtest/gtest.h>

#include "ingest/ws/client.h"
#include "ingest/ws/source_by_role.h"
#include "tests/fakes/fake_source.h"
#include "tests/ingest/ws/client_fixture.h"

namespace inlet::ws {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

TEST_F(ClientSourceTest, ReconnectClosesAndDialsAtOnce) {
  StartOpen();
  source_->Reconnect("asked to");
  EXPECT_EQ(sink_.Take(), (Lines{"disconnect 1000 asked to", "state 1 looking up feed.example:80"}));
  EXPECT_EQ(dialer_.journal, (Lines{"close 1 1000 asked to", "dial 2"}));
  dialer_.connections().front()->Text("late");
  dialer_.connections().front()->Closed(1000);
  EXPECT_EQ(sink_.Take(), Lines{}) << "what the old connection still says concerns nobody";
  EXPECT_EQ(dialer_.connections().size(), 1U);
}

TEST_F(ClientSourceTest, ReconnectEndsADialOrAWaitToo) {
  Start();
  source_->Reconnect("asked to");
  EXPECT_EQ(dialer_.journal, (Lines{"dial 1", "destroy 1", "dial 2"}));
  dialer_.last().Fail(Refused());
  source_->Reconnect("asked to");
  EXPECT_EQ(dialer_.dials, 3U);
  EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(ClientSourceTest, ReconnectBeforeTheStartDoesNothing) {
  ingest::StreamSpec spec;
  spec.role = role_;
  client_.CreateSource(std::make_shared<const ingest::StreamSpec>(spec), sink_)->Reconnect("asked to");
  EXPECT_EQ(dialer_.dials, 0U);
}

TEST_F(ClientSourceTest, StopClosesWithGoingAwayAndIsTheLastWord) {
  StartOpen();
  source_->Stop();
  EXPECT_EQ(sink_.Take(), (Lines{"disconnect 1001 the stream was stopped"}));
  source_->Stop();
  source_.reset();
  EXPECT_EQ(dialer_.journal, (Lines{"close 1 1001 the stream was stopped"}));
  dialer_.last().Text("late");
  dialer_.last().Closed(1001);
  EXPECT_EQ(sink_.Take(), Lines{});
  EXPECT_TRUE(dialer_.connections().empty());
}

TEST_F(ClientSourceTest, StopEndsADialOrAWaitInSilence) {
  Start();
  sink_.Take();
  source_->Stop();
  EXPECT_TRUE(dialer_.connections().empty());
  ASSERT_TRUE(source_->Start().ok());
  dialer_.last().Fail(Refused());
  sink_.Take();
  source_->Stop();
  loop_.Advance(1h);
  EXPECT_EQ(sink_.Take(), Lines{});
  EXPECT_EQ(dialer_.dials, 2U);
}

TEST_F(ClientSourceTest, AClientAwaitsItsCloseFrames) {
  StartOpen();
  bool done = false;
  source_->Stop();
  client_.AwaitClosed(5s, [&] { done = true; });
  loop_.RunPosts();
  EXPECT_FALSE(done);
  dialer_.last().Closed(1001);
  loop_.RunPosts();
  EXPECT_TRUE(done);
  EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(ClientSourceTest, AClientAwaitsNobodyForEver) {
  StartOpen();
  bool done = false;
  source_->Stop();
  client_.AwaitClosed(5s, [&] { done = true; });
  loop_.Advance(5s);
  loop_.RunPosts();
  EXPECT_TRUE(done);
  EXPECT_TRUE(dialer_.connections().empty()) << "cut";
  done = false;
  client_.AwaitClosed(5s, [&] { done = true; });
  loop_.RunPosts();
  EXPECT_TRUE(done) << "there is nothing to wait for";
}

TEST_F(ClientSourceTest, TheEndOfTheLoopCutsWhatIsStillClosing) {
  StartOpen();
  source_->Stop();
  client_.Free();
  EXPECT_TRUE(dialer_.connections().empty());
  EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(ClientSourceTest, NothingIsLeftOfTenThousandReconnects) {
  role_.heartbeat_message = "ping";
  role_.heartbeat_interval = 1s;
  role_.open_messages = {"hello"};
  dialer_.keeps_journal = false;
  sink_.keeps_journal = false;
  Start();
  for (int i = 0; i < 10'000; ++i) {
    switch (i % 4) {
      case 0:
        dialer_.last().Fail(Refused());
        break;
      case 1:
        Open();
        dialer_.last().Text("{}");
        dialer_.last().Closed(1006);
        break;
      case 2:
        Open();
        source_->Reconnect("again");
        dialer_.connections().front()->Closed(1000);
        continue;
      default:
        source_->Reconnect("again");
        continue;
    }
    ASSERT_TRUE(dialer_.connections().empty());
    ASSERT_EQ(loop_.timers(), 1U);
    loop_.Advance(WaitTime());
    ASSERT_EQ(loop_.timers(), 0U);
    ASSERT_EQ(dialer_.connections().size(), 1U);
  }
  EXPECT_EQ(dialer_.dials, 10'001U);
  source_->Stop();
  EXPECT_TRUE(dialer_.connections().empty());
  EXPECT_EQ(loop_.timers(), 0U);
}

TEST_F(ClientSourceTest, EachRoleHasItsFactory) {
  ingest::FakeSourceFactory server;
  SourceByRole both(server, client_);
  ingest::StreamSpec spec;
  spec.role = role_;
  EXPECT_EQ(both.CreateSource(std::make_shared<const ingest::StreamSpec>(spec), sink_)->endpoint(),
            "ws://feed.example/v1");
  spec.role = ingest::ServerRole{.path = "/demo"};
  EXPECT_EQ(both.CreateSource(std::make_shared<const ingest::StreamSpec>(spec), sink_)->endpoint(), "ws://fake/demo");
}

TEST_F(ClientSourceTest, AConnectionThatIsClosedByItsIdIsDialledAgainAtOnce) {
  StartOpen();
  const uint64_t connection = sink_.connections.back();
  sink_.Take();
  EXPECT_FALSE(source_->CloseConnection(connection + 1, 1000, ""));
  EXPECT_EQ(sink_.Take(), Lines{});
  EXPECT_TRUE(source_->CloseConnection(connection, 4000, "go"));
  EXPECT_EQ(sink_.Take(), (Lines{"disconnect 4000 go", "state 1 looking up feed.example:80"}));
  EXPECT_EQ(dialer_.dials, 2U);
  EXPECT_FALSE(source_->CloseConnection(connection, 1000, "")) << "it is gone";
}

TEST_F(ClientSourceTest, ATextGoesToTheOneConnectionThereIs) {
  Start();
  EXPECT_EQ(source_->Send(1, "early"), ingest::SendVerdict::kUnknown);
  Open();
  const uint64_t connection = sink_.connections.back();
  EXPECT_EQ(source_->Send(connection + 1, "astray"), ingest::SendVerdict::kUnknown);
  EXPECT_EQ(source_->Send(connection, "hello"), ingest::SendVerdict::kHanded);
  dialer_.full = true;
  EXPECT_EQ(source_->Send(connection, "more"), ingest::SendVerdict::kRefused);
  EXPECT_EQ(dialer_.journal.back(), "send 1 hello");
}

}  // namespace
}  // namespace inlet::ws
