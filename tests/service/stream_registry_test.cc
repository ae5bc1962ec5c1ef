// What the registry promises about streams that are made, found and ended.
#include "service/stream_registry.h"

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/error.h"
#include "service/loop_call.h"
#include "tests/fakes/fake_source.h"
#include "tests/fakes/thread_loop.h"

namespace inlet::service {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

StreamPlan Plan(const std::string& name, const std::string& path = "") {
  StreamPlan plan;
  plan.definition.set_name(name);
  plan.definition.set_datasource(path);
  plan.spec.name = name;
  plan.spec.role = ingest::ServerRole{path.empty() ? "/" + name : path};
  return plan;
}

std::string MetadataOf(const absl::Status& status, const std::string& key) {
  for (const auto& [found, value] : GetErrorDetail(status).metadata) {
    if (found == key) return value;
  }
  return "(none)";
}

class StreamRegistryTest : public testing::Test {
 protected:
  StreamRegistry::Options Options() {
    StreamRegistry::Options options;
    options.loop = &loop_;
    options.publisher = &publisher_;
    options.sources = &sources_;
    return options;
  }
  // All that was posted to the loop has run.
  // Twice: the end of a task that we waited for may still post what is to be destroyed, behind our first call.
  void DrainLoop() {
    RunOnLoop(loop_, [] {});
    RunOnLoop(loop_, [] {});
  }
  std::vector<std::string> Names(std::string_view after, size_t limit) const {
    std::vector<std::string> names;
    for (const auto& entry : registry_->ListAfter(after, limit)) names.push_back(entry->definition.name());
    return names;
  }

