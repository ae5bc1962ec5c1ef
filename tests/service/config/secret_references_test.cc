// References are found where they are, and nothing else is taken for one.
#include "service/config/secret_references.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace inlet::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = TextPiece::Kind;

TEST(SplitReferences, FindsThemInALongerText) {
  EXPECT_THAT(SplitReferences("Bearer ${env:A_1}${file:dir/a.b-c}!"),
              ElementsAre(TextPiece{Kind::kLiteral, "Bearer "}, TextPiece{Kind::kEnvironment, "A_1"},
                          TextPiece{Kind::kFile, "dir/a.b-c"}, TextPiece{Kind::kLiteral, "!"}));
  EXPECT_THAT(SplitReferences(""), IsEmpty());
  EXPECT_THAT(SplitReferences("$ { } $x"), ElementsAre(TextPiece{Kind::kLiteral, "$ { } $x"}));
}

TEST(SplitReferences, GivesBackTheTextPieceByPiece) {
  for (const std::string text : {"a${env:B}c", "${file:x}", "${${env:A}", "${env:A", "${env:A}}", "$${env:A}"}) {
    std::string joined;
    for (const TextPiece& piece : SplitReferences(text)) {
      joined += piece.kind == Kind::kLiteral ? piece.text : ReferenceText(piece);
    }
    EXPECT_EQ(joined, text);
  }
}

TEST(ReferenceProblem, RefusesWhatLooksLikeOneAndIsNone) {
  for (const std::string text :
       {"${", "${}", "${env}", "${env:}", "${env:1A}", "${env:A-B}", "${env:A", "${ENV:A}", "${file:}", "${file:..}",
        "${file:../a}", "${file:a/../b}", "${file:/a}", "${file:a//b}", "${file:a/}", "${file:.}", "${file:a b}",
        "${secret:a}", "${file:\xc3\xa4}"}) {
    EXPECT_THAT(ReferenceProblem(text), HasSubstr("begins no reference")) << text;
    EXPECT_FALSE(HasReference(text)) << text;
  }
  for (const std::string text : {"", "a", "$", "$A", "{}", "${env:A}", "x${file:a/b}y", "${file:..a}"}) {
    EXPECT_EQ(ReferenceProblem(text), "") << text;
  }
}

TEST(ReferenceProblem, BoundsTheNames) {
  EXPECT_EQ(ReferenceProblem("${env:" + std::string(255, 'A') + "}"), "");
  EXPECT_NE(ReferenceProblem("${env:" + std::string(256, 'A') + "}"), "");
}

TEST(WithoutReferences, KeepsTheRest) { EXPECT_EQ(WithoutReferences("/a?k=${env:A}&b", "x"), "/a?k=x&b"); }

}  // namespace
}  // namespace inlet::config
