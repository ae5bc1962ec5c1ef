// Reads a CREATE STREAM statement: recursive descent, one token ahead.
#include "service/sql/parser.h"

#include <array>
#include <map>
#include <optional>
#include <utility>

#include "ingest/nearest.h"
#include "ingest/text.h"
#include "service/sql/lexer.h"
#include "service/sql/literal.h"
#include "service/sql/name.h"
#include "service/sql/options.h"
#include "service/sql/sql_error.h"

namespace inlet::sql {
namespace {

constexpr std::array kTypes = {TypeKind::kBigint,  TypeKind::kFloat, TypeKind::kString, TypeKind::kDatetime,
                               TypeKind::kBoolean, TypeKind::kBytea, TypeKind::kArray,  TypeKind::kStruct};

constexpr std::string_view kTypeList = "BIGINT, FLOAT, STRING, DATETIME, BOOLEAN, BYTEA, ARRAY(type) or STRUCT(...)";
constexpr std::string_view kAfterValue = "\",\" and another option, or \")\"";

bool IsSymbol(const Token& token, char symbol) { return token.kind == TokenKind::kSymbol && token.source[0] == symbol; }
bool IsWord(const Token& token, std::string_view word) {
  return token.kind == TokenKind::kWord && SameWord(token.source, word);
}

// Each method reads its part and leaves `token_` at what follows.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  absl::StatusOr<CreateStream> Parse();

 private:
  void Step() { token_ = lexer_.Next(); }
  bool TakeSymbol(char symbol);
  absl::Status ExpectSymbol(char symbol, std::string_view expected);
  absl::Status ExpectWord(std::string_view word, std::string_view expected);

  absl::Status ParseHead();
  absl::Status ParseName();
  absl::Status ParseColumns(std::vector<Column>& columns, size_t depth);
  absl::StatusOr<Column> ParseColumn(size_t depth);
  absl::Status ParseColumnName(Column& column);
  absl::StatusOr<TypeKind> ParseTypeName();
  absl::StatusOr<ColumnType> ParseType(size_t depth);
  absl::Status ParseInsideOfType(ColumnType& type, size_t depth);
  absl::Status ParseDefault(Column& column);
  absl::Status ParseOptions();
  absl::Status ParseOption();
  absl::Status ParseEnd();

