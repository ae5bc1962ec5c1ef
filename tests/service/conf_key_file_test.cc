// An edit of the file is applied or refused as a whole, and told.
#include "service/conf_key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ingest/log.h"
#include "tests/fakes/temporary_folder.h"

namespace inlet::service {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ConfKeyFileTest : public testing::Test {
 protected:
  ConfKeyFileTest() {
    fs::create_directory(folder_ / "sources");
    folder_.Write("inlet.yaml", "");
    SetLogSink([this](LogLevel, std::string_view event, std::initializer_list<LogField> fields) {
      std::string line(event);
      for (const LogField& field : fields) line += " " + std::string(field.key) + "=" + std::string(field.value);
      lines_.push_back(line);
    });
  }
  ~ConfKeyFileTest() override { SetLogSink(nullptr); }

  void Write(const std::string& text) { folder_.Write("sources/websocket.yaml", text); }
  void Start(const config::Environment& environment = {}) {
    const auto loaded = config::Load((folder_ / "inlet.yaml").string(), environment);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    ConfKeyRegistry::Options options;
    options.next_streams = [this](std::string_view, size_t) { return streams_; };
    options.apply = [](const auto&, const auto& commit) -> absl::StatusOr<std::vector<std::string>> {
      if (absl::Status committed = commit(); !committed.ok()) return committed;
      return std::vector<std::string>();
    };
    registry_ = std::make_unique<ConfKeyRegistry>(loaded->conf_keys, std::move(options));
    file_ = std::make_unique<ConfKeyFile>(*loaded, *registry_);
  }
  void AddStreamThatTakes(const std::string& key) {
    v1::Stream demo;
    demo.set_name("demo");
    demo.set_conf_key(key);
    streams_ = {std::make_shared<const StreamEntry>(StreamEntry{{demo, demo}, {}})};
  }
  // The lines that a Reload logs.
  std::vector<std::string> Reload(bool asked = false) {
    lines_.clear();
    file_->Reload(asked);
    return lines_;
  }
  uint32_t MaxMessageBytes(const std::string& key) const {
    return registry_->snapshot()->settings.Effective(key, {}, "s")->max_message_bytes();
  }
  std::string ErrorOf(const std::string& key) const {
    const auto snapshot = registry_->snapshot();
    const auto found = snapshot->file_errors.find(key);
    return found == snapshot->file_errors.end() ? "" : found->second;
  }

