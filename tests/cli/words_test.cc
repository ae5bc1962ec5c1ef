// Words and durations that people type.
#include "cli/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inlet::cli {
namespace {

using std::chrono::milliseconds;

TEST(ParseDuration, TakesUnitsSumsAndFractions) {
  EXPECT_EQ(ParseDuration("500ms"), milliseconds(500));
  EXPECT_EQ(ParseDuration("0.5s"), milliseconds(500));
  EXPECT_EQ(ParseDuration("2m"), milliseconds(120'000));
  EXPECT_EQ(ParseDuration("1h30m"), milliseconds(5'400'000));
  EXPECT_EQ(ParseDuration("7d"), milliseconds(7LL * 86'400'000));
}

TEST(ParseDuration, RefusesEverythingElse) {
  for (const char* text : {"", "5", "h", "1x", "-1s", "1s 2s", "1e3s", "nan", "infs", "99999999999999d"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(SplitWords, CutsAtWhiteSpaceOnly) {
  EXPECT_THAT(SplitWords("  a\tb\n c;"), testing::ElementsAre("a", "b", "c;"));
  EXPECT_THAT(SplitWords(" "), testing::IsEmpty());
}

TEST(SameWord, IgnoresCase) {
  EXPECT_TRUE(SameWord("CREATE", "create"));
  EXPECT_FALSE(SameWord("create", "created"));
}

TEST(IsUtf8, TakesCharactersAndNothingElse) {
  for (const char* text : {"", "a", "\u00e9", "\u20ac", "\U0001F600", "\U0010FFFF"}) EXPECT_TRUE(IsUtf8(text)) << text;
  for (const char* text : {"\xff", "\x80", "\xc3", "a\xe2\x82", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80",
                           "\xf4\x90\x80\x80", "\xf0\x8f\xbf\xbf", "\xc3("}) {
    EXPECT_FALSE(IsUtf8(text));
  }
}

}  // namespace
}  // namespace inlet::cli
