// Eight clients change streams at random, the same ones and their own: no update is lost, nothing hangs, nothing leaks.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "ingest/error.h"
#include "service/control_thread.h"
#include "service/loop_call.h"
#include "service/stream_registry.h"
#include "service/stream_update.h"
#include "tests/fakes/fake_store.h"
#include "tests/fakes/thread_loop.h"

namespace inlet::service {
namespace {

constexpr int kClients = 8;
constexpr int kSharedNames = 6;
constexpr int kOwnNames = 3;

// Sources that are counted, and do nothing else.
class CountedSources final : public ingest::SourceFactory {
 public:
  std::unique_ptr<ingest::Source> CreateSource(std::shared_ptr<const ingest::StreamSpec> /*spec*/,
                                               ingest::SourceSink& sink) override {
    return std::make_unique<Source>(*this, sink);
  }
  absl::Status CheckChanges(const std::vector<std::shared_ptr<const ingest::StreamSpec>>& /*specs*/) const override {
    return absl::OkStatus();
  }
  int live() const { return live_; }
  int running() const { return running_; }

 private:
  class Source final : public ingest::Source {
   public:
    Source(CountedSources& all, ingest::SourceSink& sink) : all_(all), sink_(sink) { ++all_.live_; }
    ~Source() override {
      Stop();
      --all_.live_;
    }
    absl::Status Start() override {
      if (!std::exchange(running_, true)) ++all_.running_;
      sink_.OnState({.state = ingest::SourceState::kListening});
      return absl::OkStatus();
    }
    void Stop() override {
      if (std::exchange(running_, false)) --all_.running_;
    }
    void Reconnect(std::string_view /*reason*/) override {}
    bool CloseConnection(uint64_t /*connection*/, uint16_t /*code*/, std::string_view /*reason*/) override {
      return false;
    }
    ingest::SendVerdict Send(uint64_t /*connection*/, std::string_view /*text*/) override {
      return ingest::SendVerdict::kUnknown;
    }
    void Change(std::shared_ptr<const ingest::StreamSpec> /*spec*/, std::string_view /*reason*/) override {}
    std::string endpoint() const override { return {}; }

   private:
    CountedSources& all_;
    ingest::SourceSink& sink_;
    bool running_ = false;
  };

  std::atomic<int> live_{0};
  std::atomic<int> running_{0};
};

// The service without gRPC.
class Service {
 public:
  Service() : registry_(Options()), control_({}) {}
  ~Service() {
    control_.Stop();
    registry_.StopAll();
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // As a unary call does it: on the control thread, and waited for.
  template <typename Result>
  Result Call(std::function<Result()> call) {
    std::promise<Result> promise;
    const absl::Status posted = control_.Post([&] { promise.set_value(call()); });
    return posted.ok() ? promise.get_future().get() : Result(posted);
  }
  absl::Status Create(const std::string& name) {
    return Call<absl::Status>([&] {
      v1::CreateStreamRequest request;
      request.mutable_stream()->set_name(name);
      return registry_.Create(*Plan(request), {}).status();
    });
  }
  absl::Status Update(const v1::Stream& stream) {
    return Call<absl::Status>([&] {
      v1::UpdateStreamRequest request;
      *request.mutable_stream() = stream;
      return UpdateStream(
                 registry_, [](const auto& create) { return Plan(create); }, {}, request)
          .status();
    });
  }
  absl::Status Delete(const std::string& name) {
    return Call<absl::Status>([&] { return registry_.Delete(name, false); });
  }
  absl::Status Pause(const std::string& name, bool pause) {
    return Call<absl::Status>([&] { return (pause ? registry_.Pause(name) : registry_.Resume(name)).status(); });
  }
  StreamEntryPtr Get(const std::string& name) const {
    const auto entry = registry_.Get(name);
    return entry.ok() ? *entry : nullptr;
  }
  StreamRegistry& registry() { return registry_; }
  FakeStore& store() { return store_; }
  CountedSources& sources() { return sources_; }
  void DrainLoop() {
    for (int i = 0; i < 2; ++i) RunOnLoop(loop_, [] {});
  }

 private:
  static absl::StatusOr<StreamPlan> Plan(const v1::CreateStreamRequest& request) {
    static const config::ConfKeys kConfKeys;
    return PlanStream(request, kConfKeys, {});
  }
  StreamRegistry::Options Options() {
    StreamRegistry::Options options;
    options.loop = &loop_;
    options.publisher = &publisher_;
    options.sources = &sources_;
    options.store = &store_;
    return options;
  }

  ingest::Publisher publisher_;
  FakeStore store_;
  CountedSources sources_;
  ingest::ThreadLoop loop_;
  StreamRegistry registry_;
  ControlThread control_;
};

// Updates that were acknowledged, for each stream that ever was: by the first part of its etag.
class Ledger {
 public:
  void Add(const std::string& incarnation) {
    const std::lock_guard lock(mutex_);
    ++updates_[incarnation];
  }
  int updates(const std::string& incarnation) const {
    const std::lock_guard lock(mutex_);
    const auto found = updates_.find(incarnation);
    return found == updates_.end() ? 0 : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, int> updates_;
};

std::string IncarnationOf(const StreamEntry& entry) {
  const std::string etag = EtagOf(entry);
  return entry.definition.name() + etag.substr(0, etag.find('-'));
}

int CountIn(const StreamEntry& entry) {
  const std::string text = entry.definition.Unpack().description();
  return text.empty() ? 0 : std::stoi(text);
}

class Client {
 public:
  Client(int number, Service& service, Ledger& ledger) : random_(number), service_(service), ledger_(ledger) {
    for (int i = 0; i < kOwnNames; ++i) own_["own" + std::to_string(number) + "-" + std::to_string(i)] = {};
  }

