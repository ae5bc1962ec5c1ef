// The service's own files that define streams: which are read, in which order, and what a mistake is told as.
#include "service/config/definition_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "service/config/load.h"
#include "tests/fakes/status_text.h"
#include "tests/fakes/temporary_folder.h"

namespace inlet::config {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class DefinitionFiles : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) const { folder_.Write(name, text); }

  std::vector<std::string> Names() const {
    std::vector<DefinedStream> streams;
    const absl::Status status = AddDefinitionFolder(folder_.string(), streams);
    EXPECT_TRUE(status.ok()) << status;
    std::vector<std::string> names;
    names.reserve(streams.size());
    for (const DefinedStream& stream : streams) names.push_back(stream.request.stream().name());
    return names;
  }

  std::string ErrorOfFolder() const {
    std::vector<DefinedStream> streams;
    return Text(AddDefinitionFolder(folder_.string(), streams));
  }

  TemporaryFolder folder_;
};

TEST_F(DefinitionFiles, AreReadInByteOrder) {
  Write("b.yaml", "streams: [{name: b2}, {name: b1}]\n");
  Write("B.yml", "streams: [{name: B}]\n");
  Write("a.yaml", "streams: [{name: a}]\n");
  EXPECT_THAT(Names(), ElementsAre("B", "a", "b2", "b1"));
}

TEST_F(DefinitionFiles, AMountedConfigMapIsRead) {
  std::filesystem::create_directory(folder_ / "..2026");
  Write("..2026/a.yaml", "streams: [{name: a}]\n");
  std::filesystem::create_directory_symlink("..2026", folder_ / "..data");
  std::filesystem::create_symlink("..data/a.yaml", folder_ / "a.yaml");
  EXPECT_THAT(Names(), ElementsAre("a"));
}

TEST_F(DefinitionFiles, WhatIsHiddenOrNoYamlIsLeftOut) {
  Write(".hidden.yaml", "oops\n");
  Write("README.md", "oops\n");
  EXPECT_THAT(Names(), ElementsAre());
}

TEST_F(DefinitionFiles, ANameIsDefinedOnceOverAllFiles) {
  Write("a.yaml", "streams:\n  - name: x\n");
  Write("b.yaml", "streams:\n  - name: y\n  - name: x\n");
  EXPECT_THAT(ErrorOfFolder(),
              AllOf(StartsWith((folder_ / "b.yaml").string() + ":3: the stream \"x\" is defined twice"),
                    HasSubstr((folder_ / "a.yaml").string() + ":2")));
}

TEST_F(DefinitionFiles, ConfKeysHaveAnotherPlace) {
  Write("a.yaml", "confKeys:\n  x: {}\n");
  EXPECT_THAT(ErrorOfFolder(),
              AllOf(StartsWith((folder_ / "a.yaml").string() + ":2: confKeys"), HasSubstr("sources/websocket.yaml")));
}

TEST_F(DefinitionFiles, NoMistakeIsToldAsIfConfKeysHadAPlace) {
  for (const std::string text : {"- x\n", "stream: []\n"}) {
    Write("a.yaml", text);
    EXPECT_THAT(ErrorOfFolder(), AllOf(HasSubstr("streams"), Not(HasSubstr("confKeys"))));
  }
}

TEST_F(DefinitionFiles, AFolderThatIsNotThereIsAnError) {
  std::filesystem::remove_all(folder_.path());
  EXPECT_THAT(ErrorOfFolder(), AllOf(HasSubstr(folder_.string()), HasSubstr("streams.dir")));
}

TEST_F(DefinitionFiles, ComeAfterTheKeyInTheServicesFile) {
  Write("a.yaml", "streams: [{name: of-folder}]\n");
  Write("inlet.conf", "streams:\n  dir: " + folder_.string() + "\n  definitions:\n    - name: of-key\n");
  const auto loaded = Load((folder_ / "inlet.conf").string(), {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  ASSERT_EQ(loaded->streams.size(), 2U);
  EXPECT_EQ(loaded->streams[0].request.stream().name(), "of-key");
  EXPECT_EQ(loaded->streams[0].place, (folder_ / "inlet.conf").string() + ":4");
  EXPECT_EQ(loaded->streams[1].request.stream().name(), "of-folder");
}

TEST_F(DefinitionFiles, TheKeyIsJsonInTheEnvironment) {
  const auto loaded = LoadText({"i", ""}, {"w", ""}, {{"INLET__STREAMS__DEFINITIONS", R"([{"name": "a"}])"}});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->streams.at(0).request.stream().name(), "a");
}

TEST_F(DefinitionFiles, AMistakeInTheKeyHasItsLine) {
  EXPECT_THAT(Text(LoadText({"i", "streams:\n  definitions:\n    - nam: a\n"}, {"w", ""}, {}).status()),
              StartsWith("i:3: unknown key \"nam\" in streams.definitions[0]"));
}

TEST_F(DefinitionFiles, TheDataFolderHasBothSpellingsInTheEnvironment) {
  for (const std::string name : {"INLET__DATADIR", "INLET__DATA_DIR", "inlet__dataDir"}) {
    const auto loaded = LoadText({"i", "dataDir: /file\n"}, {"w", ""}, {{name, ""}});
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    EXPECT_EQ(loaded->app.data_dir, "");
  }
}

}  // namespace
}  // namespace inlet::config
