// What may stand in labels and descriptions.
#include "service/config/labels_check.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/error.h"

namespace inlet::config {
namespace {

using testing::HasSubstr;

TEST(LabelsCheck, KeysAndValuesAreThoseOfKubernetes) {
  for (const char* good : {"a", "A1", "team-a", "a_b.c", "0"}) {
    EXPECT_TRUE(IsLabelKey(good)) << good;
    EXPECT_TRUE(IsLabelValue(good)) << good;
  }
  for (const char* bad : {"-a", "a-", ".a", "a_", "a b", "a/b", "\xc3\xa4", "a\n"}) {
    EXPECT_FALSE(IsLabelKey(bad)) << bad;
    EXPECT_FALSE(IsLabelValue(bad)) << bad;
  }
  EXPECT_FALSE(IsLabelKey(""));
  EXPECT_TRUE(IsLabelValue(""));
  EXPECT_TRUE(IsLabelKey(std::string(63, 'a')));
  EXPECT_FALSE(IsLabelKey(std::string(64, 'a')));
}

TEST(LabelsCheck, SixtyFourAreTheMost) {
  v1::Stream definition;
  for (int i = 0; i < 64; ++i) (*definition.mutable_labels())["k" + std::to_string(i)] = "v";
  EXPECT_TRUE(CheckLabels(definition).ok());
  (*definition.mutable_labels())["more"] = "v";
  EXPECT_THAT(std::string(CheckLabels(definition).message()), HasSubstr("found 65"));
}

TEST(LabelsCheck, TheErrorNamesTheLabel) {
  v1::Stream definition;
  (*definition.mutable_labels())["team"] = "a b";
  const absl::Status status = CheckLabels(definition);
  EXPECT_EQ(GetErrorDetail(status).field, "stream.labels");
  EXPECT_THAT(std::string(status.message()), HasSubstr("stream.labels.team"));
}

TEST(LabelsCheck, ADescriptionHasAtMost1024Bytes) {
  v1::Stream definition;
  definition.set_description(std::string(1024, 'x'));
  EXPECT_TRUE(CheckLabels(definition).ok());
  definition.set_description(std::string(1025, 'x'));
  EXPECT_EQ(GetErrorDetail(CheckLabels(definition)).field, "stream.description");
}

}  // namespace
}  // namespace inlet::config