  void Step() {
    if (Dice(2) == 0) return StepShared("shared" + std::to_string(Dice(kSharedNames)));
    auto own = own_.begin();
    std::advance(own, Dice(kOwnNames));
    StepOwn(own->first, own->second);
  }

 private:
  struct Own {
    bool exists = false;
    bool paused = false;
    int updates = 0;
  };

  int Dice(int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(random_); }

  // Others do the same at the same time: what counts is what was acknowledged.
  void StepShared(const std::string& name) {
    switch (Dice(10)) {
      case 0:
        ExpectOneOf(service_.Create(name), absl::StatusCode::kAlreadyExists);
        break;
      case 1:
        if (Dice(20) == 0) ExpectOneOf(service_.Delete(name), absl::StatusCode::kNotFound);
        break;
      case 2:
      case 3:
        ExpectOneOf(service_.Pause(name, Dice(2) == 0), absl::StatusCode::kNotFound);
        break;
      case 4:
        for (const auto& entry : service_.registry().ListAfter("", 5)) EXPECT_NE(entry->stream, nullptr);
        break;
      default:
        Increment(name);
    }
  }

  // Reads, adds one, and writes, guarded by the etag.
  void Increment(const std::string& name) {
    const StreamEntryPtr entry = service_.Get(name);
    if (!entry) return;
    v1::Stream change;
    change.set_name(name);
    change.set_etag(EtagOf(*entry));
    change.set_description(std::to_string(CountIn(*entry) + 1));
    const absl::Status status = service_.Update(change);
    if (status.ok()) return ledger_.Add(IncarnationOf(*entry));
    EXPECT_TRUE(status.code() == absl::StatusCode::kAborted || status.code() == absl::StatusCode::kNotFound) << status;
  }

  // Nobody else touches it: it is exactly as we left it.
  void StepOwn(const std::string& name, Own& own) {
    Check(name, own);
    if (!own.exists) {
      EXPECT_TRUE(service_.Create(name).ok());
      own = {.exists = true};
      return;
    }
    switch (Dice(8)) {
      case 0:
        EXPECT_TRUE(service_.Delete(name).ok());
        own = {};
        break;
      case 1:
      case 2:
        own.paused = Dice(2) == 0;
        EXPECT_TRUE(service_.Pause(name, own.paused).ok());
        break;
      default:
        v1::Stream change;
        change.set_name(name);
        change.set_description(std::to_string(++own.updates));
        EXPECT_TRUE(service_.Update(change).ok());
    }
  }

  void Check(const std::string& name, const Own& own) const {
    const StreamEntryPtr entry = service_.Get(name);
    ASSERT_EQ(entry != nullptr, own.exists) << name;
    if (!entry) return;
    EXPECT_EQ(entry->paused, own.paused) << name;
    EXPECT_EQ(CountIn(*entry), own.updates) << name;
    const ingest::SourceState state = entry->stream->Snapshot().state.state;
    EXPECT_EQ(state, own.paused ? ingest::SourceState::kPaused : ingest::SourceState::kListening) << name;
  }

  static void ExpectOneOf(const absl::Status& status, absl::StatusCode other) {
    EXPECT_TRUE(status.ok() || status.code() == other) << status;
  }

  std::minstd_rand random_;
  Service& service_;
  Ledger& ledger_;
  std::map<std::string, Own> own_;
};

std::chrono::seconds Duration() {
  const char* const text = std::getenv("INLET_MODEL_SECONDS");
  return std::chrono::seconds(text == nullptr ? 3 : std::strtol(text, nullptr, 10));
}

TEST(LifecycleModel, NoUpdateIsLostAndNothingLeaks) {
  Service service;
  Ledger ledger;
  std::atomic<int64_t> steps{0};
  const auto end = std::chrono::steady_clock::now() + Duration();
  std::vector<std::thread> threads;
  for (int number = 1; number <= kClients; ++number) {
    threads.emplace_back([&, number] {
      Client client(number, service, ledger);
      while (std::chrono::steady_clock::now() < end) {
        client.Step();
        ++steps;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  RecordProperty("steps", static_cast<int>(steps));
  EXPECT_GT(steps, 1000);

  int running = 0;
  const auto kept = service.store().streams();
  auto entries = service.registry().ListAfter("", 1000);
  EXPECT_EQ(entries.size(), kept.size());
  for (const StreamEntryPtr& entry : entries) {
    const std::string& name = entry->definition.name();
    ASSERT_TRUE(kept.contains(name)) << name;
    EXPECT_EQ(kept.at(name).revision, entry->revision) << name;
    EXPECT_EQ(kept.at(name).paused, entry->paused) << name;
    EXPECT_EQ(kept.at(name).definition.description(), entry->definition.Unpack().description()) << name;
    const int expected = name.starts_with("shared") ? ledger.updates(IncarnationOf(*entry)) : CountIn(*entry);
    EXPECT_EQ(CountIn(*entry), expected) << name;
    if (!entry->paused) ++running;
  }
  service.DrainLoop();
  EXPECT_EQ(service.sources().running(), running);
  for (const StreamEntryPtr& entry : entries) EXPECT_TRUE(service.Delete(entry->definition.name()).ok());
  EXPECT_TRUE(service.store().streams().empty());
  entries.clear();
  service.DrainLoop();
  EXPECT_EQ(service.sources().running(), 0);
  EXPECT_EQ(service.sources().live(), 0);
}

}  // namespace
}  // namespace inlet::service
