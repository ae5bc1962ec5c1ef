// Nothing is ignored: a setting either works or is refused by name.
#include "service/config/settings_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>

#include "google/protobuf/duration.pb.h"
#include "ingest/stream_spec.h"
#include "service/config/settings_reader.h"
#include "tests/service/config/status_text.h"

namespace inlet::config {
namespace {

using google::protobuf::FieldDescriptor;
using ::testing::HasSubstr;

// Gives the field a value that asks for something.
void Ask(const FieldDescriptor& field, v1::SourceSettings& settings) {
  const auto& reflection = *settings.GetReflection();
  if (field.is_map()) {
    (*settings.mutable_request_header())["A"] = "1";
  } else if (field.is_repeated()) {
    reflection.AddString(&settings, &field, "a");
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
    reflection.SetUInt32(&settings, &field, 7);
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    reflection.SetBool(&settings, &field, true);
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    reflection.SetString(&settings, &field, "ws");
  } else {
    reflection.MutableMessage(&settings, &field);
  }
}

TEST(CheckSupported, RefusesEverySettingThatIsNotBuilt) {
  const std::set<std::string> built = {"maxMessageBytes", "scheme"};
  const auto* const descriptor = v1::SourceSettings::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor& field = *descriptor->field(i);
    v1::SourceSettings settings;
    Ask(field, settings);
    const absl::Status status = CheckSupported(settings, "stream.settings");
    if (built.count(field.json_name()) == 1) {
      EXPECT_TRUE(status.ok()) << status;
      continue;
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented) << field.name();
    EXPECT_EQ(Reason(status), "NOT_IMPLEMENTED");
    EXPECT_EQ(Field(status), "stream.settings." + field.json_name());
    EXPECT_THAT(Text(status), HasSubstr("stream.settings." + field.json_name() + " is not built yet; "));
  }
}

TEST(CheckSupported, SaysThatTheClientRoleIsToCome) {
  v1::SourceSettings settings;
  settings.set_addr("127.0.0.1:8080");
  EXPECT_THAT(Text(CheckSupported(settings, "EXTRA")), HasSubstr("EXTRA.addr is not built yet; the client role"));
}

TEST(CheckSupported, TakesValuesThatSayWhatHoldsAnyway) {
  v1::SourceSettings settings;
  settings.set_addr("");
  settings.set_scheme("wss");
  settings.set_compression(false);
  settings.set_max_message_bytes(1);
  EXPECT_TRUE(CheckSupported(settings, "stream.settings").ok());
}

TEST(CheckSupported, RefusesTheFalseOfOtherBools) {
  v1::SourceSettings settings;
  settings.set_insecure_skip_verify(false);
  EXPECT_EQ(Field(CheckSupported(settings, "s")), "s.insecureSkipVerify");
}

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

TEST(CheckValues, KnowsTheSchemes) {
  v1::SourceSettings settings;
  settings.set_scheme("http");
  EXPECT_THAT(Text(CheckValues(settings, "s")), HasSubstr("s.scheme: must be ws or wss"));
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

}  // namespace
}  // namespace inlet::config
