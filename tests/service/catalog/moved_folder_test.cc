// The folder is deleted, moved or replaced under the service that has it: no change is acknowledged and then lost.
#include <filesystem>

#include "service/catalog/catalog.h"
#include "tests/service/catalog/catalog_fixture.h"

namespace inlet::catalog {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class MovedFolderTest : public CatalogFixture {
 protected:
  static void ExpectRefused(const absl::Status& status) {
    EXPECT_THAT(WhyUnavailable(status), AllOf(HasSubstr("catalog.db is no longer the file"), HasSubstr("Put it back"),
                                              HasSubstr("streams that run go on")));
  }
  static void ExpectAllRefused(Catalog& catalog) {
    ExpectRefused(catalog.PutStream(Stream("refused")));
    ExpectRefused(catalog.PutStreams({Stream("refused"), Stream("other")}));
    ExpectRefused(catalog.DeleteStream("kept"));
    service::StoredConfKey conf_key;
    conf_key.name = "refused";
    ExpectRefused(catalog.PutConfKey(conf_key));
    ExpectRefused(catalog.DeleteConfKey("kept"));
  }
};

TEST_F(MovedFolderTest, NoChangeIsAcknowledgedOnceItIsDeleted) {
  auto catalog = Open();
  ASSERT_TRUE(catalog->PutStream(Stream("kept")).ok());
  std::filesystem::remove_all(folder());
  ExpectAllRefused(*catalog);
  catalog->Touch(At(3));
  EXPECT_THAT(NamesIn(*catalog), ElementsAre("kept"));
}

TEST_F(MovedFolderTest, NoChangeIsAcknowledgedOnceAnotherServiceHasMadeItAnew) {
  auto catalog = Open();
  ASSERT_TRUE(catalog->PutStream(Stream("kept")).ok());
  std::filesystem::remove_all(folder());
  auto other = Open();
  ASSERT_TRUE(other->PutStream(Stream("theirs")).ok());
  ExpectAllRefused(*catalog);
  EXPECT_THAT(NamesIn(*other), ElementsAre("theirs"));
}

TEST_F(MovedFolderTest, ChangesWorkAgainOnceItIsBackAndThoseThatWereRefusedHaveNotHappened) {
  auto catalog = Open();
  ASSERT_TRUE(catalog->PutStream(Stream("kept")).ok());
  const std::filesystem::path away = home() / "away";
  std::filesystem::rename(folder(), away);
  ExpectAllRefused(*catalog);
  std::filesystem::rename(away, folder());
  ASSERT_TRUE(catalog->PutStream(Stream("later")).ok());
  catalog.reset();
  EXPECT_THAT(NamesIn(*Open()), ElementsAre("kept", "later"));
}

}  // namespace
}  // namespace inlet::catalog
