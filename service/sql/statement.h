// A parsed CREATE STREAM statement, as plain data, with the place of everything that a later check may complain about.
#ifndef INLET_SERVICE_SQL_STATEMENT_H_
#define INLET_SERVICE_SQL_STATEMENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ingest/schema.h"

namespace inlet::sql {

// Both from 1. Columns count characters, not bytes.
struct TextPosition {
  size_t line = 1;
  size_t column = 1;
};

// Bytes [begin, end) of the statement's text.
struct ByteRange {
  size_t begin = 0;
  size_t end = 0;
};

using TypeKind = ingest::ColumnKind;
using ingest::ColumnType;

// bool for BOOLEAN, int64 for BIGINT, double for FLOAT, text for STRING; int64 (milliseconds) or text for DATETIME. No
// other type has a default.
using DefaultValue = std::variant<bool, int64_t, double, std::string>;

// Of the stream itself; the columns of a STRUCT are part of its type.
struct Column {
  std::string name;
  ColumnType type;
  std::optional<DefaultValue> default_value;
  TextPosition position;
};

enum class OptionName {
  kDatasource,  // also written ENDPOINT
  kType,
  kFormat,
  kConfKey,
  kStrictValidation,  // bool
  kTimestamp,
  kTimestampFormat,
  kExtra,
  kRetainSize,  // uint64
  kShared,      // bool
  kKey,
};

// bool for STRICT_VALIDATION and SHARED (also if written "true"), uint64 for RETAIN_SIZE, text with escapes resolved
// for all else.
using OptionValue = std::variant<std::string, bool, uint64_t>;

struct Option {
  OptionName name = OptionName::kDatasource;
  OptionValue value;
  // Of the option's name, and of its value.
  TextPosition position;
  TextPosition value_position;
  // Of the value as it was written, quotes included: what RewriteValues (printer.h) replaces.
  ByteRange value_range;
};

struct CreateStream {
  std::string name;
  TextPosition name_position;
  // Empty: no schema.
  std::vector<Column> columns;
  // As written, each at most once.
  std::vector<Option> options;
  // Their bytes, marks included, in order. That of -- ends before the line does.
  std::vector<ByteRange> comments;
};

// As it is written in statements: "STRICT_VALIDATION", "BIGINT".
std::string_view ToString(OptionName name);
std::string_view ToString(TypeKind kind);

// Null if the statement does not have it.
const Option* FindOption(const CreateStream& statement, OptionName name);

// The text of an option whose value is text, "" if the statement does not have it.
std::string_view OptionText(const CreateStream& statement, OptionName name);

// "line 1, column 15": the context to give errors about what the statement says (AddContext of ingest/error.h).
std::string ToString(const TextPosition& position);

}  // namespace inlet::sql

#endif  // INLET_SERVICE_SQL_STATEMENT_H_
