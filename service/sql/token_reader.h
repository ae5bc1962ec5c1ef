// A text as tokens, one ahead: what the parsers of its parts share.
#ifndef INLET_SERVICE_SQL_TOKEN_READER_H_
#define INLET_SERVICE_SQL_TOKEN_READER_H_

#include <string_view>

#include "absl/status/status.h"
#include "service/sql/lexer.h"
#include "service/sql/sql_error.h"

namespace inlet::sql {

// As the lexer: the text must outlive it. Begins before the first token.
class TokenReader {
 public:
  explicit TokenReader(std::string_view text) : lexer_(text) {}

  const Token& token() const { return token_; }
  Lexer& lexer() { return lexer_; }

  void Step() { token_ = lexer_.Next(); }
  void StepToName() { token_ = lexer_.NextName(); }

  bool IsSymbol(char symbol) const { return token_.kind == TokenKind::kSymbol && token_.source[0] == symbol; }
  bool IsWord(std::string_view word) const { return token_.kind == TokenKind::kWord && SameWord(token_.source, word); }

  // False, and nothing is read, if the token is another.
  bool TakeSymbol(char symbol) {
    if (!IsSymbol(symbol)) return false;
    Step();
    return true;
  }
  // SQL_SYNTAX, likewise.
  absl::Status ExpectSymbol(char symbol, std::string_view expected) {
    return TakeSymbol(symbol) ? absl::OkStatus() : Unexpected(token_, expected);
  }
  absl::Status ExpectWord(std::string_view word, std::string_view expected) {
    if (!IsWord(word)) return Unexpected(token_, expected);
    Step();
    return absl::OkStatus();
  }

 private:
  Lexer lexer_;
  Token token_;
};

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_TOKEN_READER_H_
