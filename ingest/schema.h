// Which columns the records of a stream have, as plain values.
#ifndef INLET_INGEST_SCHEMA_H_
#define INLET_INGEST_SCHEMA_H_

#include <string>
#include <vector>

namespace inlet::ingest {

enum class ColumnKind { kBigint, kFloat, kString, kDatetime, kBoolean, kBytea, kArray, kStruct };

struct Column;

struct ColumnType {
  ColumnKind kind = ColumnKind::kString;
  std::vector<ColumnType> element;  // kArray: exactly one, the type of the elements; else empty
  std::vector<Column> fields;       // kStruct: at least one; else empty
  bool operator==(const ColumnType&) const;
};

struct Column {
  std::string name;  // as it stands in the JSON, escapes resolved
  ColumnType type;
  // The JSON text of the default; empty: there is none. Of a field of a STRUCT it is not used.
  std::string default_json;
  bool operator==(const Column&) const = default;
};

// Not defaulted: clang 14 crashes on a comparison that is defaulted outside its class.
inline bool ColumnType::operator==(const ColumnType& other) const {
  return kind == other.kind && element == other.element && fields == other.fields;
}

struct Schema {
  std::vector<Column> columns;   // none: records pass as they came
  bool strict = false;           // a value of another type, null, or a missing one without default is a reject
  std::string timestamp;         // the column that gives event_time; empty: none does
  std::string timestamp_format;  // empty: milliseconds since 1970, or RFC 3339
  bool operator==(const Schema&) const = default;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_SCHEMA_H_