  TemporaryFolder folder_;
  std::vector<std::string> lines_;
  std::vector<StreamEntryPtr> streams_;
  std::unique_ptr<ConfKeyRegistry> registry_;
  std::unique_ptr<ConfKeyFile> file_;
};

TEST_F(ConfKeyFileTest, AnEditIsAppliedAndToldOnce) {
  Write("small:\n  maxMessageBytes: 1000\n");
  Start();
  Write("small:\n  maxMessageBytes: 2000\nother: {}\n");
  EXPECT_THAT(Reload(), ElementsAre(AllOf(HasSubstr("conf_keys_reloaded"), HasSubstr("changed=small, other"))));
  EXPECT_EQ(MaxMessageBytes("small"), 2000U);
  EXPECT_THAT(Reload(), IsEmpty());
  EXPECT_THAT(Reload(true), ElementsAre(HasSubstr("conf_keys_reloaded")));
}

TEST_F(ConfKeyFileTest, ABrokenEditIsToldOnceAndTheLastGoodOneStays) {
  Write("small:\n  maxMessageBytes: 1000\n");
  Start();
  Write("small:\n  maxMessageBytes: 2000\n  adr: x\n");
  EXPECT_THAT(Reload(), ElementsAre(AllOf(HasSubstr("conf_keys_refused"), HasSubstr("websocket.yaml:3"))));
  EXPECT_EQ(MaxMessageBytes("small"), 1000U);
  EXPECT_THAT(ErrorOf("small"), HasSubstr("websocket.yaml:3"));
  EXPECT_THAT(Reload(), IsEmpty());
  Write("small:\n  maxMessageBytes: 1000\n");
  EXPECT_THAT(Reload(), ElementsAre(HasSubstr("conf_keys_reloaded")));
  EXPECT_EQ(ErrorOf("small"), "");
}

TEST_F(ConfKeyFileTest, EachBrokenEditIsToldThoughItsErrorIsTheSame) {
  Write("small:\n  maxMessageBytes: 1000\n");
  Start();
  Write("small:\n  adr: x\n");
  EXPECT_THAT(Reload(), ElementsAre(HasSubstr("conf_keys_refused")));
  Write("small:\n  adr: y\n");
  EXPECT_THAT(Reload(), ElementsAre(HasSubstr("conf_keys_refused")));
  EXPECT_THAT(Reload(), IsEmpty());
  EXPECT_EQ(file_->counters().refused.value(), 2U);
}

TEST_F(ConfKeyFileTest, AnEditThatStreamsHoldUpIsAppliedWhenTheyHaveGone) {
  Write("small:\n  maxMessageBytes: 1000\n");
  Start();
  AddStreamThatTakes("small");
  Write("");
  EXPECT_THAT(Reload(), ElementsAre(AllOf(HasSubstr("conf_keys_refused"), HasSubstr("in use by demo"))));
  lines_.clear();
  file_->RetryInUse();
  EXPECT_THAT(lines_, IsEmpty());
  streams_.clear();
  file_->RetryInUse();
  EXPECT_THAT(lines_, ElementsAre(AllOf(HasSubstr("conf_keys_reloaded"), HasSubstr("changed=small"))));
  EXPECT_FALSE(registry_->snapshot()->entries.contains("small"));
}

TEST_F(ConfKeyFileTest, WhatBecomesOfEachEditIsCounted) {
  Write("small:\n  maxMessageBytes: 1000\n");
  Start();
  const ConfKeyFileCounters& counters = file_->counters();
  const uint64_t start_time = counters.applied_time.value();
  EXPECT_GT(start_time, 1'700'000'000U);
  Write("small:\n  adr: x\n");
  Reload();
  EXPECT_EQ(counters.refused.value(), 1U);
  EXPECT_EQ(counters.is_refused.value(), 1U);
  EXPECT_EQ(counters.applied.value(), 0U);
  EXPECT_EQ(counters.applied_time.value(), start_time);
  Reload();
  EXPECT_EQ(counters.refused.value(), 1U) << "the same edit";
  Write("small:\n  maxMessageBytes: 2000\n");
  Reload();
  Reload();
  EXPECT_EQ(counters.refused.value(), 1U);
  EXPECT_EQ(counters.is_refused.value(), 0U);
  EXPECT_EQ(counters.applied.value(), 1U) << "a read that finds nothing changed is none";
  EXPECT_GE(counters.applied_time.value(), start_time);
}

TEST_F(ConfKeyFileTest, ARefusedEditThatIsTriedAgainIsCountedOnce) {
  Write("small:\n  maxMessageBytes: 1000\n");
  Start();
  AddStreamThatTakes("small");
  Write("");
  Reload();
  file_->RetryInUse();
  file_->RetryInUse();
  EXPECT_EQ(file_->counters().refused.value(), 1U);
  EXPECT_EQ(file_->counters().is_refused.value(), 1U);
  streams_.clear();
  file_->RetryInUse();
  EXPECT_EQ(file_->counters().applied.value(), 1U);
  EXPECT_EQ(file_->counters().is_refused.value(), 0U);
}

TEST_F(ConfKeyFileTest, AFileThatHasGoneIsNoEmptyOne) {
  Write("small:\n  maxMessageBytes: 1000\n");
  Start();
  fs::remove(folder_ / "sources" / "websocket.yaml");
  EXPECT_THAT(Reload(), ElementsAre(HasSubstr("conf_keys_refused")));
  EXPECT_EQ(MaxMessageBytes("small"), 1000U);
}

TEST_F(ConfKeyFileTest, AFileThatWasNeverThereMayCome) {
  Start();
  EXPECT_THAT(Reload(), IsEmpty());
  Write("small:\n  maxMessageBytes: 1000\n");
  EXPECT_THAT(Reload(), ElementsAre(HasSubstr("changed=small")));
  EXPECT_EQ(MaxMessageBytes("small"), 1000U);
}

TEST_F(ConfKeyFileTest, TheEnvironmentLiesAboveEachEdit) {
  Write("small:\n  maxMessageBytes: 1000\n");
  Start({{"WEBSOCKET__SMALL__MAXMESSAGEBYTES", "5000"}});
  EXPECT_EQ(MaxMessageBytes("small"), 5000U);
  Write("small:\n  maxMessageBytes: 2000\n");
  EXPECT_THAT(Reload(), IsEmpty());
  EXPECT_EQ(MaxMessageBytes("small"), 5000U);
}

TEST_F(ConfKeyFileTest, AChangeOfTheServerNeedsARestartAndIsToldOnce) {
  Write("source:\n  httpServerPort: 1\n  httpServerTls: {certfile: a, keyfile: b}\n");
  Start();
  Write("# moved\nsource:\n  httpServerPort: 2\n  httpServerTls: {certfile: c, keyfile: b}\nadded: {}\n");
  EXPECT_THAT(Reload(),
              ElementsAre(HasSubstr("conf_keys_reloaded"),
                          AllOf(HasSubstr("restart_needed"),
                                HasSubstr("settings=source.httpServerPort, source.httpServerTls.certfile "))));
  EXPECT_THAT(Reload(), IsEmpty());
  Write("# moved\nsource:\n  httpServerPort: 1\n  httpServerTls: {certfile: a, keyfile: b}\nadded: {}\n");
  EXPECT_THAT(Reload(), IsEmpty());
}

}  // namespace
}  // namespace inlet::service
