// A file or a folder that cannot be used ends the start with what is wrong and what to do, and is left as it is.
#include <unistd.h>

#include "service/catalog/catalog.h"
#include "tests/service/catalog/catalog_fixture.h"

namespace inlet::catalog {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

class DamagedCatalogTest : public CatalogFixture {
 protected:
  void Run(const std::string& sql) {
    auto database = Database::Open(file());
    ASSERT_TRUE(database.ok()) << database.status();
    const absl::Status status = (*database)->Run(sql);
    ASSERT_TRUE(status.ok()) << status;
  }
};

TEST_F(DamagedCatalogTest, AFileThatIsNoDatabaseIsNamed) {
  std::filesystem::create_directories(folder());
  const std::string text = "these are somebody's notes, and long enough to be no header of a database at all\n";
  WriteFile(file(), text);
  EXPECT_THAT(WhyNot(folder()), AllOf(HasSubstr(file() + " is damaged"), HasSubstr("put a copy of it back")));
  EXPECT_EQ(ReadFile(file()), text);
}

TEST_F(DamagedCatalogTest, AFileThatHasLostAllItsContentIsLeftAlone) {
  ASSERT_TRUE(Open()->PutStream(Stream("a")).ok());
  WriteFile(file(), "");
  EXPECT_THAT(WhyNot(folder()), HasSubstr(file() + " is damaged (it is empty)"));
  EXPECT_EQ(ReadFile(file()), "");
}

TEST_F(DamagedCatalogTest, ChangesWhoseFileIsGoneAreLeftAlone) {
  std::filesystem::create_directories(folder());
  WriteFile(file() + "-wal", "changes");
  EXPECT_THAT(WhyNot(folder()), HasSubstr(file() + " is damaged (it is gone, and its -wal is there)"));
  EXPECT_EQ(ReadFile(file() + "-wal"), "changes");
}

TEST_F(DamagedCatalogTest, WhatACreationThatWasCutOffHasLeftIsNoCatalog) {
  std::filesystem::create_directories(folder());
  WriteFile(file() + ".new", "half of it");
  WriteFile(file() + ".new-journal", "and how to undo it");
  ASSERT_TRUE(Open()->PutStream(Stream("a")).ok());
  EXPECT_THAT(NamesIn(*Open()), SizeIs(1));
  EXPECT_FALSE(std::filesystem::exists(file() + ".new"));
  EXPECT_FALSE(std::filesystem::exists(file() + ".new-journal"));
}

TEST_F(DamagedCatalogTest, DamageInTheMiddleIsFound) {
  {
    const auto catalog = Open();
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(catalog->PutStream(Stream("stream" + std::to_string(i))).ok());
  }
  std::string content = ReadFile(file());
  constexpr size_t kPage = 4096;
  ASSERT_GT(content.size(), 4 * kPage);
  for (size_t page = 1; page * kPage < content.size(); ++page) content.replace(page * kPage, 64, 64, '\xa5');
  WriteFile(file(), content);
  EXPECT_THAT(WhyNot(folder()), HasSubstr(file() + " is damaged"));
  EXPECT_EQ(ReadFile(file()), content);
}

TEST_F(DamagedCatalogTest, AFileThatWasCutOffIsFound) {
  {
    const auto catalog = Open();
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(catalog->PutStream(Stream("stream" + std::to_string(i))).ok());
  }
  std::filesystem::resize_file(file(), std::filesystem::file_size(file()) / 2);
  EXPECT_THAT(WhyNot(folder()), HasSubstr(file() + " is damaged"));
}

TEST_F(DamagedCatalogTest, AnotherProgramsDatabaseIsLeftAlone) {
  std::filesystem::create_directories(folder());
  WriteFile(file(), "");
  Run("CREATE TABLE song (title TEXT)");
  EXPECT_THAT(WhyNot(folder()), HasSubstr("another program's database"));
  Run("INSERT INTO song VALUES ('la')");
}

TEST_F(DamagedCatalogTest, AFieldOfANewerVersionIsNotLost) {
  ASSERT_TRUE(Open()->PutStream(Stream("old")).ok());
  Run(R"(UPDATE stream SET definition = '{"name": "old", "colour": "red"}')");
  const auto catalog = Open();
  EXPECT_THAT(WhyUnavailable(catalog->Load().status()),
              AllOf(HasSubstr(file()), HasSubstr("the stream \"old\""), HasSubstr("colour"), HasSubstr("newer Inlet")));
}

TEST_F(DamagedCatalogTest, ARowUnderAnotherNameIsAnError) {
  ASSERT_TRUE(Open()->PutStream(Stream("one")).ok());
  Run("UPDATE stream SET name = 'two'");
  EXPECT_THAT(WhyUnavailable(Open()->Load().status()), HasSubstr("the stream \"two\""));
}

TEST_F(DamagedCatalogTest, AFolderBelowAFileIsTold) {
  WriteFile((home() / "data").string(), "no folder");
  EXPECT_THAT(WhyNot(folder()), AllOf(HasSubstr("cannot make the folder " + folder()), HasSubstr("dataDir")));
  EXPECT_THAT(WhyNot(folder() + "/below"), HasSubstr("cannot make the folder"));
}

// Root may write everywhere.
class AsNobody {
 public:
  AsNobody() : user_(geteuid()) { EXPECT_EQ(seteuid(user_ == 0 ? 65534 : user_), 0); }
  ~AsNobody() { EXPECT_EQ(seteuid(user_), 0); }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  const uid_t user_;
};

TEST_F(DamagedCatalogTest, AFolderThatMustNotBeWrittenIsTold) {
  std::filesystem::create_directories(folder());
  std::filesystem::permissions(home(), std::filesystem::perms(0755));
  std::filesystem::permissions(folder(), std::filesystem::perms(0555));
  const AsNobody nobody;
  EXPECT_THAT(WhyNot(folder()), AllOf(HasSubstr("cannot open " + folder()), HasSubstr("Permission denied"),
                                      HasSubstr("writable for the user that inletd runs as")));
}

TEST_F(DamagedCatalogTest, AWriterThatHoldsTheFileIsWaitedForAndTold) {
  const auto catalog = Open();
  {
    auto other = Database::Open(file());
    ASSERT_TRUE(other.ok());
    ASSERT_TRUE((*other)->Run("BEGIN IMMEDIATE").ok());
    EXPECT_THAT(WhyUnavailable(catalog->PutStream(Stream("a"))), HasSubstr("locked by another program"));
  }
  EXPECT_TRUE(catalog->PutStream(Stream("a")).ok());
  EXPECT_THAT(NamesIn(*catalog), SizeIs(1));
}

}  // namespace
}  // namespace inlet::catalog
