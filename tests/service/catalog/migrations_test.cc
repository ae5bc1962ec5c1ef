// A file of an older version is brought to this one, step by step; one of a newer version is left alone.
#include "service/catalog/migrations.h"

#include <array>

#include "service/catalog/catalog.h"
#include "tests/service/catalog/catalog_fixture.h"

namespace inlet::catalog {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class MigrationsTest : public CatalogFixture {
 protected:
  std::unique_ptr<Database> NewDatabase() const {
    std::filesystem::create_directories(folder());
    if (!std::filesystem::exists(file())) WriteFile(file(), "");
    auto database = Database::Open(file());
    EXPECT_TRUE(database.ok()) << database.status();
    return *std::move(database);
  }

  static int64_t Version(Database& database) { return *database.QueryNumber("PRAGMA user_version"); }
};

constexpr std::array<std::string_view, 3> kSteps = {
    "CREATE TABLE a (x)", "INSERT INTO a VALUES (1); CREATE TABLE b (x)", "INSERT INTO a SELECT x + 1 FROM a"};

TEST_F(MigrationsTest, AnEmptyFileGetsAllSteps) {
  const auto database = NewDatabase();
  ASSERT_TRUE(Migrate(*database, kSteps).ok());
  EXPECT_EQ(Version(*database), 3);
  EXPECT_EQ(*database->QueryNumber("SELECT sum(x) FROM a"), 3);
}

TEST_F(MigrationsTest, AnOlderFileGetsTheStepsThatItLacksOnce) {
  const auto database = NewDatabase();
  ASSERT_TRUE(Migrate(*database, std::span(kSteps).first(1)).ok());
  EXPECT_EQ(Version(*database), 1);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(Migrate(*database, kSteps).ok());
    EXPECT_EQ(*database->QueryNumber("SELECT count(*) FROM a"), 2);
  }
}

TEST_F(MigrationsTest, AStepThatFailsHasNotHappened) {
  const auto database = NewDatabase();
  const std::array<std::string_view, 2> broken = {"CREATE TABLE a (x)",
                                                  "INSERT INTO a VALUES (1); INSERT INTO no VALUES (1)"};
  EXPECT_THAT(WhyUnavailable(Migrate(*database, broken)), HasSubstr("no such table"));
  EXPECT_EQ(Version(*database), 1);
  EXPECT_EQ(*database->QueryNumber("SELECT count(*) FROM a"), 0);
  EXPECT_TRUE(Migrate(*database, kSteps).ok());
}

TEST_F(MigrationsTest, AFileOfANewerVersionIsRefusedAndLeftAlone) {
  Open();
  const auto newer = std::to_string(Migrations().size() + 1);
  ASSERT_TRUE(NewDatabase()->Run("PRAGMA user_version = " + newer).ok());
  const std::string content = ReadFile(file());
  EXPECT_THAT(WhyNot(folder()), AllOf(HasSubstr(file()), HasSubstr("the form " + newer + " of a newer Inlet"),
                                      HasSubstr("up to " + std::to_string(Migrations().size()))));
  EXPECT_EQ(ReadFile(file()), content);
}

TEST_F(MigrationsTest, ACatalogOfEachVersionOpensAndKeepsItsStreams) {
  for (size_t version = 1; version <= Migrations().size(); ++version) {
    std::filesystem::remove_all(folder());
    {
      const auto database = NewDatabase();
      ASSERT_TRUE(Migrate(*database, Migrations().first(version)).ok());
      ASSERT_TRUE(database
                      ->Run("INSERT INTO stream (name, definition, create_time, update_time, revision, paused) "
                            R"(VALUES ('old', '{"name": "old"}', 1, 2, 3, 1))")
                      .ok());
      ASSERT_TRUE(database->Run(R"(INSERT INTO conf_key VALUES ('key', '{"addr": "a:1"}', 4, 5))").ok());
    }
    const auto loaded = Open()->Load();
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    ASSERT_EQ(loaded->streams.size(), 1U) << "of version " << version;
    EXPECT_EQ(loaded->streams[0].definition.name(), "old");
    EXPECT_EQ(loaded->streams[0].revision, 3U);
    EXPECT_TRUE(loaded->streams[0].paused);
    EXPECT_EQ(loaded->streams[0].pause_time, ingest::WallTime{});
    ASSERT_EQ(loaded->conf_keys.size(), 1U);
    EXPECT_EQ(loaded->conf_keys[0].settings.addr(), "a:1");
  }
}

}  // namespace
}  // namespace inlet::catalog
