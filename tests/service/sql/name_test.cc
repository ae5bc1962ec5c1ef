// Which names are good.
#include "service/sql/name.h"

#include <gtest/gtest.h>

namespace inlet::sql {
namespace {

TEST(FindNameFault, AcceptsLettersDigitsHyphensAndUnderscores) {
  EXPECT_FALSE(FindNameFault("a"));
  EXPECT_FALSE(FindNameFault("Demo_1-x"));
  EXPECT_FALSE(FindNameFault("a" + std::string(62, 'b')));
}

TEST(FindNameFault, SaysWhereTheFirstOddCharacterIs) {
  const auto fault = FindNameFault("invalid.to pic");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->offset, 7U);
  EXPECT_EQ(fault->message,
            "contains \".\"; a name is a letter, then up to 62 letters, digits, hyphens and underscores");
}

TEST(FindNameFault, ShowsACharacterBeyondAsciiWhole) {
  const auto fault = FindNameFault("caf\xC3\xA9s");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->message.substr(0, 13), "contains \"\xC3\xA9\"");
}

TEST(FindNameFault, RefusesEmptyLongAndBadlyBegunNames) {
  EXPECT_TRUE(FindNameFault(""));
  EXPECT_TRUE(FindNameFault("1a"));
  EXPECT_TRUE(FindNameFault("_a"));
  const auto fault = FindNameFault("a" + std::string(63, 'b'));
  ASSERT_TRUE(fault);
  EXPECT_NE(fault->message.find("64 characters"), std::string::npos);
}

}  // namespace
}  // namespace inlet::sql
