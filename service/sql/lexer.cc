// Cuts a statement into tokens and knows where each one stands.
#include "service/sql/lexer.h"

#include <algorithm>

namespace inlet::sql {
namespace {

constexpr std::string_view kOpenComment = "a comment that begins here is not closed with */";

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr char kBackQuote = '`';
bool IsQuote(char c) { return c == '"' || c == '\''; }
bool IsSymbol(char c) { return std::string_view("(),;=").find(c) != std::string_view::npos; }
// Beyond ASCII everything counts as a letter, so that an error shows the whole word.
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool ContinuesRun(char c) { return IsLetter(c) || IsDigit(c) || c == '-' || c == '+' || c == '.'; }
bool EndsName(char c) { return IsSpace(c) || IsQuote(c) || IsSymbol(c) || c == kBackQuote; }
// The second and later bytes of a UTF-8 character.
bool ContinuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool SameWord(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return Lower(x) == Lower(y); });
}

Token Lexer::Next() {
  if (!SkipSpaceAndComments()) return Bad(Begin(TokenKind::kBad), kOpenComment);
  Token token = Begin(TokenKind::kEnd);
  if (AtEnd()) return token;
  const char c = Peek();
  if (IsQuote(c)) return ReadText();
  if (c == kBackQuote) return ReadQuotedName();
  if (IsLetter(c)) return ReadRun(TokenKind::kWord);
  if (IsDigit(c) || c == '-' || c == '+' || c == '.') return ReadRun(TokenKind::kNumber);
  token.kind = IsSymbol(c) ? TokenKind::kSymbol : TokenKind::kBad;
  Advance();
  return Finish(std::move(token));
}

Token Lexer::NextName() {
  if (!SkipSpaceAndComments()) return Bad(Begin(TokenKind::kBad), kOpenComment);
  if (AtEnd() || EndsName(Peek())) return Next();
  Token token = Begin(TokenKind::kWord);
  while (!AtEnd() && !EndsName(Peek())) Advance();
  return Finish(std::move(token));
}

Lexer::StrayQuote Lexer::DropStrayQuotes() {
  const char quote = Peek();
  if (!IsQuote(quote)) return StrayQuote::kNone;
  size_t last = end_;
  while (last > at_ && (IsSpace(text_[last - 1]) || text_[last - 1] == ';')) --last;
  if (last <= at_ + 1 || text_[last - 1] != quote) return StrayQuote::kUnclosed;
  end_ = last - 1;
  Advance();
  return StrayQuote::kDropped;
}

void Lexer::Advance() {
  if (text_[at_] == '\n') {
    ++position_.line;
    position_.column = 1;
  } else if (at_ + 1 >= text_.size() || !ContinuesCharacter(text_[at_ + 1])) {
    ++position_.column;
  }
  ++at_;
}

void Lexer::AdvanceTo(size_t end) {
  while (at_ < end) Advance();
}

bool Lexer::SkipSpaceAndComments() {
  while (!AtEnd()) {
    if (IsSpace(Peek())) {
      Advance();
    } else if (Peek() == '-' && Peek(1) == '-') {
      comments_.push_back({at_, std::min(text_.find('\n', at_), end_)});
      AdvanceTo(comments_.back().end);
    } else if (Peek() == '/' && Peek(1) == '*') {
      if (!SkipBlockComment()) return false;
    } else {
      break;
    }
  }
  return true;
}

bool Lexer::SkipBlockComment() {
  const size_t close = text_.substr(0, end_).find("*/", at_ + 2);
  if (close == std::string_view::npos) return false;
  comments_.push_back({at_, close + 2});
  AdvanceTo(close + 2);
  return true;
}

Token Lexer::Begin(TokenKind kind) const {
  Token token;
  token.kind = kind;
  token.position = position_;
  token.range = {at_, at_};
  return token;
}

Token Lexer::Finish(Token token) const {
  token.range.end = at_;
  token.source = text_.substr(token.range.begin, at_ - token.range.begin);
  return token;
}

Token Lexer::Bad(Token token, std::string_view fault) const {
  token.kind = TokenKind::kBad;
  token.value = fault;
  return Finish(std::move(token));
}

Token Lexer::ReadText() {
  Token token = Begin(TokenKind::kText);
  const char quote = Peek();
  Advance();
  while (!AtEnd() && Peek() != quote) {
    const char escaped = Peek(1);
    if (Peek() == '\\' && (IsQuote(escaped) || escaped == '\\')) Advance();
    token.value += Peek();
    Advance();
  }
  if (AtEnd())
    return Bad(token, quote == '"' ? "a text that begins here is not closed with \""
                                   : "a text that begins here is not closed with '");
  Advance();
  return Finish(std::move(token));
}

Token Lexer::ReadQuotedName() {
  Token token = Begin(TokenKind::kName);
  Advance();
  while (!AtEnd() && (Peek() != kBackQuote || Peek(1) == kBackQuote)) {
    if (Peek() == kBackQuote) Advance();  // two stand for one
    token.value += Peek();
    Advance();
  }
  if (AtEnd()) return Bad(std::move(token), "a name that begins here is not closed with `");
  Advance();
  return Finish(std::move(token));
}

Token Lexer::ReadRun(TokenKind kind) {
  Token token = Begin(kind);
  while (!AtEnd() && ContinuesRun(Peek())) Advance();
  return Finish(std::move(token));
}

}  // namespace inlet::sql
