// Secrets never come back.
#include "service/config/redact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace inlet::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RedactSettings, HidesEverySecretAndNothingElse) {
  v1::SourceSettings settings;
  (*settings.mutable_request_header())["Authorization"] = "S3cr3t";
  settings.add_bearer_tokens("S3cr3t");
  settings.add_bearer_tokens("S3cr3t too");
  settings.set_private_key_raw("S3cr3t");
  settings.set_proxy_url("http://user:S3cr3t@proxy:3128");
  settings.set_addr("example.com");

  const v1::SourceSettings redacted = RedactSettings(settings);

  EXPECT_THAT(redacted.DebugString(), Not(HasSubstr("S3cr3t")));
  EXPECT_EQ(redacted.request_header().at("Authorization"), "<redacted>");
  EXPECT_THAT(redacted.bearer_tokens(), ::testing::ElementsAre("<redacted>", "<redacted>"));
  EXPECT_EQ(redacted.private_key_raw(), "<redacted>");
  EXPECT_EQ(redacted.proxy_url(), "http://<redacted>@proxy:3128");
  EXPECT_EQ(redacted.addr(), "example.com");
}

TEST(RedactSettings, DoesNotInventWhatIsUnset) { EXPECT_EQ(RedactSettings({}).ByteSizeLong(), 0U); }

TEST(RedactSettings, HidesUserPartsOfOddUrls) {
  const std::pair<std::string, std::string> urls[] = {{"http://u:p@ss@w:1", "http://<redacted>@w:1"},
                                                      {"u:p@w", "<redacted>@w"},
                                                      {"http://u:p/w@host/path", "http://<redacted>@host/path"},
                                                      {"http://proxy:1", "http://proxy:1"},
                                                      {"", ""}};
  for (const auto& [url, expected] : urls) {
    v1::SourceSettings settings;
    settings.set_proxy_url(url);
    EXPECT_EQ(RedactSettings(settings).proxy_url(), expected);
  }
}

TEST(RedactExtra, KeepsTextWithoutSecretsAsItIs) {
  const std::string text = "{ \"maxMessageBytes\":1,\n \"proxyUrl\": \"http://p:1\" }";
  EXPECT_EQ(RedactExtra(text), text);
}

TEST(RedactExtra, HidesSecretsInBothSpellings) {
  EXPECT_EQ(RedactExtra(R"({"addr": "a", "requestHeader": {"A": "S3cr3t", "B": ["S3cr3t"]}, "ignore": ["x"]})"),
            R"({"addr":"a","requestHeader":{"A":"<redacted>","B":["<redacted>"]},"ignore":["x"]})");
  EXPECT_EQ(RedactExtra(R"({"bearer_tokens": "S3cr3t"})"), R"({"bearer_tokens":"<redacted>"})");
  EXPECT_EQ(RedactExtra(R"({"private_key_raw": "S3cr3t"})"), R"({"private_key_raw":"<redacted>"})");
  EXPECT_EQ(RedactExtra(R"({"proxy_url": "http://u:S3cr3t@p"})"), R"({"proxy_url":"http://<redacted>@p"})");
  EXPECT_EQ(RedactExtra(R"({"proxyUrl": ["S3cr3t"]})"), R"({"proxyUrl":["<redacted>"]})");
}

TEST(RedactExtra, ShowsNothingOfWhatItCannotRead) {
  for (const std::string_view text :
       {"", "{", "[1]", "S3cr3t", R"({"privateKeyRaw": "S3cr3t", "privateKeyRaw": ""})"}) {
    EXPECT_EQ(RedactExtra(text), "<redacted>") << text;
  }
  EXPECT_EQ(RedactExtra(std::string(100'000, '[')), "<redacted>");
}

}  // namespace
}  // namespace inlet::config