  ingest::ThreadLoop loop_;
  ingest::Publisher publisher_;
  ingest::FakeSourceFactory sources_{&loop_};
  std::unique_ptr<StreamRegistry> registry_ = std::make_unique<StreamRegistry>(Options());
};

TEST_F(StreamRegistryTest, ACreatedStreamRunsAndIsFound) {
  const auto created = registry_->Create(Plan("demo"), {});
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo"));
  EXPECT_EQ(registry_->Find("demo"), (*created)->stream);
  EXPECT_EQ(*registry_->Get("demo"), *created);
  EXPECT_EQ((*created)->stream->Snapshot().notes.endpoint, "ws://fake/demo");
  EXPECT_EQ((*created)->stream->log()->create_time(), (*created)->create_time);
}

TEST_F(StreamRegistryTest, ValidateOnlyOpensNothing) {
  const auto created = registry_->Create(Plan("demo"), {.validate_only = true});
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ((*created)->stream, nullptr);
  EXPECT_EQ((*created)->definition.name(), "demo");
  EXPECT_EQ(registry_->size(), 0U);
  EXPECT_THAT(sources_.journal(), IsEmpty());
}

TEST_F(StreamRegistryTest, ValidateOnlyReportsAnExistingName) {
  ASSERT_TRUE(registry_->Create(Plan("demo"), {}).ok());
  EXPECT_EQ(registry_->Create(Plan("demo"), {.validate_only = true}).status().code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(StreamRegistryTest, ASecondCreateTellsWhatDiffers) {
  ASSERT_TRUE(registry_->Create(Plan("demo", "/one"), {}).ok());
  const absl::Status same = registry_->Create(Plan("demo", "/one"), {}).status();
  EXPECT_EQ(same.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GetErrorDetail(same).reason, "STREAM_EXISTS");
  EXPECT_EQ(MetadataOf(same, "stream"), "demo");
  EXPECT_EQ(MetadataOf(same, "differs_in"), "");
  EXPECT_THAT(std::string(same.message()), HasSubstr("allowExisting"));

  const absl::Status other = registry_->Create(Plan("demo", "/two"), {.allow_existing = true}).status();
  EXPECT_EQ(other.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(MetadataOf(other, "differs_in"), "datasource");
}

TEST_F(StreamRegistryTest, AllowExistingAnswersTheSameStream) {
  const auto first = registry_->Create(Plan("demo"), {});
  const auto second = registry_->Create(Plan("demo", "/demo"), {.allow_existing = true});
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(*second, *first);
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo"));
}

TEST_F(StreamRegistryTest, AFailedStartLeavesNothingBehind) {
  sources_.FailStarts(MakeError(absl::StatusCode::kFailedPrecondition, "port 1 is taken",
                                {"ADDRESS_UNAVAILABLE", {{"address", "0.0.0.0:1"}}, "", {}}));
  const absl::Status failed = registry_->Create(Plan("demo"), {}).status();
  EXPECT_EQ(failed.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(failed).reason, "ADDRESS_UNAVAILABLE");
  EXPECT_THAT(std::string(failed.message()), HasSubstr("port 1 is taken"));
  EXPECT_EQ(registry_->Find("demo"), nullptr);
  DrainLoop();
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo", "destroy demo"));

  sources_.FailStarts(absl::OkStatus());
  EXPECT_TRUE(registry_->Create(Plan("demo"), {}).ok());
}

TEST_F(StreamRegistryTest, ADeletedStreamIsStoppedAndClosesItsLog) {
  ASSERT_TRUE(registry_->Create(Plan("demo"), {}).ok());
  const auto log = registry_->Find("demo")->log();
  ASSERT_TRUE(registry_->Delete("demo", false).ok());
  EXPECT_EQ(registry_->Find("demo"), nullptr);
  ingest::Cursor cursor;
  const auto read = log->ReadOrArm(cursor, {.seen_state = log->state().version}, nullptr);
  EXPECT_EQ(read.outcome, ingest::ReadResult::Outcome::kClosed);
  EXPECT_EQ(read.close_reason, ingest::CloseReason::kStreamDeleted);
  DrainLoop();
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo", "stop demo", "destroy demo"));
}

TEST_F(StreamRegistryTest, AStreamIsDestroyedOnTheLoopWhoeverLetsGoLast) {
  ASSERT_TRUE(registry_->Create(Plan("demo"), {}).ok());
  auto held = registry_->Find("demo");
  ASSERT_TRUE(registry_->Delete("demo", false).ok());
  DrainLoop();
  EXPECT_THAT(sources_.journal(), Not(Contains("destroy demo")));
  std::thread([&held] { held.reset(); }).join();
  DrainLoop();
  EXPECT_THAT(sources_.journal(), Contains("destroy demo"));
}

TEST_F(StreamRegistryTest, ANewStreamOfAnOldNameHasAnotherEpoch) {
  ASSERT_TRUE(registry_->Create(Plan("demo"), {}).ok());
  const std::string epoch = registry_->Find("demo")->log()->epoch();
  ASSERT_TRUE(registry_->Delete("demo", false).ok());
  ASSERT_TRUE(registry_->Create(Plan("demo"), {}).ok());
  EXPECT_NE(registry_->Find("demo")->log()->epoch(), epoch);
}

TEST_F(StreamRegistryTest, AnUnknownNameGetsTheNearest) {
  ASSERT_TRUE(registry_->Create(Plan("orders"), {}).ok());
  for (const absl::Status& status : {registry_->Get("ordres").status(), registry_->Delete("ordres", false)}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    EXPECT_EQ(GetErrorDetail(status).reason, "STREAM_UNKNOWN");
    EXPECT_EQ(MetadataOf(status, "nearest"), "orders");
    EXPECT_THAT(std::string(status.message()), HasSubstr("orders"));
  }
  EXPECT_TRUE(registry_->Delete("ordres", true).ok());
}

TEST_F(StreamRegistryTest, AHugeNameDoesNotMakeAHugeError) {
  EXPECT_LT(registry_->Get(std::string(100'000, 'x')).status().message().size(), 200U);
}

TEST_F(StreamRegistryTest, ListsInByteOrderFromAnyName) {
  for (const char* name : {"b", "B", "a-1", "a", "c"}) ASSERT_TRUE(registry_->Create(Plan(name), {}).ok());
  EXPECT_THAT(Names("", 10), ElementsAre("B", "a", "a-1", "b", "c"));
  EXPECT_THAT(Names("a", 2), ElementsAre("a-1", "b"));
  ASSERT_TRUE(registry_->Delete("a", false).ok());
  EXPECT_THAT(Names("a", 2), ElementsAre("a-1", "b"));
  EXPECT_THAT(Names("c", 2), IsEmpty());
}

TEST_F(StreamRegistryTest, RefusesOneStreamTooMany) {
  StreamRegistry::Options options = Options();
  options.max_streams = 1;
  StreamRegistry registry(options);
  ASSERT_TRUE(registry.Create(Plan("one"), {}).ok());
  const absl::Status refused = registry.Create(Plan("two"), {}).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorDetail(refused).reason, "LIMIT_REACHED");
  EXPECT_EQ(MetadataOf(refused, "limit"), "streams.maxStreams");
  EXPECT_EQ(MetadataOf(refused, "value"), "1");
  EXPECT_TRUE(registry.Create(Plan("one"), {.allow_existing = true}).ok());
  ASSERT_TRUE(registry.Delete("one", false).ok());
  EXPECT_TRUE(registry.Create(Plan("two"), {}).ok());
}

TEST_F(StreamRegistryTest, SweepsOnlyLogsThatHaveAnAgeLimit) {
  StreamPlan aged = Plan("aged");
  aged.spec.retention.max_age = std::chrono::seconds(10);
  ASSERT_TRUE(registry_->Create(aged, {}).ok());
  ASSERT_TRUE(registry_->Create(Plan("ageless"), {}).ok());
  const ingest::WallTime then{std::chrono::seconds(1000)};
  for (const char* name : {"aged", "ageless"}) {
    RunOnLoop(loop_, [&] {
      sources_.sink(name).OnMessage({R"({"a":1})", 1, then});
      publisher_.Publish();
    });
  }
  registry_->Sweep(then + std::chrono::seconds(11));
  EXPECT_EQ(registry_->Find("aged")->log()->bounds().evicted, 1U);
  EXPECT_EQ(registry_->Find("ageless")->log()->bounds().evicted, 0U);
}

TEST_F(StreamRegistryTest, AfterStopAllStreamsCanBeReadButNotMade) {
  ASSERT_TRUE(registry_->Create(Plan("demo"), {}).ok());
  registry_->StopAll();
  registry_->StopAll();
  EXPECT_THAT(sources_.journal(), ElementsAre("start demo", "stop demo"));
  ASSERT_NE(registry_->Find("demo"), nullptr);
  const auto log = registry_->Find("demo")->log();
  ingest::Cursor cursor;
  EXPECT_EQ(log->ReadOrArm(cursor, {.seen_state = log->state().version}, nullptr).close_reason,
            ingest::CloseReason::kDraining);
  for (const absl::Status& status : {registry_->Create(Plan("new"), {}).status(), registry_->Delete("demo", false)}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(GetErrorDetail(status).reason, "DRAINING");
  }
}

TEST_F(StreamRegistryTest, AStoppedLoopIsAnAnswerNotAWait) {
  loop_.Stop();
  EXPECT_EQ(registry_->Create(Plan("demo"), {}).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(StreamRegistryTest, NothingHappensOnAWrongThread) {
  for (const char* name : {"a", "b"}) ASSERT_TRUE(registry_->Create(Plan(name), {}).ok());
  ASSERT_TRUE(registry_->Delete("a", false).ok());
  registry_.reset();
  DrainLoop();
  // Two threads have their part in it, so that the streams may overtake one another.
  const auto about = [this](const std::string& name) {
    std::vector<std::string> lines = sources_.journal();
    std::erase_if(lines, [&name](const std::string& line) { return !line.ends_with(name); });
    return lines;
  };
  EXPECT_THAT(about(" a"), ElementsAre("start a", "stop a", "destroy a"));
  EXPECT_THAT(about(" b"), ElementsAre("start b", "stop b", "destroy b"));
}

}  // namespace
}  // namespace inlet::service
