// Where tokens stand, and what they hold.
#include "service/sql/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inlet::sql {
namespace {

std::vector<std::string> Sources(std::string_view text) {
  Lexer lexer(text);
  std::vector<std::string> sources;
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    sources.emplace_back(token.source);
    if (sources.size() > 100) break;
  }
  return sources;
}

TEST(Lexer, CutsWordsTextsNumbersAndSymbols) {
  EXPECT_THAT(Sources(R"(a_b("x y"),'z'=-1.5e+3;)"),
              testing::ElementsAre("a_b", "(", "\"x y\"", ")", ",", "'z'", "=", "-1.5e+3", ";"));
}

TEST(Lexer, SkipsBothKindsOfComments) {
  EXPECT_THAT(Sources("a -- b ' c\n/* d \" */ e --"), testing::ElementsAre("a", "e"));
}

TEST(Lexer, CountsLinesAndCharacters) {
  Lexer lexer("\"\xC3\xA4\xE2\x82\xAC\"x\n  y");
  lexer.Next();
  const Token x = lexer.Next();
  EXPECT_EQ(x.position.line, 1U);
  EXPECT_EQ(x.position.column, 5U);  // Two quotes and two characters of two and three bytes.
  EXPECT_EQ(x.range.begin, 7U);
  const Token y = lexer.Next();
  EXPECT_EQ(y.position.line, 2U);
  EXPECT_EQ(y.position.column, 3U);
}

TEST(Lexer, ResolvesEscapedQuotesAndKeepsOtherBackslashes) {
  EXPECT_EQ(Lexer(R"("a\"b\'c\\d\ne")").Next().value, R"(a"b'c\d\ne)");
  EXPECT_EQ(Lexer(R"('it\'s "so"')").Next().value, R"(it's "so")");
}

TEST(Lexer, TwoBackQuotesInANameAreOne) {
  Lexer lexer("`a``b` `c`");
  const Token name = lexer.NextName();
  EXPECT_EQ(name.kind, TokenKind::kName);
  EXPECT_EQ(name.value, "a`b");
  EXPECT_EQ(name.source, "`a``b`");
  EXPECT_EQ(lexer.Next().value, "c");
  EXPECT_EQ(lexer.Next().kind, TokenKind::kEnd);
}

TEST(Lexer, ATextThatIsNotClosedIsBadAtItsQuote) {
  Lexer lexer("a 'b\\'");
  lexer.Next();
  const Token bad = lexer.Next();
  EXPECT_EQ(bad.kind, TokenKind::kBad);
  EXPECT_EQ(bad.position.column, 3U);
}

TEST(Lexer, DropsAQuoteAfterTheNameOnlyIfTheEndHasIt) {
  Lexer closed("demo'(='x')' ;");
  EXPECT_EQ(closed.NextName().source, "demo");
  EXPECT_EQ(closed.DropStrayQuotes(), Lexer::StrayQuote::kDropped);
  EXPECT_EQ(closed.Next().source, "(");
  closed.Next();
  EXPECT_EQ(closed.Next().value, "x");
  EXPECT_EQ(closed.Next().source, ")");
  EXPECT_EQ(closed.Next().kind, TokenKind::kEnd);

  Lexer open("demo'()");
  open.NextName();
  EXPECT_EQ(open.DropStrayQuotes(), Lexer::StrayQuote::kUnclosed);
  Lexer alone("demo'");
  alone.NextName();
  EXPECT_EQ(alone.DropStrayQuotes(), Lexer::StrayQuote::kUnclosed);
  Lexer spaced("demo '()'");
  spaced.NextName();
  EXPECT_EQ(spaced.DropStrayQuotes(), Lexer::StrayQuote::kNone);
}

}  // namespace
}  // namespace inlet::sql
