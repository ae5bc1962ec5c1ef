// Which secrets a caller can keep by sending back what he read.
#include "service/config/kept_secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "service/config/redact.h"
#include "service/config/settings_check.h"
#include "tests/fakes/status_text.h"

namespace inlet::config {
namespace {

using ::testing::HasSubstr;

v1::SourceSettings Secrets() {
  v1::SourceSettings settings;
  settings.set_addr("feed.example.com");
  settings.set_scheme("wss");
  (*settings.mutable_request_header())["Authorization"] = "Bearer secret-1";
  settings.add_bearer_tokens("secret-2");
  settings.add_bearer_tokens("secret-3");
  settings.set_private_key_raw("secret-4");
  settings.set_root_ca_raw("secret-5");
  settings.set_certification_raw("secret-6");
  settings.set_proxy_url("http://user:secret-7@proxy:3128");
  return settings;
}

absl::Status Keep(v1::SourceSettings& settings) {
  return KeepSecrets(Secrets(), IsSameDestination(Secrets(), settings), "conf_key.settings", settings);
}

TEST(KeptSecrets, WhatWasReadSentBackIsWhatIsThere) {
  v1::SourceSettings settings = RedactSettings(Secrets());
  ASSERT_THAT(settings.DebugString(), Not(HasSubstr("secret")));
  ASSERT_TRUE(Keep(settings).ok());
  EXPECT_EQ(settings.DebugString(), Secrets().DebugString());
}

TEST(KeptSecrets, AValueOfTheCallersOwnIsTaken) {
  v1::SourceSettings settings = RedactSettings(Secrets());
  (*settings.mutable_request_header())["Authorization"] = "Bearer mine";
  ASSERT_TRUE(Keep(settings).ok());
  EXPECT_EQ(settings.request_header().at("Authorization"), "Bearer mine");
  EXPECT_EQ(settings.private_key_raw(), "secret-4");
}

TEST(KeptSecrets, AHeaderIsTheSameInAnyCase) {
  v1::SourceSettings settings;
  settings.set_addr("FEED.example.com");
  settings.set_scheme("wss");
  settings.set_proxy_url("http://user:other@proxy:3128");
  (*settings.mutable_request_header())["authorization"] = std::string(kRedacted);
  ASSERT_TRUE(Keep(settings).ok());
  EXPECT_EQ(settings.request_header().at("authorization"), "Bearer secret-1");
}

TEST(KeptSecrets, WhatWasNotThereStaysRedactedAndIsRefused) {
  v1::SourceSettings settings = RedactSettings(Secrets());
  (*settings.mutable_request_header())["X-Key"] = std::string(kRedacted);
  ASSERT_TRUE(Keep(settings).ok());
  EXPECT_EQ(settings.request_header().at("X-Key"), kRedacted);
  EXPECT_EQ(Field(CheckValues(settings, "conf_key.settings")), "conf_key.settings.requestHeader");
}

TEST(KeptSecrets, ASecretIsNotSentElsewhere) {
  for (const auto change : {+[](v1::SourceSettings& s) { s.set_addr("evil.example.com"); },
                            +[](v1::SourceSettings& s) { s.set_scheme("ws"); },
                            +[](v1::SourceSettings& s) { s.set_proxy_url("http://evil:3128"); },
                            +[](v1::SourceSettings& s) { s.clear_proxy_url(); }}) {
    v1::SourceSettings settings = RedactSettings(Secrets());
    change(settings);
    const absl::Status status = Keep(settings);
    EXPECT_EQ(Reason(status), "FIELD_INVALID");
    EXPECT_EQ(Field(status), "conf_key.settings.requestHeader");
    EXPECT_THAT(Text(status), HasSubstr("(requestHeader, bearerTokens, privateKeyRaw, rootCARaw, certificationRaw"));
    EXPECT_THAT(Text(status), Not(HasSubstr("secret-")));
  }
}

TEST(KeptSecrets, AProxysPasswordStaysWithItsProxy) {
  v1::SourceSettings settings;
  settings.set_proxy_url("http://<redacted>@evil:3128");
  ASSERT_TRUE(Keep(settings).ok());
  EXPECT_EQ(settings.proxy_url(), "http://<redacted>@evil:3128");
  EXPECT_FALSE(CheckValues(settings, "s").ok());
}

TEST(KeptSecrets, AnotherPlaceIsNoErrorIfNothingIsKept) {
  v1::SourceSettings settings;
  settings.set_addr("other.example.com");
  EXPECT_TRUE(Keep(settings).ok());
}

TEST(KeptSecrets, ATokenCanBeAddedButNotTakenFromRedactedOnes) {
  v1::SourceSettings settings = RedactSettings(Secrets());
  settings.add_bearer_tokens("fourth");
  ASSERT_TRUE(Keep(settings).ok());
  EXPECT_THAT(settings.bearer_tokens(), ::testing::ElementsAre("secret-2", "secret-3", "fourth"));

  settings = RedactSettings(Secrets());
  settings.mutable_bearer_tokens()->RemoveLast();
  const absl::Status status = Keep(settings);
  EXPECT_EQ(Field(status), "conf_key.settings.bearerTokens");
  EXPECT_THAT(Text(status), HasSubstr("write those that stay"));
}

}  // namespace
}  // namespace inlet::config
