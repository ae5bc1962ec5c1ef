// Cuts a statement into tokens and knows where each one stands.
#ifndef INLET_SERVICE_SQL_LEXER_H_
#define INLET_SERVICE_SQL_LEXER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "service/sql/statement.h"

namespace inlet::sql {

enum class TokenKind { kWord, kName, kText, kNumber, kSymbol, kBad, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  // As written; of a text, or a name in back-quotes, with them.
  std::string_view source;
  // kText, kName: the content, escapes resolved. kBad: what is wrong, a clause.
  std::string value;
  TextPosition position;
  ByteRange range;
};

// What a token says: what is between its quotes, else the source. Lives as long as `token`.
inline std::string_view Content(const Token& token) {
  if (token.kind == TokenKind::kText || token.kind == TokenKind::kName) return token.value;
  return token.source;
}

// Whether two words are equal but for the case of ASCII letters.
bool SameWord(std::string_view a, std::string_view b);

// One pass over a text that must outlive the lexer and its tokens. Not thread-safe.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text), end_(text.size()) {}

  // kEnd from the end on. White space and comments are skipped.
  Token Next();

  // The run of characters up to white space, a quote of any kind, or one of ( ) , ; = after white space and comments: a
  // name with whatever odd characters it may hold. kWord, or what Next gives if there is no such run.
  Token NextName();

  enum class StrayQuote { kNone, kDropped, kUnclosed };

  // Right after a name: if a quote follows at once and the statement ends with the same quote, both are dropped.
  StrayQuote DropStrayQuotes();

  TextPosition position() const { return position_; }
  // Those that were skipped so far, in order.
  const std::vector<ByteRange>& comments() const { return comments_; }

 private:
  char Peek(size_t ahead = 0) const { return at_ + ahead < end_ ? text_[at_ + ahead] : '\0'; }
  bool AtEnd() const { return at_ >= end_; }
  void Advance();
  void AdvanceTo(size_t end);
  // False if a comment is not closed.
  bool SkipSpaceAndComments();
  bool SkipBlockComment();
  Token Begin(TokenKind kind) const;
  Token Finish(Token token) const;
  Token ReadText();
  Token ReadQuotedName();
  Token ReadRun(TokenKind kind);
  Token Bad(Token token, std::string_view fault) const;

  std::string_view text_;
  size_t at_ = 0;
  size_t end_;
  TextPosition position_;
  std::vector<ByteRange> comments_;
};

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_LEXER_H_
