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

TEST(RedactSettings, ShowsWhatIsOnlyReferences) {
  v1::SourceSettings settings;
  auto& headers = *settings.mutable_request_header();
  headers["Authorization"] = "Bearer ${file:feed}";
  headers["X-Key"] = "${env:INLET_SECRET_KEY}";
  headers["X-Half"] = "S3cr3t${env:INLET_SECRET_KEY}";
  headers["X-Empty"] = "";
  settings.add_bearer_tokens("${env:INLET_SECRET_A}");
  settings.add_bearer_tokens("S3cr3t-${env:INLET_SECRET_A}");
  settings.set_private_key_raw("${file:key.pem}");
  settings.set_proxy_url("http://${env:INLET_SECRET_U}:${env:INLET_SECRET_P}@p:1");
  const v1::SourceSettings shown = RedactSettings(settings);
  EXPECT_EQ(shown.request_header().at("Authorization"), "Bearer ${file:feed}");
  EXPECT_EQ(shown.request_header().at("X-Key"), "${env:INLET_SECRET_KEY}");
  EXPECT_EQ(shown.request_header().at("X-Half"), "<redacted>");
  EXPECT_EQ(shown.request_header().at("X-Empty"), "");
  EXPECT_THAT(shown.bearer_tokens(), ::testing::ElementsAre("${env:INLET_SECRET_A}", "<redacted>"));
  EXPECT_EQ(shown.private_key_raw(), "${file:key.pem}");
  EXPECT_EQ(shown.proxy_url(), settings.proxy_url());
}

TEST(RedactSettings, HidesAKeyThatCameAlongWithACertificate) {
  v1::SourceSettings settings;
  settings.set_root_ca_raw("-----BEGIN CERTIFICATE-----\nabc\n");
  settings.set_certification_raw("-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nS3cr3t");
  const v1::SourceSettings shown = RedactSettings(settings);
  EXPECT_EQ(shown.root_ca_raw(), settings.root_ca_raw());
  EXPECT_EQ(shown.certification_raw(), "<redacted>");
}

TEST(RedactExtra, JudgesListsAsTheSettingsDo) {
  const std::string shown = R"({"requestHeader":{"A":["${env:A}","${env:B}"]},"bearerTokens":["${env:A}"]})";
  EXPECT_EQ(RedactExtra(shown), shown);
  EXPECT_EQ(RedactExtra(R"({"requestHeader":{"A":["${env:A}","S3cr3t"]}})"),
            R"({"requestHeader":{"A":["<redacted>","<redacted>"]}})");
  EXPECT_EQ(RedactExtra(R"({"bearerTokens":["${env:A}","S3cr3t"]})"), R"({"bearerTokens":["${env:A}","<redacted>"]})");
}

TEST(RedactUrl, HidesTheUserAndTheValuesOfTheQuery) {
  const QueryNames shown = {"symbol", "v"};
  const std::pair<std::string, std::string> urls[] = {
      {"wss://h/p?symbol=btc&token=S3cr3t&v=1", "wss://h/p?symbol=btc&token=<redacted>&v=1"},
      {"/p?token=S3cr3t", "/p?token=<redacted>"},
      {"/p?S3cr3t", "/p?<redacted>"},
      {"/p?a=&b=", "/p?a=&b="},
      {"/p?a=S3cr3t=S3cr3t?S3cr3t", "/p?a=<redacted>"},
      {"/p?k=${env:INLET_SECRET_K}", "/p?k=${env:INLET_SECRET_K}"},
      {"/p?k=S3cr3t${env:A}", "/p?k=<redacted>"},
      {"wss://u:S3cr3t@h/p", "wss://<redacted>@h/p"},
      {"wss://h/@me?symbol=a@b", "wss://h/@me?symbol=a@b"},
      {"wss://h?token=S3cr3t", "wss://h?token=<redacted>"},
      {"/p?token=S3cr3t&back=http://h/x", "/p?token=<redacted>&back=<redacted>"},
      {"/devices/{id}", "/devices/{id}"},
      {"", ""},
  };
  for (const auto& [url, expected] : urls) EXPECT_EQ(RedactUrl(url, shown), expected);
}

TEST(RedactDefinition, LeavesNoSecretAnywhere) {
  v1::Stream stream;
  stream.set_name("demo");
  stream.set_datasource("wss://h/p?token=S3cr3t");
  (*stream.mutable_settings()->mutable_request_header())["A"] = "S3cr3t";
  const v1::Stream shown = RedactDefinition(stream, {});
  EXPECT_THAT(shown.DebugString(), Not(HasSubstr("S3cr3t")));
  EXPECT_EQ(shown.name(), "demo");
}

}  // namespace
}  // namespace inlet::config
