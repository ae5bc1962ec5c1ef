// What is put is there after the next start, whatever ended this one, and belongs to one service alone.
#include "service/catalog/catalog.h"

#include <sys/stat.h>
#include <unistd.h>

#include "google/protobuf/util/message_differencer.h"
#include "tests/service/catalog/catalog_fixture.h"

namespace inlet::catalog {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CatalogTest : public CatalogFixture {};

// Whatever a caller may set, secrets included.
service::StoredStream FullStream() {
  service::StoredStream stream;
  v1::Stream& definition = stream.definition;
  definition.set_name("full");
  definition.set_datasource("wss://feed.example.com/ws?x=1&ключ=\"\\\n");
  definition.set_conf_key("exchange");
  definition.set_description("its own words: \x01 \xE2\x82\xAC");
  definition.set_record_origin(false);
  definition.set_role(v1::Stream::CLIENT);
  definition.set_sql("CREATE STREAM full () WITH (TYPE=\"websocket\")");
  (*definition.mutable_labels())["team"] = "feeds";
  v1::SourceSettings& settings = *definition.mutable_settings();
  settings.set_addr("");
  settings.mutable_ping_interval()->set_nanos(500'000'000);
  settings.mutable_idle_timeout();
  settings.set_max_message_bytes(0xffffffff);
  (*settings.mutable_request_header())["Authorization"] = "Bearer secret";
  settings.set_root_ca_raw("PEM");
  settings.add_open_messages("");
  definition.mutable_retention()->set_max_bytes(0xffffffffffffffff);
  v1::Column& column = *definition.mutable_schema()->add_columns();
  column.set_name("price");
  column.set_type("FLOAT");
  column.mutable_default_value()->set_number_value(0.1);
  definition.mutable_schema()->add_columns()->mutable_default_value()->set_null_value(google::protobuf::NULL_VALUE);
  stream.create_time = ingest::WallTime(std::chrono::nanoseconds(1'700'000'000'123'456'789));
  stream.update_time = ingest::WallTime(std::chrono::nanoseconds(1'700'000'001'000'000'001));
  stream.revision = 7;
  stream.paused = true;
  stream.pause_time = ingest::WallTime(std::chrono::nanoseconds(1'700'000'002'000'000'003));
  return stream;
}

TEST_F(CatalogTest, AStreamComesBackAsItWasPut) {
  const service::StoredStream stream = FullStream();
  ASSERT_TRUE(Open()->PutStream(stream).ok());
  const auto loaded = Open()->Load();
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  ASSERT_EQ(loaded->streams.size(), 1U);
  const service::StoredStream& found = loaded->streams.front();
  EXPECT_TRUE(MessageDifferencer::Equals(found.definition, stream.definition)) << found.definition.DebugString();
  EXPECT_EQ(found.create_time, stream.create_time);
  EXPECT_EQ(found.update_time, stream.update_time);
  EXPECT_EQ(found.revision, 7U);
  EXPECT_TRUE(found.paused);
  EXPECT_EQ(found.pause_time, stream.pause_time);
}

TEST_F(CatalogTest, AConfKeyComesBackAsItWasPut) {
  service::StoredConfKey conf_key{"exchange", FullStream().definition.settings(), At(5), 3};
  ASSERT_TRUE(Open()->PutConfKey(conf_key).ok());
  const auto catalog = Open();
  const auto loaded = catalog->Load();
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  ASSERT_EQ(loaded->conf_keys.size(), 1U);
  EXPECT_EQ(loaded->conf_keys[0].name, "exchange");
  EXPECT_TRUE(MessageDifferencer::Equals(loaded->conf_keys[0].settings, conf_key.settings));
  EXPECT_EQ(loaded->conf_keys[0].update_time, At(5));
  EXPECT_EQ(loaded->conf_keys[0].revision, 3U);
  ASSERT_TRUE(catalog->DeleteConfKey("exchange").ok());
  EXPECT_THAT(catalog->Load()->conf_keys, IsEmpty());
}

TEST_F(CatalogTest, StreamsComeInByteOrder) {
  const auto catalog = Open();
  for (const char* name : {"b", "a_1", "B", "a-1", "a"}) ASSERT_TRUE(catalog->PutStream(Stream(name)).ok());
  EXPECT_THAT(NamesIn(*catalog), ElementsAre("B", "a", "a-1", "a_1", "b"));
}

TEST_F(CatalogTest, PuttingAgainReplaces) {
  const auto catalog = Open();
  service::StoredStream stream = Stream("demo");
  ASSERT_TRUE(catalog->PutStream(stream).ok());
  stream.definition.set_description("another");
  stream.revision = 2;
  ASSERT_TRUE(catalog->PutStream(stream).ok());
  const auto loaded = catalog->Load();
  ASSERT_EQ(loaded->streams.size(), 1U);
  EXPECT_EQ(loaded->streams[0].definition.description(), "another");
  EXPECT_EQ(loaded->streams[0].revision, 2U);
}

TEST_F(CatalogTest, SeveralAreKeptTogetherOrNotAtAll) {
  const auto catalog = Open();
  ASSERT_TRUE(catalog->PutStreams({Stream("a"), Stream("b")}).ok());
  service::StoredStream strange = Stream("d");
  strange.definition.GetReflection()->MutableUnknownFields(&strange.definition)->AddVarint(9999, 1);
  EXPECT_THAT(WhyUnavailable(catalog->PutStreams({Stream("c"), strange})), HasSubstr("\"d\" cannot be kept"));
  EXPECT_THAT(NamesIn(*catalog), ElementsAre("a", "b"));
  EXPECT_TRUE(catalog->PutStream(Stream("e")).ok()) << "nothing is left open";
  EXPECT_THAT(NamesIn(*OpenAt(LeftBehind())), ElementsAre("a", "b", "e"));
}

TEST_F(CatalogTest, DeletingForgetsThatOneAlone) {
  const auto catalog = Open();
  ASSERT_TRUE(catalog->PutStream(Stream("a")).ok());
  ASSERT_TRUE(catalog->PutStream(Stream("b")).ok());
  ASSERT_TRUE(catalog->DeleteStream("a").ok());
  EXPECT_TRUE(catalog->DeleteStream("a").ok()) << "there is none";
  EXPECT_THAT(NamesIn(*catalog), ElementsAre("b"));
}

TEST_F(CatalogTest, WhatIsAcknowledgedIsInTheFilesAtOnce) {
  const auto catalog = Open();
  ASSERT_TRUE(catalog->PutStream(Stream("a")).ok());
  ASSERT_TRUE(catalog->PutStream(Stream("b")).ok());
  ASSERT_TRUE(catalog->DeleteStream("a").ok());
  EXPECT_THAT(NamesIn(*OpenAt(LeftBehind())), ElementsAre("b"));
}

TEST_F(CatalogTest, ATouchMovesChangesIntoTheFileItself) {
  const auto catalog = Open();
  ASSERT_TRUE(catalog->PutStream(Stream("a")).ok());
  catalog->Touch(At(5));
  EXPECT_EQ(std::filesystem::file_size(file() + "-wal"), 0U);
  const std::filesystem::path alone = home() / "alone";
  std::filesystem::create_directory(alone);
  std::filesystem::copy(file(), alone / kCatalogFile);
  EXPECT_THAT(NamesIn(*OpenAt(alone)), ElementsAre("a"));
}

TEST_F(CatalogTest, ATouchWaitsForNoReader) {
  const auto catalog = Open();
  ASSERT_TRUE(catalog->PutStream(Stream("a")).ok());
  auto reader = Database::Open(file());
  ASSERT_TRUE(reader.ok()) << reader.status();
  ASSERT_TRUE((*reader)->Run("BEGIN; SELECT count(*) FROM stream").ok());
  ASSERT_TRUE(catalog->PutStream(Stream("b")).ok());
  const auto begin = std::chrono::steady_clock::now();
  catalog->Touch(At(5));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
  EXPECT_GT(std::filesystem::file_size(file() + "-wal"), 0U);
  ASSERT_TRUE((*reader)->Run("COMMIT").ok());
  catalog->Touch(At(6));
  EXPECT_EQ(std::filesystem::file_size(file() + "-wal"), 0U);
}

TEST_F(CatalogTest, WhenItRanLastIsKnownAtTheNextStart) {
  EXPECT_EQ(Open()->Load()->last_alive, At(0)) << "not known";
  {
    const auto catalog = Open();
    catalog->Touch(At(5));
    catalog->Touch(At(7));
    EXPECT_TRUE(catalog->PutStream(Stream("a")).ok());
  }
  EXPECT_EQ(Open()->Load()->last_alive, At(7));
}

TEST_F(CatalogTest, ItCanBeCopiedWhileItIsOpen) {
  const auto catalog = Open();
  ASSERT_TRUE(catalog->PutStream(Stream("a")).ok());
  const std::filesystem::path copies = home() / "copies";
  std::filesystem::create_directory(copies);
  auto other = Database::Open(file());
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_TRUE((*other)->Run("VACUUM INTO '" + (copies / kCatalogFile).string() + "'").ok());
  EXPECT_TRUE(catalog->PutStream(Stream("b")).ok());
  EXPECT_THAT(NamesIn(*OpenAt(copies)), ElementsAre("a"));
}

TEST_F(CatalogTest, ItsFilesAreItsOwnersAlone) {
  const auto catalog = Open();
  ASSERT_TRUE(catalog->PutStream(Stream("a")).ok());
  const auto mode = [](const std::string& path) {
    struct stat facts {};
    EXPECT_EQ(stat(path.c_str(), &facts), 0) << path;
    return facts.st_mode & 0777U;
  };
  EXPECT_EQ(mode(folder()), 0700U);
  for (const std::string name : {"catalog.db", "catalog.db-wal", "catalog.db-shm", "inletd.lock"}) {
    EXPECT_EQ(mode(folder() + "/" + name), 0600U) << name;
  }
}

TEST_F(CatalogTest, AFileThatOthersCanReadIsClosedToThem) {
  Open();
  std::filesystem::permissions(file(), std::filesystem::perms(0644));
  Open();
  EXPECT_EQ(std::filesystem::status(file()).permissions(), std::filesystem::perms(0600));
}

TEST_F(CatalogTest, WhatElseIsInTheFolderIsLeftAlone) {
  std::filesystem::create_directories(folder());
  WriteFile(folder() + "/notes.txt", "mine");
  ASSERT_TRUE(Open()->PutStream(Stream("a")).ok());
  EXPECT_EQ(ReadFile(folder() + "/notes.txt"), "mine");
}

TEST_F(CatalogTest, FoldersAboveAreMade) {
  const std::string deep = (home() / "a/b/c/").string();
  ASSERT_TRUE(OpenAt(deep)->PutStream(Stream("a")).ok());
  EXPECT_THAT(NamesIn(*OpenAt(deep)), ElementsAre("a"));
}

TEST_F(CatalogTest, ASecondServiceIsToldWhoHasTheFolder) {
  const auto first = Open();
  const std::string why = WhyNot(folder());
  EXPECT_THAT(why, HasSubstr("in use by another inletd (process " + std::to_string(getpid()) + ")"));
  EXPECT_THAT(why, HasSubstr(folder()));
  EXPECT_THAT(why, HasSubstr("dataDir"));
  EXPECT_TRUE(first->PutStream(Stream("a")).ok());
}

TEST_F(CatalogTest, TheFolderIsFreeWhenTheServiceHasEnded) {
  Open();
  EXPECT_NE(Open(), nullptr);
}

}  // namespace
}  // namespace inlet::catalog
