// Edits of the file change the conf keys that nobody has put, and who takes a key is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "service/conf_key_registry.h"
#include "tests/service/conf_key_fixture.h"

namespace inlet::service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(ConfKeyRegistryTest, AnEditOfTheFileChangesTheStreamsOfItsSections) {
  AddStream("a", "feed");
  AddStream("b", "");
  config::ConfKeys edited = file_;
  ASSERT_TRUE(edited.Set("feed", Header("Bearer edited"), "w.yaml:9").ok());
  ASSERT_TRUE(edited.Set("added", {}, "w.yaml:12").ok());
  const auto changed = registry_.ReplaceFile(edited);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_THAT(changed->sections, ElementsAre("feed", "added"));
  EXPECT_THAT(changed->reconnecting, ElementsAre("a"));
  EXPECT_EQ(Entry("feed").settings.request_header().at("Authorization"), "Bearer edited");
  EXPECT_EQ(Entry("added").name, "added");
}

TEST_F(ConfKeyRegistryTest, AnEditBelowAKeyThatWasPutWaitsForItsDeletion) {
  AddStream("a", "feed");
  ASSERT_TRUE(Put("feed", Header("Bearer 2")).ok());
  applied_.clear();
  config::ConfKeys edited = file_;
  ASSERT_TRUE(edited.Set("feed", Header("Bearer edited"), "w.yaml:9").ok());
  ASSERT_TRUE(registry_.ReplaceFile(edited).ok());
  EXPECT_THAT(applied_, IsEmpty());
  ASSERT_TRUE(registry_.Delete("feed", "").ok());
  EXPECT_EQ(std::get<ingest::ClientRole>(applied_["a"].role).headers[0].value, "Bearer edited");
}

TEST_F(ConfKeyRegistryTest, AnEditThatDoesNotFitIsShownAndTheLastGoodOneStays) {
  AddStream("a", "feed");
  config::ConfKeys edited;  // without `feed`, and another `default`
  const absl::Status status = registry_.ReplaceFile(edited).status();
  EXPECT_EQ(Reason(status), "CONF_KEY_IN_USE");
  auto snapshot = registry_.snapshot();
  EXPECT_THAT(snapshot->file_errors.find("feed")->second, HasSubstr("no such section any more"));
  EXPECT_EQ(snapshot->file_errors.count("default"), 1U);
  EXPECT_EQ(Entry("feed").where, "w.yaml:3");
  EXPECT_EQ(Entry("default").settings.max_message_bytes(), 1000U);

  registry_.RefuseFile("w.yaml:7: not valid YAML");
  EXPECT_EQ(registry_.snapshot()->file_errors.find("feed")->second, "w.yaml:7: not valid YAML");
  ASSERT_TRUE(registry_.ReplaceFile(file_).ok());
  EXPECT_THAT(registry_.snapshot()->file_errors, IsEmpty());
}

TEST_F(ConfKeyRegistryTest, LinesThatMoveAreNoChange) {
  const std::string etag = Entry("feed").etag();
  config::ConfKeys moved = file_;
  ASSERT_TRUE(moved.Set("feed", Header("Bearer of-the-file"), "w.yaml:30").ok());
  const auto changed = registry_.ReplaceFile(moved);
  ASSERT_TRUE(changed.ok());
  EXPECT_THAT(changed->sections, IsEmpty());
  EXPECT_EQ(Entry("feed").etag(), etag);
  EXPECT_EQ(Entry("feed").where, "w.yaml:30");
}

TEST_F(ConfKeyRegistryTest, ASnapshotStaysAsItWas) {
  const ConfKeySnapshotPtr before = registry_.snapshot();
  ASSERT_TRUE(Put("feed", MaxMessageBytes(7)).ok());
  EXPECT_EQ(before->settings.Effective("feed", {}, "s")->addr(), "feed.example.com");
}

TEST_F(ConfKeyRegistryTest, UsersAreListedByNameUpToALimit) {
  for (const std::string name : {"c", "a", "b"}) AddStream(name, "feed");
  AddStream("d", "");
  const UsersByKey users = FindUsers(Options().next_streams, {"feed", "default", "none"}, 2);
  EXPECT_THAT(users.find("feed")->second, ElementsAre("a", "b"));
  EXPECT_THAT(users.find("none")->second, IsEmpty());
  EXPECT_THAT(FindUsers(Options().next_streams, {"default"}, 9).find("default")->second,
              ElementsAre("a", "b", "c", "d"));
}

}  // namespace
}  // namespace inlet::service
