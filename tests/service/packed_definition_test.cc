// What a packed definition gives back, and what is at hand without unpacking it.
#include "service/packed_definition.h"

#include <string>
#include <string_view>

#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "service/stream_plan.h"

namespace inlet::service {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

// With columns, a secret, and a setting that is warned of.
constexpr std::string_view kStatement =
    R"(CREATE STREAM demo (a BIGINT, b STRUCT(c ARRAY(STRING), d FLOAT)) WITH (DATASOURCE="/p?token=S3cr3t", )"
    R"(CONF_KEY="feed", EXTRA='{"addr": "h:1", "requestHeader": {"X-Key": "hush"}, "maxConnections": 5}'))";

StreamPlan Planned() {
  config::ConfKeys conf_keys;
  EXPECT_TRUE(conf_keys.Set("feed", {}, "w.yaml:1").ok());
  v1::CreateStreamRequest request;
  request.set_sql(std::string(kStatement));
  absl::StatusOr<StreamPlan> plan = PlanStream(request, conf_keys, {});
  EXPECT_TRUE(plan.ok()) << plan.status();
  return plan.ok() ? *std::move(plan) : StreamPlan();
}

TEST(PackedDefinition, GivesBackAllThatAPlanSays) {
  const StreamPlan plan = Planned();
  ASSERT_GT(plan.definition.warnings_size(), 0);
  ASSERT_TRUE(plan.shown.has_effective_settings());
  const PackedDefinition packed(plan.definition, plan.shown);
  EXPECT_TRUE(MessageDifferencer::Equals(packed.Unpack(), plan.definition)) << packed.Unpack().DebugString();
  EXPECT_TRUE(MessageDifferencer::Equals(packed.Shown(), plan.shown)) << packed.Shown().DebugString();
  EXPECT_THAT(packed.Unpack().DebugString(), HasSubstr("hush"));
  EXPECT_THAT(packed.Shown().DebugString(), Not(HasSubstr("hush")));
}

TEST(PackedDefinition, WhatIsLookedUpOftenIsAtHand) {
  v1::Stream definition = Planned().definition;
  (*definition.mutable_labels())["team"] = "feeds";
  const PackedDefinition packed(definition, definition);
  EXPECT_EQ(packed.name(), "demo");
  EXPECT_EQ(packed.conf_key(), "feed");
  EXPECT_EQ(packed.role(), v1::Stream::CLIENT);
  EXPECT_THAT(packed.labels(), ElementsAre(Pair("team", "feeds")));
  EXPECT_EQ(packed.sql(), definition.sql());
}

TEST(PackedDefinition, APlanTellsTheSameOfItInBothItsForms) {
  const StreamPlan plan = Planned();
  EXPECT_EQ(plan.shown.name(), plan.definition.name());
  EXPECT_EQ(plan.shown.conf_key(), plan.definition.conf_key());
  EXPECT_EQ(plan.shown.role(), plan.definition.role());
  EXPECT_EQ(plan.shown.sql(), plan.definition.sql());
}

TEST(PackedDefinition, AnotherStatementIsThatOfBoth) {
  const StreamPlan plan = Planned();
  PackedDefinition packed(plan.definition, plan.shown);
  packed.set_sql("");
  EXPECT_EQ(packed.Unpack().sql(), "");
  EXPECT_EQ(packed.Shown().sql(), "");
  EXPECT_TRUE(packed.Shown().has_effective_settings());
}

TEST(PackedDefinition, WithoutADefinitionItIsEmpty) {
  const PackedDefinition packed;
  EXPECT_EQ(packed.Unpack().ByteSizeLong(), 0U);
  EXPECT_EQ(packed.Shown().ByteSizeLong(), 0U);
}

}  // namespace
}  // namespace inlet::service
