// Reads the columns of a statement, and types that stand alone: recursive descent, as deep as the limit.
#include "service/sql/column_parser.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "ingest/nearest.h"
#include "ingest/text.h"
#include "service/sql/limits.h"
#include "service/sql/literal.h"
#include "service/sql/name.h"

namespace inlet::sql {
namespace {

constexpr std::array kTypes = {TypeKind::kBigint,  TypeKind::kFloat, TypeKind::kString, TypeKind::kDatetime,
                               TypeKind::kBoolean, TypeKind::kBytea, TypeKind::kArray,  TypeKind::kStruct};

constexpr std::string_view kTypeList = "BIGINT, FLOAT, STRING, DATETIME, BOOLEAN, BYTEA, ARRAY(type) or STRUCT(...)";

absl::Status NoColumnName(const Token& token) {
  if (token.kind == TokenKind::kText) return Unexpected(token, "a column name without quotes, or in back-quotes");
  if (token.kind != TokenKind::kNumber) return Unexpected(token, "a column name");
  return Unexpected(token, "a column name; one that does not begin with a letter stands in back-quotes");
}

absl::Status UnknownType(const Token& token) {
  if (token.kind != TokenKind::kWord) return Unexpected(token, Concat({"a type: ", kTypeList}));
  std::vector<std::string_view> names;
  names.reserve(kTypes.size());
  for (const TypeKind kind : kTypes) names.push_back(ToString(kind));
  return Unexpected(token, Concat({"a type: ", kTypeList, DidYouMean(Nearest(token.source, names))}));
}

}  // namespace

absl::StatusOr<std::vector<Column>> ColumnParser::ParseColumns() {
  std::vector<Column> columns;
  if (reader_.TakeSymbol(')')) return columns;
  if (absl::Status status = ParseList(columns, 0); !status.ok()) return status;
  return columns;
}

// At least one, up to and with ")".
absl::Status ColumnParser::ParseList(std::vector<Column>& columns, size_t depth) {
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
    if (!reader_.TakeSymbol(',') && !reader_.IsSymbol(')')) {
      return Unexpected(reader_.token(), "\",\" or \")\" after a column");
    }
  } while (!reader_.TakeSymbol(')'));
  return absl::OkStatus();
}

absl::StatusOr<Column> ColumnParser::ParseColumn(size_t depth) {
  Column column;
  if (absl::Status status = ParseColumnName(column); !status.ok()) return status;
  absl::StatusOr<ColumnType> type = ParseType(depth);
  if (!type.ok()) return type.status();
  column.type = *std::move(type);
  if (reader_.IsWord("DEFAULT")) {
    if (absl::Status status = ParseDefault(column, depth); !status.ok()) return status;
  }
  return column;
}

absl::Status ColumnParser::ParseColumnName(Column& column) {
  const Token& token = reader_.token();
  if (token.kind != TokenKind::kWord && token.kind != TokenKind::kName) return NoColumnName(token);
  const std::string_view name = Content(token);
  if (token.kind == TokenKind::kWord && !IsPlainColumnName(name)) {
    return Unexpected(token, "a column name of letters, digits, hyphens and underscores; others stand in back-quotes");
  }
  if (const std::optional<std::string> fault = FindColumnNameFault(name)) {
    return SyntaxError(token.position, Concat({"the column name ", Shown(name), " ", *fault}));
  }
  if (++column_count_ > kMostColumns) {
    return SyntaxError(token.position,
                       Concat({"more than ", std::to_string(kMostColumns), " columns, those of STRUCT included"}));
  }
  column.name = name;
  column.position = token.position;
  reader_.Step();
  return absl::OkStatus();
}

absl::StatusOr<TypeKind> ColumnParser::ParseTypeName() {
  for (const TypeKind kind : kTypes) {
    if (!reader_.IsWord(ToString(kind))) continue;
    reader_.Step();
    return kind;
  }
  return UnknownType(reader_.token());
}

absl::StatusOr<ColumnType> ColumnParser::ParseType(size_t depth) {
  const TextPosition position = reader_.token().position;
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

absl::Status ColumnParser::ParseInsideOfType(ColumnType& type, size_t depth) {
  const std::string expected = Concat({"\"(\" after ", ToString(type.kind)});
  if (absl::Status status = reader_.ExpectSymbol('(', expected); !status.ok()) return status;
  if (type.kind == TypeKind::kStruct) return ParseFields(type, depth);
  absl::StatusOr<ColumnType> element = ParseType(depth);
  if (!element.ok()) return element.status();
  type.element.push_back(*std::move(element));
  return reader_.ExpectSymbol(')', "\")\" after the type of the ARRAY's elements");
}

absl::Status ColumnParser::ParseFields(ColumnType& type, size_t depth) {
  std::vector<Column> columns;
  if (absl::Status status = ParseList(columns, depth); !status.ok()) return status;
  for (Column& column : columns) type.fields.push_back({std::move(column.name), std::move(column.type), {}});
  return absl::OkStatus();
}

absl::Status ColumnParser::ParseDefault(Column& column, size_t depth) {
  const TextPosition position = reader_.token().position;
  if (depth > 0) return SyntaxError(position, "a column of a STRUCT cannot have a DEFAULT");
  if (!TakesDefault(column.type.kind)) {
    return SyntaxError(position, Concat({"a column of type ", ToString(column.type.kind), " cannot have a DEFAULT"}));
  }
  reader_.Step();
  absl::StatusOr<DefaultValue> value = ReadDefault(column.type.kind, reader_.token());
  if (!value.ok()) return value.status();
  column.default_value = *std::move(value);
  reader_.Step();
  return absl::OkStatus();
}

absl::StatusOr<ColumnType> ParseColumnType(std::string_view text) {
  if (text.size() > kLongestStatement) {
    return SyntaxError({}, Concat({"the type has more than ", std::to_string(kLongestStatement), " bytes"}));
  }
  TokenReader reader(text);
  reader.Step();
  absl::StatusOr<ColumnType> type = ColumnParser(reader).ParseType();
  if (type.ok() && reader.token().kind != TokenKind::kEnd) {
    return Unexpected(reader.token(), "nothing after the type");
  }
  return type;
}

}  // namespace inlet::sql
