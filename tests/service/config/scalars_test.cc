// The forms of durations, sizes, numbers and words.
#include "service/config/scalars.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <limits>
#include <string>

#include "tests/fakes/status_text.h"

namespace inlet::config {
namespace {

using std::chrono::nanoseconds;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

const Spot kSpot{"f", "key"};
constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();

Value Plain(std::string_view text) {
  Value value;
  value.kind = Value::Kind::kPlain;
  value.text = text;
  value.line = 3;
  return value;
}

TEST(Scalars, DurationsHaveAUnit) {
  const std::pair<std::string_view, nanoseconds> right[] = {
      {"500ms", 500ms}, {"20s", 20s},   {"2m", 2min},          {"1h", 1h},       {"0.5s", 500ms},   {"0s", 0s},
      {"1.5h", 90min},  {"0.25m", 15s}, {"0.000000001s", 1ns}, {"0.001ms", 1us}, {"87600h", 87600h}};
  for (const auto& [text, expected] : right) {
    const auto read = ReadDuration(kSpot, Plain(text));
    ASSERT_TRUE(read.ok()) << text << read.status();
    EXPECT_EQ(*read, expected) << text;
  }
}

TEST(Scalars, WhatIsNoDurationIsRefused) {
  for (const std::string_view wrong :
       {"", "20", "s", "-5s", "+5s", "1d", "1 s", "1.s", ".5s", "1,5s", "1e3s", "01s", "1m30s", "87601h",
        "99999999999999999999h", "0.0000000001s", "87600.5h", "0x1s", "1s "}) {
    const auto read = ReadDuration(kSpot, Plain(wrong));
    EXPECT_THAT(Text(read.status()), HasSubstr("f:3: key: expected a duration such as 500ms, 20s, 2m, 1h or 0.5s"))
        << wrong;
  }
}

TEST(Scalars, SizesMayHaveABinaryUnit) {
  const std::pair<std::string_view, uint64_t> right[] = {{"0", 0},
                                                         {"1048576", 1048576},
                                                         {"64KiB", 65536},
                                                         {"64MiB", 67108864},
                                                         {"2GiB", 2ULL << 30},
                                                         {"1TiB", 1ULL << 40}};
  for (const auto& [text, expected] : right) {
    const auto read = ReadByteSize(kSpot, Plain(text), {0, kMost});
    ASSERT_TRUE(read.ok()) << text << read.status();
    EXPECT_EQ(*read, expected) << text;
  }
  for (const std::string_view wrong : {"", "KiB", "64kb", "64MB", "64 MiB", "1.5MiB", "-1", "0x10", "010",
                                       "18446744073709551616", "18014398509481984KiB"}) {
    EXPECT_THAT(Text(ReadByteSize(kSpot, Plain(wrong), {0, kMost}).status()), HasSubstr("f:3: key: expected bytes"))
        << wrong;
  }
}

TEST(Scalars, NumbersAreInRange) {
  EXPECT_EQ(*ReadWholeNumber(kSpot, Plain("5"), {5, 7}), 5U);
  EXPECT_EQ(*ReadWholeNumber(kSpot, Plain("7"), {5, 7}), 7U);
  EXPECT_EQ(*ReadWholeNumber(kSpot, Plain("18446744073709551615"), {0, kMost}), kMost);
  for (const std::string_view wrong : {"4", "8", "x", "", "5.0", "+5", "05", "5 "}) {
    EXPECT_THAT(Text(ReadWholeNumber(kSpot, Plain(wrong), {5, 7}).status()),
                HasSubstr("f:3: key: expected a whole number from 5 to 7, found \"" + std::string(wrong)))
        << wrong;
  }
}

TEST(Scalars, BoolsAreTrueOrFalse) {
  EXPECT_TRUE(*ReadBool(kSpot, Plain("true")));
  EXPECT_FALSE(*ReadBool(kSpot, Plain("False")));
  for (const std::string_view wrong : {"yes", "on", "1", "0", "t", ""}) {
    EXPECT_THAT(Text(ReadBool(kSpot, Plain(wrong)).status()), HasSubstr("expected true or false, found")) << wrong;
  }
}

TEST(Scalars, WordsAreListed) {
  constexpr std::array<std::string_view, 3> kWords = {"red", "green", "blue"};
  EXPECT_EQ(*ReadWord(kSpot, Plain("green"), kWords), 1U);
  EXPECT_EQ(Text(ReadWord(kSpot, Plain("Green"), kWords).status()),
            "f:3: key: expected red, green or blue, found \"Green\"");
}

TEST(Scalars, LongTextIsCutWithoutBreakingUtf8) {
  const std::string umlauts = [] {
    std::string text = "a";
    for (int i = 0; i < 100; ++i) text += "\xc3\xa4";
    return text;
  }();
  const std::string message = Text(ReadBool(kSpot, Plain(umlauts)).status());
  EXPECT_THAT(message, ::testing::EndsWith("\xc3\xa4...\""));
  EXPECT_LT(message.size(), 120U);
}

}  // namespace
}  // namespace inlet::config