  Lexer lexer_;
  Token token_;
  CreateStream statement_;
  size_t column_count_ = 0;
};

absl::StatusOr<CreateStream> Parser::Parse() {
  if (absl::Status status = ParseHead(); !status.ok()) return status;
  if (absl::Status status = ParseName(); !status.ok()) return status;
  if (absl::Status status = ExpectSymbol('(', "\"(\" after the stream name"); !status.ok()) return status;
  if (absl::Status status = ParseColumns(statement_.columns, 0); !status.ok()) return status;
  if (absl::Status status = ParseOptions(); !status.ok()) return status;
  if (absl::Status status = ParseEnd(); !status.ok()) return status;
  return std::move(statement_);
}

bool Parser::TakeSymbol(char symbol) {
  if (!IsSymbol(token_, symbol)) return false;
  Step();
  return true;
}

absl::Status Parser::ExpectSymbol(char symbol, std::string_view expected) {
  return TakeSymbol(symbol) ? absl::OkStatus() : Unexpected(token_, expected);
}

absl::Status Parser::ExpectWord(std::string_view word, std::string_view expected) {
  if (!IsWord(token_, word)) return Unexpected(token_, expected);
  Step();
  return absl::OkStatus();
}

absl::Status Parser::ParseHead() {
  Step();
  if (absl::Status status = ExpectWord("CREATE", "CREATE STREAM, the only statement there is"); !status.ok()) {
    return status;
  }
  // The name comes next and has rules of its own, so the token after STREAM is not read here.
  return IsWord(token_, "STREAM") ? absl::OkStatus() : Unexpected(token_, "STREAM after CREATE");
}

absl::Status Parser::ParseName() {
  token_ = lexer_.NextName();
  if (token_.kind != TokenKind::kWord) {
    const bool quoted = token_.kind == TokenKind::kText;
    return Unexpected(token_, quoted ? "a stream name without quotes" : "a stream name");
  }
  if (const std::optional<NameFault> fault = FindNameFault(token_.source)) {
    // Everything before the fault is ASCII, so bytes are columns.
    const TextPosition at{token_.position.line, token_.position.column + fault->offset};
    return SyntaxError(at, Concat({"the stream name ", Shown(token_.source), " ", fault->message}));
  }
  statement_.name = token_.source;
  statement_.name_position = token_.position;
  const TextPosition after_name = lexer_.position();
  if (lexer_.DropStrayQuotes() == Lexer::StrayQuote::kUnclosed) {
    return SyntaxError(after_name, "the quote after the stream name is not closed at the end of the statement");
  }
  Step();
  return absl::OkStatus();
}

// After "(", up to and with ")". At depth 0 these are the stream's columns, which may be none.
absl::Status Parser::ParseColumns(std::vector<Column>& columns, size_t depth) {
  if (depth == 0 && TakeSymbol(')')) return absl::OkStatus();
  std::map<std::string, TextPosition> seen;
  do {
    absl::StatusOr<Column> column = ParseColumn(depth);
    if (!column.ok()) return column.status();
    const auto [first, is_new] = seen.emplace(column->name, column->position);
    if (!is_new) {
      return SyntaxError(column->position, Concat({"the column ", Shown(column->name), " is declared twice, first at ",
                                                   ToString(first->second)}));
    }
    columns.push_back(*std::move(column));
    if (!TakeSymbol(',') && !IsSymbol(token_, ')')) return Unexpected(token_, "\",\" or \")\" after a column");
  } while (!IsSymbol(token_, ')'));
  Step();
  return absl::OkStatus();
}

absl::StatusOr<Column> Parser::ParseColumn(size_t depth) {
  Column column;
  if (absl::Status status = ParseColumnName(column); !status.ok()) return status;
  absl::StatusOr<ColumnType> type = ParseType(depth);
  if (!type.ok()) return type.status();
  column.type = *std::move(type);
  if (depth == 0 && IsWord(token_, "DEFAULT")) {
    if (absl::Status status = ParseDefault(column); !status.ok()) return status;
  }
  return column;
}

absl::Status Parser::ParseColumnName(Column& column) {
  if (token_.kind != TokenKind::kWord) return Unexpected(token_, "a column name");
  if (token_.source.size() > kLongestColumnName) {
    return SyntaxError(token_.position, Concat({"the column name ", Shown(token_.source), " is longer than ",
                                                std::to_string(kLongestColumnName), " characters"}));
  }
  for (const char c : token_.source) {
    const bool odd = c == '.' || c == '+' || static_cast<unsigned char>(c) >= 0x80;
    if (odd) return Unexpected(token_, "a column name of letters, digits, hyphens and underscores");
  }
  if (++column_count_ > kMostColumns) {
    return SyntaxError(token_.position,
                       Concat({"more than ", std::to_string(kMostColumns), " columns, those of STRUCT included"}));
  }
  column.name = token_.source;
  column.position = token_.position;
  Step();
  return absl::OkStatus();
}

absl::StatusOr<TypeKind> Parser::ParseTypeName() {
  for (const TypeKind kind : kTypes) {
    if (!IsWord(token_, ToString(kind))) continue;
    Step();
    return kind;
  }
  if (token_.kind != TokenKind::kWord) return Unexpected(token_, Concat({"a type: ", kTypeList}));
  std::vector<std::string_view> names;
  names.reserve(kTypes.size());
  for (const TypeKind kind : kTypes) names.push_back(ToString(kind));
  return Unexpected(token_, Concat({"a type: ", kTypeList, DidYouMean(Nearest(token_.source, names))}));
}

absl::StatusOr<ColumnType> Parser::ParseType(size_t depth) {
  const TextPosition position = token_.position;
  absl::StatusOr<TypeKind> kind = ParseTypeName();
  if (!kind.ok()) return kind.status();
  ColumnType type;
  type.kind = *kind;
  if (type.kind != TypeKind::kArray && type.kind != TypeKind::kStruct) return type;
  if (depth >= kDeepestType) {
    return SyntaxError(position, Concat({"types are nested deeper than ", std::to_string(kDeepestType), " levels"}));
  }
  if (absl::Status status = ParseInsideOfType(type, depth + 1); !status.ok()) return status;
  return type;
}

absl::Status Parser::ParseInsideOfType(ColumnType& type, size_t depth) {
  const std::string name(ToString(type.kind));
  if (absl::Status status = ExpectSymbol('(', Concat({"\"(\" after ", name})); !status.ok()) return status;
  if (type.kind == TypeKind::kStruct) return ParseColumns(type.fields, depth);
  absl::StatusOr<ColumnType> element = ParseType(depth);
  if (!element.ok()) return element.status();
  type.element.push_back(*std::move(element));
  return ExpectSymbol(')', "\")\" after the type of the ARRAY's elements");
}

absl::Status Parser::ParseDefault(Column& column) {
  const TextPosition position = token_.position;
  if (!TakesDefault(column.type.kind)) {
    return SyntaxError(position, Concat({"a column of type ", ToString(column.type.kind), " cannot have a DEFAULT"}));
  }
  Step();
  absl::StatusOr<DefaultValue> value = ReadDefault(column.type.kind, token_);
  if (!value.ok()) return value.status();
  column.default_value = *std::move(value);
  Step();
  return absl::OkStatus();
}

absl::Status Parser::ParseOptions() {
  if (absl::Status status = ExpectWord("WITH", "WITH and its options"); !status.ok()) return status;
  if (absl::Status status = ExpectSymbol('(', "\"(\" after WITH"); !status.ok()) return status;
  bool after_value = false;
  while (!TakeSymbol(')')) {
    const bool is_option = token_.kind == TokenKind::kWord;
    if (!is_option) return Unexpected(token_, after_value ? kAfterValue : "an option such as DATASOURCE, or \")\"");
    if (absl::Status status = ParseOption(); !status.ok()) return status;
    after_value = !TakeSymbol(',');
  }
  return absl::OkStatus();
}

absl::Status Parser::ParseOption() {
  absl::StatusOr<OptionName> name = FindOptionName(token_);
  if (!name.ok()) return name.status();
  Option option;
  option.name = *name;
  option.position = token_.position;
  if (const Option* first = FindOption(statement_, option.name)) {
    return SyntaxError(option.position, Concat({"the option ", ToString(option.name), " is given twice, first at ",
                                                ToString(first->position)}));
  }
  Step();
  if (absl::Status status = ExpectSymbol('=', Concat({"\"=\" after ", ToString(option.name)})); !status.ok()) {
    return status;
  }
  option.value_position = token_.position;
  option.value_range = token_.range;
  absl::StatusOr<OptionValue> value = ReadOptionValue(option.name, token_);
  if (!value.ok()) return value.status();
  option.value = *std::move(value);
  statement_.options.push_back(std::move(option));
  Step();
  return absl::OkStatus();
}

absl::Status Parser::ParseEnd() {
  if (TakeSymbol(';') && token_.kind != TokenKind::kEnd)
    return Unexpected(token_, "nothing after \";\": one statement at a time");
  return token_.kind == TokenKind::kEnd ? absl::OkStatus() : Unexpected(token_, "\";\" or the end of the statement");
}

}  // namespace

absl::StatusOr<CreateStream> ParseCreateStream(std::string_view text) {
  if (text.size() <= kLongestStatement) return Parser(text).Parse();
  return SyntaxError({}, Concat({"the statement has ", std::to_string(text.size()), " bytes, more than the ",
                                 std::to_string(kLongestStatement), " allowed"}));
}

}  // namespace inlet::sql
