// The layers: built-in, default, conf key, the stream's own.
#include "service/config/conf_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "service/config/names.h"
#include "tests/fakes/status_text.h"

namespace inlet::config {
namespace {

using ::testing::HasSubstr;

v1::SourceSettings MaxMessageBytes(uint32_t bytes) {
  v1::SourceSettings settings;
  settings.set_max_message_bytes(bytes);
  return settings;
}

v1::SourceSettings Addr(const std::string& addr) {
  v1::SourceSettings settings;
  settings.set_addr(addr);
  return settings;
}

TEST(ConfKeys, TheEffectiveSettingsNameEachValueThatHolds) {
  const auto effective = ConfKeys().Effective("", {}, "stream.settings");
  ASSERT_TRUE(effective.ok()) << effective.status();
  EXPECT_EQ(effective->ping_interval().seconds(), 20);
  EXPECT_EQ(effective->idle_timeout().seconds(), 60);
  EXPECT_EQ(effective->handshake_timeout().seconds(), 10);
  EXPECT_EQ(effective->backoff_initial().nanos(), 500'000'000);
  EXPECT_EQ(effective->backoff_max().seconds(), 30);
}

TEST(ConfKeys, WithoutAnyFileTheBuiltInValuesHold) {
  const ConfKeys keys;
  for (const std::string_view name : {"", "default"}) {
    const auto effective = keys.Effective(name, {}, "stream.settings");
    ASSERT_TRUE(effective.ok()) << effective.status();
    EXPECT_EQ(effective->max_message_bytes(), 1'048'576U);
    EXPECT_TRUE(effective->has_addr());
    EXPECT_EQ(effective->addr(), "");
  }
}

TEST(ConfKeys, EachLayerHidesTheOnesBelow) {
  ConfKeys keys;
  ASSERT_TRUE(keys.Set("small", {}, "f:9").ok());
  EXPECT_EQ(keys.Effective("small", {}, "s")->max_message_bytes(), 1'048'576U);
  ASSERT_TRUE(keys.Set("default", MaxMessageBytes(3), "f:1").ok());
  EXPECT_EQ(keys.Effective("small", {}, "s")->max_message_bytes(), 3U);
  ASSERT_TRUE(keys.Set("small", MaxMessageBytes(2), "f:9").ok());
  EXPECT_EQ(keys.Effective("small", {}, "s")->max_message_bytes(), 2U);
  EXPECT_EQ(keys.Effective("small", MaxMessageBytes(1), "s")->max_message_bytes(), 1U);
  EXPECT_EQ(keys.Effective("", {}, "s")->max_message_bytes(), 3U);
}

TEST(ConfKeys, AnUnknownNameIsAnErrorThatNamesTheNearest) {
  ConfKeys keys;
  ASSERT_TRUE(keys.Set("exchange", {}, "f:1").ok());
  const auto effective = keys.Effective("exchagne", {}, "s");
  EXPECT_EQ(effective.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Reason(effective.status()), "CONF_KEY_UNKNOWN");
  EXPECT_EQ(Metadata(effective.status(), "conf_key"), "exchagne");
  EXPECT_EQ(Metadata(effective.status(), "nearest"), "exchange");
  EXPECT_THAT(Text(effective.status()), HasSubstr("there is no conf key \"exchagne\"; did you mean \"exchange\"?"));
}

TEST(ConfKeys, AnUnknownNameOfAnyBytesMakesAReadableError) {
  for (const std::string& name : {std::string("\xff"), std::string(63, 'a') + "\xc3\xa4", std::string(100'000, 'a')}) {
    const auto effective = ConfKeys().Effective(name, {}, "s");
    EXPECT_EQ(Reason(effective.status()), "CONF_KEY_UNKNOWN");
    EXPECT_TRUE(IsUtf8(Metadata(effective.status(), "conf_key")));
    EXPECT_LT(Text(effective.status()).size(), 300U);
  }
}

TEST(ConfKeys, WithoutANearNameAllAreListed) {
  ConfKeys keys;
  ASSERT_TRUE(keys.Set("btc", {}, "f:1").ok());
  EXPECT_THAT(Text(keys.Effective("quite_another", {}, "s").status()), HasSubstr(": btc, default"));
}

TEST(ConfKeys, TheServersSectionIsNoConfKey) {
  const ConfKeys keys;
  EXPECT_EQ(Reason(keys.Effective("source", {}, "s").status()), "CONF_KEY_UNKNOWN");
}

TEST(ConfKeys, NamesAreCaseSensitive) {
  const ConfKeys keys;
  EXPECT_EQ(Metadata(keys.Effective("DEFAULT", {}, "s").status(), "nearest"), "default");
}

TEST(ConfKeys, AnEmptyAddrHidesAFullOneBelow) {
  ConfKeys keys;
  ASSERT_TRUE(keys.Set("default", Addr("example.com"), "f:1").ok());
  ASSERT_TRUE(keys.Set("server", Addr(""), "f:3").ok());
  EXPECT_TRUE(keys.Effective("server", {}, "s").ok());
  EXPECT_TRUE(keys.Effective("", Addr(""), "s").ok());
}

TEST(ConfKeys, ASettingOfANewerContractIsRefusedWithTheLayerItWasWrittenIn) {
  ConfKeys keys;
  v1::SourceSettings newer;
  ASSERT_TRUE(newer.ParseFromString(std::string("\xC0\x3E\x01", 3)));
  ASSERT_TRUE(keys.Set("default", newer, "etc/sources/websocket.yaml:12").ok());
  const auto from_file = keys.Effective("", {}, "stream.settings");
  EXPECT_EQ(from_file.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(Text(from_file.status()), HasSubstr("etc/sources/websocket.yaml:12: default: this version"));
  const auto own = ConfKeys().Effective("", newer, "stream.settings");
  EXPECT_EQ(Field(own.status()), "stream.settings");
}

TEST(ConfKeys, WrongValuesOfTheStreamsOwnAreRefused) {
  const ConfKeys keys;
  EXPECT_EQ(Field(keys.Effective("", MaxMessageBytes(0), "stream.settings").status()),
            "stream.settings.maxMessageBytes");
}

TEST(ConfKeys, NamesFollowTheRule) {
  for (const std::string_view right : {"a", "Default", "my-key", "my_key", "k9", "sources"}) {
    EXPECT_TRUE(CheckConfKeyName(right).ok()) << right;
  }
  EXPECT_TRUE(CheckConfKeyName(std::string(63, 'a')).ok());
  for (const std::string_view wrong :
       {"", "9a", "_a", "-a", "a b", "a.b", "a__b", "source", "SOURCE", "\xc3\xa4", "a\n"}) {
    EXPECT_EQ(Reason(CheckConfKeyName(wrong)), "FIELD_INVALID") << wrong;
  }
  EXPECT_FALSE(CheckConfKeyName(std::string(64, 'a')).ok());
  ConfKeys keys;
  EXPECT_THAT(Text(keys.Set("a.b", {}, "f:3")), HasSubstr("f:3: \"a.b\" cannot be a conf key"));
}

}  // namespace
}  // namespace inlet::config
