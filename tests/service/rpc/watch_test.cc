// WatchStream as a client sees it: a real server, fake sources.
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "service/rpc/error_mapping.h"
#include "service/rpc/grpc_server.h"
#include "service/rpc/stream_service.h"
#include "service/rpc/watch_hub.h"
#include "service/rpc/watch_queue.h"
#include "tests/service/rpc/service_fixture.h"

namespace inlet::rpc {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Watch {
 public:
  Watch(v1::StreamService::Stub& stub, const std::string& name) {
    v1::WatchStreamRequest request;
    request.set_name(name);
    context_.set_deadline(std::chrono::system_clock::now() + 60s);
    reader_ = stub.WatchStream(&context_, request);
  }
  ~Watch() {
    context_.TryCancel();
    if (reader_) reader_->Finish();
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // "demo LISTENING", "demo deleted", "synced", or "end". Heartbeats are passed over: a loaded machine is slow.
  std::string Next() {
    std::string next;
    do next = NextOfAll();
    while (next == "heartbeat");
    return next;
  }
  // Or "heartbeat".
  std::string NextOfAll() {
    if (!reader_->Read(&last)) return "end";
    if (last.synced()) return "synced";
    if (last.heartbeat()) return "heartbeat";
    if (last.deleted()) return last.name() + " deleted";
    return last.name() + " " + v1::StreamStatus::State_Name(last.status().state());
  }
  grpc::Status Finish() {
    grpc::Status status = reader_->Finish();
    reader_.reset();
    return status;
  }

  v1::WatchStreamResponse last;

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchStreamResponse>> reader_;
};

class WatchTest : public testing::Test {
 protected:
  WatchTest() : delivery_(views_), hub_(Options()), parts_(&hub_) {}

  void SetUp() override {
    delivery_.Start();
    StreamService::Options options;
    options.registry = &parts_.registry;
    options.control = &control_;
    options.watch = [this](auto* context, const auto& request) { return hub_.Start(context, request); };
    service_ = std::make_unique<StreamService>(std::move(options));
    auto server = GrpcServer::Start("127.0.0.1:0", *service_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::StreamService::NewStub(grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials()));
  }
  void TearDown() override {
    server_.reset();
    EXPECT_EQ(hub_.watchers(), 0U);
    delivery_.Stop();
  }

  WatchHub::Options Options() {
    WatchHub::Options options;
    options.delivery = &delivery_;
    options.find = [this](const std::string& name) { return parts_.registry.Find(name); };
    options.unknown = [this](const std::string& name) { return parts_.registry.Unknown(name); };
    options.next = [this](const std::string& name) {
      const auto next = parts_.registry.ListAfter(name, 1);
      return next.empty() ? nullptr : next.front();
    };
    options.max_watchers = 3;
    options.poll_interval = 20ms;
    options.heartbeat = 300ms;
    return options;
  }

  void SetState(const std::string& name, ingest::SourceState state, const std::string& reason) {
    parts_.OnLoop([&] { parts_.sources.sink(name).OnState({.state = state, .reason = reason}); });
    hub_.OnStreamChanged(name);
  }
  void Receive(const std::string& name) {
    parts_.OnLoop([&] { parts_.sources.sink(name).OnMessage({R"({"a":1})", 1, ingest::WallTime(1s)}); });
  }

