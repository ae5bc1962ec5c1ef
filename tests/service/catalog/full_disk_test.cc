// No room: a change fails, says why, and has not happened; with room again all goes on.
#include <sys/resource.h>

#include <csignal>

#include "service/catalog/catalog.h"
#include "tests/service/catalog/catalog_fixture.h"

namespace inlet::catalog {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// While it lives no file can grow beyond `bytes`: to SQLite that is what a full disk is.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &before_), 0);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~FileSizeLimit() {
    EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &before_), 0);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

class FullDiskTest : public CatalogFixture {};

TEST_F(FullDiskTest, AChangeFailsAndHasNotHappened) {
  auto catalog = Open();
  ASSERT_TRUE(catalog->PutStream(Stream("kept")).ok());
  service::StoredStream changed = Stream("kept");
  changed.definition.set_description("changed");
  {
    const FileSizeLimit limit(std::filesystem::file_size(file() + "-wal"));
    for (int i = 0; i < 3; ++i) {
      EXPECT_THAT(WhyUnavailable(catalog->PutStream(Stream("refused"))),
                  HasSubstr("no room left in " + folder() + ": free some"));
      EXPECT_THAT(WhyUnavailable(catalog->PutStream(changed)), HasSubstr("no room left"));
      EXPECT_THAT(WhyUnavailable(catalog->DeleteStream("kept")), HasSubstr("no room left"));
      EXPECT_THAT(NamesIn(*catalog), ElementsAre("kept"));
    }
  }
  catalog.reset();
  const auto loaded = Open()->Load();
  ASSERT_EQ(loaded->streams.size(), 1U);
  EXPECT_EQ(loaded->streams[0].definition.description(), "");
}

TEST_F(FullDiskTest, ItGoesOnWhenThereIsRoomAgain) {
  auto catalog = Open();
  {
    const FileSizeLimit limit(std::filesystem::file_size(file() + "-wal"));
    EXPECT_FALSE(catalog->PutStream(Stream("refused")).ok());
  }
  EXPECT_TRUE(catalog->PutStream(Stream("kept")).ok());
  catalog.reset();
  EXPECT_THAT(NamesIn(*Open()), ElementsAre("kept"));
}

TEST_F(FullDiskTest, AStartWithoutRoomFailsAndTheNextOneWithRoomWorks) {
  {
    const FileSizeLimit limit(1024);
    const std::string why = WhyNot(folder());
    EXPECT_THAT(why, HasSubstr("no room left in " + folder()));
    EXPECT_THAT(why, Not(HasSubstr("streams that run")));
  }
  EXPECT_TRUE(Open()->PutStream(Stream("kept")).ok());
}

}  // namespace
}  // namespace inlet::catalog
