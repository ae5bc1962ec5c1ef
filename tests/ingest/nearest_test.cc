// Which name a misspelt one is taken for.
#include "ingest/nearest.h"

#include <gtest/gtest.h>

#include <array>

namespace inlet {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"DATASOURCE", "TYPE", "FORMAT", "CONF_KEY", "TIMESTAMP"};

TEST(Nearest, BearsMissingAddedWrongAndSwappedLettersInAnyCase) {
  EXPECT_EQ(Nearest("datasorce", kNames), "DATASOURCE");
  EXPECT_EQ(Nearest("Formatt", kNames), "FORMAT");
  EXPECT_EQ(Nearest("TIPE", kNames), "TYPE");
  EXPECT_EQ(Nearest("TPYE", kNames), "TYPE");
  EXPECT_EQ(Nearest("confkey", kNames), "CONF_KEY");
}

TEST(Nearest, CompletesABeginning) { EXPECT_EQ(Nearest("data", kNames), "DATASOURCE"); }

TEST(Nearest, IsEmptyIfNothingIsNear) {
  EXPECT_EQ(Nearest("SOURCES", kNames), "");
  EXPECT_EQ(Nearest("", kNames), "");
  EXPECT_EQ(Nearest("x", kNames), "");
  EXPECT_EQ(Nearest("TYPE", {}), "");
  EXPECT_EQ(Nearest(std::string(65, 'T'), kNames), "");
}

TEST(Nearest, OneLetterIsNotMeantByAnother) {
  constexpr std::array<std::string_view, 1> kShort = {"a"};
  EXPECT_EQ(Nearest("b", kShort), "");
  EXPECT_EQ(Nearest("A", kShort), "a");
}

TEST(Nearest, TheFewestEditsWinAndThenTheFirst) {
  constexpr std::array<std::string_view, 4> kClose = {"demo11", "demo1", "demo2", "demos"};
  EXPECT_EQ(Nearest("demo22", kClose), "demo2");
  EXPECT_EQ(Nearest("demo", kClose), "demo1");
}

TEST(DidYouMean, SaysNothingAboutNothing) {
  EXPECT_EQ(DidYouMean("TYPE"), "; did you mean \"TYPE\"?");
  EXPECT_EQ(DidYouMean(""), "");
}

}  // namespace
}  // namespace inlet
