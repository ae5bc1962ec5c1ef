// The whole service in one process: how it starts, and in which order it stops.
#include "service/app.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "ingest/log.h"
#include "inlet/v1/inlet.grpc.pb.h"
#include "service/config/load.h"
#include "tests/service/rpc/app_fixture.h"

namespace inlet::service {
namespace {

using testing::HasSubstr;

// Notes in the journal when the health service says NOT_SERVING, until the call ends.
class HealthWatch {
 public:
  HealthWatch(const std::shared_ptr<grpc::Channel>& channel, Journal& journal)
      : stub_(channel), thread_([this, &journal] { Run(journal); }) {
    serving_.get_future().wait();
  }
  ~HealthWatch() { thread_.join(); }
  HealthWatch(const HealthWatch&) = delete;
  HealthWatch& operator=(const HealthWatch&) = delete;

 private:
  using Request = grpc::health::v1::HealthCheckRequest;
  using Response = grpc::health::v1::HealthCheckResponse;

  void Run(Journal& journal) {
    const auto call = stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
    call->StartCall(nullptr);
    Await();
    call->Write(Request(), grpc::WriteOptions().set_last_message(), nullptr);  // of all services
    Await();
    Response response;
    for (call->Read(&response, nullptr); Await(); call->Read(&response, nullptr)) {
      if (response.status() == Response::SERVING) serving_.set_value();
      if (response.status() == Response::NOT_SERVING) journal.Add("health: NOT_SERVING");
    }
    grpc::Status status;
    call->Finish(&status, nullptr);
    Await();
    journal.Add("health: ended");
  }

  bool Await() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::TemplatedGenericStub<Request, Response> stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::promise<void> serving_;
  std::thread thread_;
};

TEST(App, StartsAndServes) {
  const auto app = App::Start(AnyPorts());
  ASSERT_TRUE(app.ok()) << app.status();
  Client client(**app);
  v1::Stream created;
  const grpc::Status status = client.Create("demo", &created);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(created.status().endpoint(), testing::MatchesRegex("ws://127\\.0\\.0\\.1:[1-9][0-9]*/demo"));
  v1::Stream shown;
  ASSERT_TRUE(client.Get("demo", &shown).ok());
  EXPECT_EQ(shown.status().state(), v1::StreamStatus::LISTENING);
}

TEST(App, AWebSocketAddressThatCannotBeOpenedEndsTheStart) {
  config::Loaded config = AnyPorts();
  config.app.server.listen = config::WebSocketServerConfig::Listen::kAlways;
  config.app.server.http_server_ip = "192.0.2.1";
  const auto app = App::Start(config);
  ASSERT_FALSE(app.ok());
  EXPECT_EQ(GetErrorDetail(app.status()).reason, "ADDRESS_UNAVAILABLE");
}

// A service's files in a folder of their own.
class ConfigFolder {
 public:
  ConfigFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "inlet-app-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    std::filesystem::create_directory(folder_ / "sources");
    std::ofstream(folder_ / "inlet.yaml") << "grpc:\n  address: 127.0.0.1:0\ndataDir: ''\n";
  }
  ~ConfigFolder() { std::filesystem::remove_all(folder_); }
  ConfigFolder(const ConfigFolder&) = delete;
  ConfigFolder& operator=(const ConfigFolder&) = delete;

  void WriteSources(const std::string& sections) const {
    std::ofstream(folder_ / "sources" / "websocket.yaml") << "source:\n  httpServerIp: 127.0.0.1\n  httpServerPort: 0\n"
                                                          << sections;
  }
  absl::StatusOr<config::Loaded> Load() const { return config::Load((folder_ / "inlet.yaml").string(), {}); }

 private:
  std::filesystem::path folder_;
};

// The watch of the file begins later than its reading.
TEST(App, AnEditDuringTheStartIsApplied) {
  const ConfigFolder folder;
  folder.WriteSources("small:\n  maxMessageBytes: 1000\n");
  auto loaded = folder.Load();
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  folder.WriteSources("small:\n  maxMessageBytes: 2000\n");
  Journal journal;
  auto app = App::Start(*std::move(loaded));
  ASSERT_TRUE(app.ok()) << app.status();
  (*app)->Stop();
  EXPECT_TRUE(journal.Has("conf_keys_reloaded"));
}

TEST(App, AFileWithoutAnEditIsNoNewsAtTheStart) {
  const ConfigFolder folder;
  folder.WriteSources("small:\n  maxMessageBytes: 1000\n");
  auto loaded = folder.Load();
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  Journal journal;
  auto app = App::Start(*std::move(loaded));
  ASSERT_TRUE(app.ok()) << app.status();
  (*app)->Stop();
  for (const char* const event : {"conf_keys_reloaded", "conf_keys_refused", "restart_needed"}) {
    EXPECT_FALSE(journal.Has(event)) << event;
  }
}

TEST(App, StopsInOrder) {
  Journal journal;
  auto app = App::Start(AnyPorts());
  ASSERT_TRUE(app.ok()) << app.status();
  Client client(**app);
  v1::Stream created;
  ASSERT_TRUE(client.Create("demo", &created).ok());
  std::thread reader;
  {
    const HealthWatch health(client.channel(), journal);
    grpc::ClientContext context;
    const auto subscription = client.Subscribe(&context, "demo");
    v1::SubscribeResponse response;
    ASSERT_TRUE(subscription->Read(&response));
    EXPECT_TRUE(response.notice().has_started());
    grpc::Status end;
    v1::Notice last;
    reader = std::thread([&] {
      while (subscription->Read(&response)) last = response.notice();
      end = subscription->Finish();
      EXPECT_TRUE(journal.Await("health: NOT_SERVING")) << "another thread hears of it, perhaps a moment later";
      journal.Add("subscription: ended");
    });
    (*app)->Stop();
    reader.join();
    EXPECT_TRUE(last.has_ending());
    EXPECT_EQ(last.ending().reason(), v1::DRAINING);
    EXPECT_TRUE(last.ending().retry());
    EXPECT_EQ(end.error_code(), grpc::StatusCode::UNAVAILABLE);
  }
  EXPECT_LT(journal.Find("service_stopping"), journal.Find("health: NOT_SERVING"));
  EXPECT_LT(journal.Find("listener_closed"), journal.Find("subscription: ended"));
  EXPECT_LT(journal.Find("subscription: ended"), journal.Find("health: ended"));
  EXPECT_TRUE(journal.Has("service_stopped"));
  app->reset();
}

TEST(App, StopIsIdempotentAndDestructionStops) {
  Journal journal;
  auto app = App::Start(AnyPorts());
  ASSERT_TRUE(app.ok()) << app.status();
  (*app)->Stop();
  (*app)->Stop();
  app->reset();
  EXPECT_TRUE(journal.Has("service_stopped"));
}

}  // namespace
}  // namespace inlet::service
