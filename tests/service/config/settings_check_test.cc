// Nothing is ignored: a setting is in order, is refused by name, or is said to have no effect.
#include "service/config/settings_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "google/protobuf/duration.pb.h"
#include "ingest/stream_spec.h"
#include "service/config/settings_reader.h"
#include "tests/fakes/status_text.h"

namespace inlet::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(CheckSupported, RefusesFieldsOfANewerContract) {
  v1::SourceSettings settings;
  const std::string field_1000_is_1("\xC0\x3E\x01", 3);
  ASSERT_TRUE(settings.ParseFromString(field_1000_is_1));
  const absl::Status status = CheckSupported(settings, "stream.settings");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(Text(status), HasSubstr("field number 1000"));
}

TEST(CheckSupported, SeesAFieldOfANewerContractThroughTheMerge) {
  v1::SourceSettings upper;
  ASSERT_TRUE(upper.ParseFromString(std::string("\xC0\x3E\x01", 3)));
  v1::SourceSettings lower;
  MergeSettings(upper, lower);
  EXPECT_FALSE(CheckSupported(lower, "stream.settings").ok());
}

TEST(CheckValues, BoundsTheMessageSize) {
  v1::SourceSettings settings;
  for (const uint32_t wrong : {0U, ingest::kLargestMaxMessageBytes + 1, std::numeric_limits<uint32_t>::max()}) {
    settings.set_max_message_bytes(wrong);
    const absl::Status status = CheckValues(settings, "stream.settings");
    EXPECT_EQ(Field(status), "stream.settings.maxMessageBytes");
    EXPECT_THAT(Text(status), HasSubstr("must be from 1 to 3145728 (3 MiB), found " + std::to_string(wrong)));
  }
  for (const uint32_t right : {1U, ingest::kLargestMaxMessageBytes}) {
    settings.set_max_message_bytes(right);
    EXPECT_TRUE(CheckValues(settings, "stream.settings").ok());
  }
}

TEST(CheckValues, RefusesDurationsThatAreNone) {
  const std::pair<int64_t, int32_t> wrong[] = {{-1, 0}, {0, -1}, {0, 1'000'000'000}, {400'000'000, 0}, {-1, 1}};
  for (const auto& [seconds, nanos] : wrong) {
    v1::SourceSettings settings;
    settings.mutable_idle_timeout()->set_seconds(seconds);
    settings.mutable_idle_timeout()->set_nanos(nanos);
    EXPECT_EQ(Field(CheckValues(settings, "s")), "s.idleTimeout") << seconds << " " << nanos;
  }
}

TEST(CheckValues, RefusesThePlaceholderWhereverItIsWritten) {
  const std::string texts[] = {
      R"({"privateKeyRaw": "<redacted>"})",
      R"({"bearerTokens": ["good", "<redacted>"]})",
      R"({"requestHeader": {"A": "<redacted>"}})",
      R"({"requestHeader": {"A": "Bearer <redacted>"}})",
      R"({"proxyUrl": "http://<redacted>@proxy:3128"})",
      R"({"openMessages": ["<redacted>"]})",
      R"({"heartbeatMessage": "<redacted>"})",
      R"({"addr": "<redacted>"})",
  };
  for (const std::string& text : texts) {
    const auto read = SettingsFromJson(text);
    EXPECT_EQ(Reason(read.status()), "FIELD_INVALID") << text;
    EXPECT_THAT(Text(read.status()), HasSubstr("<redacted> stands for a secret")) << text;
  }
}

TEST(CheckValues, TakesTextThatOnlyHoldsThePlaceholder) {
  v1::SourceSettings settings;
  settings.add_ignore("say <redacted> twice");
  EXPECT_TRUE(CheckValues(settings, "s").ok());
}

TEST(UnusedSettings, NamesWhatIsForTheOtherRole) {
  const auto own = SettingsFromJson(R"({"addr": "a", "scheme": "ws", "backoffMax": "1s", "bearerTokens": ["t"],
                                        "maxMessageBytes": 5, "reconnectWhenStalled": true, "recordTimeout": "1s"})");
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_THAT(UnusedSettings(*own, SourceRole::kServer),
              ElementsAre(StartsWith("reconnectWhenStalled has no effect"), StartsWith("scheme has no effect"),
                          StartsWith("backoffMax has no effect")));
  EXPECT_THAT(UnusedSettings(*own, SourceRole::kClient), ElementsAre(StartsWith("bearerTokens has no effect")));
  EXPECT_THAT(UnusedSettings({}, SourceRole::kClient), IsEmpty());
}

}  // namespace
}  // namespace inlet::config
