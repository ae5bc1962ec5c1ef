// Streams of files: errors have the place, names are unique, and the file's definition wins.
#include "service/file_streams.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "ingest/error.h"

namespace inlet::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr ingest::WallTime kNow{std::chrono::seconds(5)};

absl::StatusOr<std::vector<StoredStream>> Planned(const std::string& yaml) {
  const auto read = config::ReadDefinitions("f.yaml", yaml);
  EXPECT_TRUE(read.ok()) << read.status();
  const config::ConfKeys conf_keys;
  const auto plan = [&conf_keys](const v1::CreateStreamRequest& request) { return PlanStream(request, conf_keys, {}); };
  return PlanFileStreams(read->streams, plan, kNow);
}

std::string ErrorOf(const std::string& yaml) { return std::string(Planned(yaml).status().message()); }

StoredStream Kept(const std::string& name) {
  StoredStream stream;
  stream.definition.set_name(name);
  stream.definition.set_datasource("/kept");
  return stream;
}

TEST(FileStreams, FieldsAndStatementsAreStreamsOfTheStart) {
  const auto streams = Planned("streams:\n  - name: a\n  - sql: CREATE STREAM b () WITH (DATASOURCE=\"/b\")\n");
  ASSERT_TRUE(streams.ok()) << streams.status();
  ASSERT_EQ(streams->size(), 2U);
  EXPECT_EQ((*streams)[1].definition.name(), "b");
  EXPECT_EQ((*streams)[1].file_place, "f.yaml:3");
  EXPECT_EQ((*streams)[1].create_time, kNow);
  EXPECT_FALSE((*streams)[1].paused);
}

TEST(FileStreams, AMistakeIsToldWithItsPlace) {
  EXPECT_THAT(ErrorOf("streams:\n  - name: a\n    datasource: x y\n"), StartsWith("f.yaml:2: "));
  EXPECT_THAT(ErrorOf("streams:\n  - sql: CREATE STREAM\n"), StartsWith("f.yaml:2: line 1"));
  EXPECT_THAT(ErrorOf("streams:\n  - name: a\n    settings: {bearerTokens: <redacted>}\n"), StartsWith("f.yaml:2: "));
  EXPECT_THAT(ErrorOf("streams:\n  - name: a\n    confKey: nowhere\n"), HasSubstr("nowhere"));
}

TEST(FileStreams, ANameIsUniqueAlsoInAStatement) {
  EXPECT_THAT(ErrorOf("streams:\n  - name: a\n  - sql: CREATE STREAM a () WITH ()\n"),
              HasSubstr("f.yaml:3: the stream \"a\" is defined twice, first at f.yaml:2"));
}

TEST(FileStreams, TheFilesDefinitionWinsAndTheOrderIsByName) {
  std::vector<StoredStream> streams = {Kept("a"), Kept("c")};
  AddFileStreams(*Planned("streams:\n  - name: c\n    datasource: /file\n  - name: b\n"), streams);
  std::vector<std::string> names;
  names.reserve(streams.size());
  for (const StoredStream& stream : streams) names.push_back(stream.definition.name());
  EXPECT_THAT(names, ElementsAre("a", "b", "c"));
  EXPECT_EQ(streams[0].file_place, "");
  EXPECT_EQ(streams[2].definition.datasource(), "/file");
  EXPECT_EQ(streams[2].file_place, "f.yaml:2");
}

}  // namespace
}  // namespace inlet::service
