// Reads a CREATE STREAM statement: recursive descent, one token ahead.
#include "service/sql/parser.h"

#include <optional>
#include <utility>

#include "ingest/text.h"
#include "service/sql/column_parser.h"
#include "service/sql/lexer.h"
#include "service/sql/limits.h"
#include "service/sql/name.h"
#include "service/sql/options.h"
#include "service/sql/sql_error.h"
#include "service/sql/token_reader.h"

namespace inlet::sql {
namespace {

constexpr std::string_view kAfterValue = "\",\" and another option, or \")\"";

// Each method reads its part and leaves `reader_` at what follows.
class Parser {
 public:
  explicit Parser(std::string_view text) : reader_(text) {}

  absl::StatusOr<CreateStream> Parse();

 private:
  absl::Status ParseHead();
  absl::Status ParseName();
  absl::Status ParseColumns();
  absl::Status ParseOptions();
  absl::Status ParseOption();
  absl::Status ParseEnd();

  TokenReader reader_;
  CreateStream statement_;
};

absl::StatusOr<CreateStream> Parser::Parse() {
  if (absl::Status status = ParseHead(); !status.ok()) return status;
  if (absl::Status status = ParseName(); !status.ok()) return status;
  if (absl::Status status = ParseColumns(); !status.ok()) return status;
  if (absl::Status status = ParseOptions(); !status.ok()) return status;
  if (absl::Status status = ParseEnd(); !status.ok()) return status;
  statement_.comments = reader_.lexer().comments();
  return std::move(statement_);
}

absl::Status Parser::ParseHead() {
  reader_.Step();
  if (absl::Status status = reader_.ExpectWord("CREATE", "CREATE STREAM, the only statement there is"); !status.ok()) {
    return status;
  }
  // The name comes next and has rules of its own, so the token after STREAM is not read here.
  return reader_.IsWord("STREAM") ? absl::OkStatus() : Unexpected(reader_.token(), "STREAM after CREATE");
}

absl::Status Parser::ParseName() {
  reader_.StepToName();
  const Token& token = reader_.token();
  if (token.kind != TokenKind::kWord && token.kind != TokenKind::kName) {
    const bool quoted = token.kind == TokenKind::kText;
    return Unexpected(token, quoted ? "a stream name without quotes" : "a stream name");
  }
  const std::string_view name = Content(token);
  if (const std::optional<NameFault> fault = FindNameFault(name)) {
    // Everything before the fault is ASCII, so bytes are columns.
    const size_t begin = token.position.column + (token.kind == TokenKind::kName ? 1 : 0);
    return SyntaxError({token.position.line, begin + fault->offset},
                       Concat({"the stream name ", Shown(name), " ", fault->message}));
  }
  statement_.name = name;
  statement_.name_position = token.position;
  const TextPosition after_name = reader_.lexer().position();
  if (reader_.lexer().DropStrayQuotes() == Lexer::StrayQuote::kUnclosed) {
    return SyntaxError(after_name, "the quote after the stream name is not closed at the end of the statement");
  }
  reader_.Step();
  return absl::OkStatus();
}

absl::Status Parser::ParseColumns() {
  if (absl::Status status = reader_.ExpectSymbol('(', "\"(\" after the stream name"); !status.ok()) return status;
  absl::StatusOr<std::vector<Column>> columns = ColumnParser(reader_).ParseColumns();
  if (!columns.ok()) return columns.status();
  statement_.columns = *std::move(columns);
  return absl::OkStatus();
}

absl::Status Parser::ParseOptions() {
  if (absl::Status status = reader_.ExpectWord("WITH", "WITH and its options"); !status.ok()) return status;
  if (absl::Status status = reader_.ExpectSymbol('(', "\"(\" after WITH"); !status.ok()) return status;
  bool after_value = false;
  while (!reader_.TakeSymbol(')')) {
    const bool is_option = reader_.token().kind == TokenKind::kWord;
    if (!is_option)
      return Unexpected(reader_.token(), after_value ? kAfterValue : "an option such as DATASOURCE, or \")\"");
    if (absl::Status status = ParseOption(); !status.ok()) return status;
    after_value = !reader_.TakeSymbol(',');
  }
  return absl::OkStatus();
}

absl::Status Parser::ParseOption() {
  absl::StatusOr<OptionName> name = FindOptionName(reader_.token());
  if (!name.ok()) return name.status();
  Option option;
  option.name = *name;
  option.position = reader_.token().position;
  if (const Option* first = FindOption(statement_, option.name)) {
    return SyntaxError(option.position, Concat({"the option ", ToString(option.name), " is given twice, first at ",
                                                ToString(first->position)}));
  }
  reader_.Step();
  if (absl::Status status = reader_.ExpectSymbol('=', Concat({"\"=\" after ", ToString(option.name)})); !status.ok()) {
    return status;
  }
  option.value_position = reader_.token().position;
  option.value_range = reader_.token().range;
  absl::StatusOr<OptionValue> value = ReadOptionValue(option.name, reader_.token());
  if (!value.ok()) return value.status();
  option.value = *std::move(value);
  statement_.options.push_back(std::move(option));
  reader_.Step();
  return absl::OkStatus();
}

absl::Status Parser::ParseEnd() {
  if (reader_.TakeSymbol(';') && reader_.token().kind != TokenKind::kEnd)
    return Unexpected(reader_.token(), "nothing after \";\": one statement at a time");
  return reader_.token().kind == TokenKind::kEnd ? absl::OkStatus()
                                                 : Unexpected(reader_.token(), "\";\" or the end of the statement");
}

}  // namespace

absl::StatusOr<CreateStream> ParseCreateStream(std::string_view text) {
  if (text.size() <= kLongestStatement) return Parser(text).Parse();
  return SyntaxError({}, Concat({"the statement has ", std::to_string(text.size()), " bytes, more than the ",
                                 std::to_string(kLongestStatement), " allowed"}));
}

}  // namespace inlet::sql