  ingest::ViewCache views_;
  Delivery delivery_;
  WatchHub hub_;
  ServiceParts parts_;
  service::ControlThread control_{{}};
  std::unique_ptr<StreamService> service_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<v1::StreamService::Stub> stub_;
};

TEST_F(WatchTest, OneStreamIsToldNowAndAtEachChange) {
  ASSERT_TRUE(parts_.Create("demo").ok());
  ASSERT_TRUE(parts_.Create("other").ok());
  Watch watch(*stub_, "demo");
  EXPECT_EQ(watch.Next(), "demo LISTENING");
  EXPECT_EQ(watch.last.status().reason(), "waiting for peers");
  EXPECT_EQ(watch.last.status().endpoint(), "ws://fake/demo");
  EXPECT_EQ(watch.Next(), "synced");
  SetState("other", ingest::SourceState::kListening, "not watched");
  SetState("demo", ingest::SourceState::kListening, "changed");
  EXPECT_EQ(watch.Next(), "demo LISTENING");
  EXPECT_EQ(watch.last.status().reason(), "changed");
}

TEST_F(WatchTest, CountersAreToldWithoutAChangeOfState) {
  ASSERT_TRUE(parts_.Create("demo").ok());
  Watch watch(*stub_, "demo");
  EXPECT_EQ(watch.Next(), "demo LISTENING");
  EXPECT_EQ(watch.Next(), "synced");
  Receive("demo");
  EXPECT_EQ(watch.Next(), "demo LISTENING");
  EXPECT_EQ(watch.last.status().records(), 1U);
}

TEST_F(WatchTest, AllStreamsInOrderThenThoseToCome) {
  ASSERT_TRUE(parts_.Create("b").ok());
  ASSERT_TRUE(parts_.Create("a").ok());
  Watch watch(*stub_, "");
  EXPECT_EQ(watch.Next(), "a LISTENING");
  EXPECT_EQ(watch.Next(), "b LISTENING");
  EXPECT_EQ(watch.Next(), "synced");
  ASSERT_TRUE(parts_.Create("c").ok());
  EXPECT_EQ(watch.Next(), "c LISTENING");
  ASSERT_TRUE(parts_.registry.Delete("a", false).ok());
  EXPECT_EQ(watch.Next(), "a deleted");
  ASSERT_TRUE(parts_.Create("a").ok());
  EXPECT_EQ(watch.Next(), "a LISTENING");
}

TEST_F(WatchTest, TheEndOfTheOneStreamEndsTheCall) {
  ASSERT_TRUE(parts_.Create("demo").ok());
  Watch watch(*stub_, "demo");
  EXPECT_EQ(watch.Next(), "demo LISTENING");
  EXPECT_EQ(watch.Next(), "synced");
  ASSERT_TRUE(parts_.registry.Delete("demo", false).ok());
  EXPECT_EQ(watch.Next(), "demo deleted");
  EXPECT_EQ(watch.Next(), "end");
  EXPECT_EQ(watch.Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(WatchTest, SilenceIsBrokenByHeartbeats) {
  Watch watch(*stub_, "");
  EXPECT_EQ(watch.Next(), "synced");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(watch.NextOfAll(), "heartbeat");
  EXPECT_EQ(watch.NextOfAll(), "heartbeat");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 550ms);
}

TEST_F(WatchTest, AnUnknownStreamIsAnErrorAtOnce) {
  ASSERT_TRUE(parts_.Create("demo").ok());
  Watch watch(*stub_, "demp");
  EXPECT_EQ(watch.Next(), "end");
  const grpc::Status status = watch.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("demo"));
}

TEST_F(WatchTest, MoreThanTheLimitAreToldSo) {
  Watch one(*stub_, "");
  Watch two(*stub_, "");
  Watch three(*stub_, "");
  EXPECT_EQ(one.Next() + two.Next() + three.Next(), "syncedsyncedsynced");
  Watch four(*stub_, "");
  EXPECT_EQ(four.Next(), "end");
  EXPECT_EQ(four.Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(WatchTest, AStopTellsWhatIsLeftAndToComeBack) {
  ASSERT_TRUE(parts_.Create("demo").ok());
  Watch watch(*stub_, "");
  EXPECT_EQ(watch.Next(), "demo LISTENING");
  EXPECT_EQ(watch.Next(), "synced");
  SetState("demo", ingest::SourceState::kListening, "last words");
  hub_.Close();
  EXPECT_EQ(watch.Next(), "demo LISTENING");
  EXPECT_EQ(watch.last.status().reason(), "last words");
  EXPECT_EQ(watch.Next(), "end");
  EXPECT_EQ(watch.Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  Watch late(*stub_, "");
  EXPECT_EQ(late.Next(), "end");
  EXPECT_EQ(late.Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

// A client that does not read: what it gets in the end is the latest, not all that was.
TEST_F(WatchTest, ASlowWatcherGetsTheLatestStatus) {
  constexpr int kChanges = 3000;
  ASSERT_TRUE(parts_.Create("demo").ok());
  Watch watch(*stub_, "demo");
  EXPECT_EQ(watch.Next(), "demo LISTENING");
  EXPECT_EQ(watch.Next(), "synced");
  const std::string filler(1000, 'x');
  for (int i = 1; i <= kChanges; ++i) {
    SetState("demo", ingest::SourceState::kListening, std::to_string(i) + filler);
  }
  int told = 0;
  std::string reason;
  while (reason != std::to_string(kChanges) + filler) {
    const std::string next = watch.Next();
    ASSERT_NE(next, "end");
    reason = watch.last.status().reason();
    ++told;
  }
  EXPECT_LT(told, kChanges);
}

TEST_F(WatchTest, WatchersThatComeAndGoWhileStreamsDoLeaveNothing) {
  const std::jthread changes([&](const std::stop_token& stop) {
    for (int i = 0; !stop.stop_requested(); ++i) {
      const std::string name = "s" + std::to_string(i % 5);
      ASSERT_TRUE(parts_.Create(name).ok());
      hub_.OnStreamChanged(name);
      ASSERT_TRUE(parts_.registry.Delete(name, false).ok());
    }
  });
  for (int i = 0; i < 50; ++i) {
    // Those that have gone count until the service hears of it.
    while (hub_.watchers() >= Options().max_watchers) std::this_thread::yield();
    Watch watch(*stub_, "");
    for (std::string next; next != "synced"; next = watch.Next()) {
      ASSERT_NE(next, "end") << watch.Finish().error_message();
    }
    if (i % 2 == 0) watch.NextOfAll();
  }
}

TEST(WatchQueue, AStreamIsThereOnce) {
  WatchQueue queue("");
  EXPECT_TRUE(queue.NoteChanged("a"));
  EXPECT_FALSE(queue.NoteChanged("a"));
  EXPECT_EQ(queue.Take()->name, "a");
  EXPECT_FALSE(queue.Take().has_value());
}

TEST(WatchQueue, TheEndOfWhatWasNeverToldIsNoNews) {
  WatchQueue queue("");
  queue.NoteChanged("a");
  EXPECT_FALSE(queue.NoteDeleted("a"));
  EXPECT_FALSE(queue.Take().has_value());
}

TEST(WatchQueue, AnEndIsToldBeforeTheSuccessor) {
  WatchQueue queue("");
  queue.NoteTold("a");
  EXPECT_TRUE(queue.NoteDeleted("a"));
  EXPECT_TRUE(queue.NoteChanged("a"));
  EXPECT_FALSE(queue.NoteDeleted("a"));  // the successor was never told of
  EXPECT_TRUE(queue.NoteChanged("a"));
  EXPECT_TRUE(queue.Take()->deleted);
  EXPECT_FALSE(queue.Take()->deleted);
  EXPECT_FALSE(queue.Take().has_value());
  EXPECT_EQ(*queue.NextTold(""), "a");
}

TEST(WatchQueue, OnlyTheOneThatIsWatchedCounts) {
  WatchQueue queue("a");
  EXPECT_FALSE(queue.NoteChanged("b"));
  EXPECT_FALSE(queue.NoteDeleted("b"));
  EXPECT_FALSE(queue.Take().has_value());
}

}  // namespace
}  // namespace inlet::rpc
