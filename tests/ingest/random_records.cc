// About half of the values fit their column; keys, blanks and the order of members vary.
#include "tests/ingest/random_records.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/ingest/schema_rules.h"

namespace inlet::ingest {

Schema RandomRecords::NewSchema() {
  Schema schema;
  if (!OneIn(12)) schema.columns = Columns(0);
  schema.strict = OneIn(3);
  if (OneIn(3))
    schema.timestamp = OneIn(4) || schema.columns.empty()
                           ? "ts"
                           : schema.columns[Below(static_cast<uint32_t>(schema.columns.size()))].name;
  if (OneIn(3)) schema.timestamp_format = kOracleFormat;
  return schema;
}

std::vector<Column> RandomRecords::Columns(uint32_t depth) {
  std::vector<std::string> names = {"a",
                                    "b",
                                    "id",
                                    "ts",
                                    "key",
                                    "",
                                    "\u00e9",
                                    "quote\"",
                                    "device_temperature_1",
                                    "device_temperature_2",
                                    "eight_by",
                                    "device_temperature",
                                    "\U0001F600",
                                    "tab\t"};
  std::shuffle(names.begin(), names.end(), random_);
  std::vector<Column> columns(1 + Below(depth == 0 ? 8 : 3));
  for (size_t i = 0; i < columns.size(); ++i) {
    columns[i].name = names[i];
    columns[i].type = Type(depth);
    const bool scalar = columns[i].type.kind != ColumnKind::kArray && columns[i].type.kind != ColumnKind::kStruct;
    if (depth == 0 && scalar && OneIn(4))
      columns[i].default_json = OneIn(2) ? "\"2026-11-29T12:00:00Z\"" : "1795953600123";
  }
  return columns;
}

ColumnType RandomRecords::Type(uint32_t depth) {
  const auto kind = static_cast<ColumnKind>(Below(depth < 3 ? 8 : 6));
  ColumnType type{kind, {}, {}};
  if (kind == ColumnKind::kArray) type.element = {Type(depth + 1)};
  if (kind == ColumnKind::kStruct) type.fields = Columns(depth + 1);
  return type;
}

std::string RandomRecords::Message(const Schema& schema) {
  if (!OneIn(10)) return Space() + Object(schema.columns) + Space();
  std::string text = "[";
  for (uint32_t i = Below(4); i > 0; --i) text += (OneIn(8) ? AnyValue(0) : Object(schema.columns)) + Space() + ",";
  return text + Object(schema.columns) + "]";
}

std::string RandomRecords::Object(const std::vector<Column>& columns) {
  std::vector<std::string> members;
  for (const Column& column : columns) {
    if (!OneIn(6)) members.push_back(Key(column.name) + Space() + ":" + Space() + ValueOf(column.type));
    if (OneIn(15)) members.push_back(Key(column.name) + ":" + AnyValue(0));
  }
  if (OneIn(3)) members.push_back("\"ts\":" + AnyValue(0));
  for (uint32_t i = Below(3); i > 0; --i) members.push_back(Key(OneIn(2) ? "other" : "a") + ":" + AnyValue(0));
  if (OneIn(2)) std::shuffle(members.begin(), members.end(), random_);
  std::string text = "{" + Space();
  for (size_t i = 0; i < members.size(); ++i) text += (i > 0 ? "," : "") + Space() + members[i] + Space();
  return text + "}";
}

std::string RandomRecords::Key(std::string_view name) {
  std::string text = nlohmann::json(name).dump(-1, ' ', OneIn(8));
  if (!OneIn(10) || name.empty() || name[0] < 'a' || name[0] > 'z') return text;
  constexpr std::string_view kHex = "0123456789abcdef";
  const size_t first = static_cast<unsigned char>(name[0]);
  return std::string("\"\\u00") + kHex[first / 16] + kHex[first % 16] + text.substr(2);
}

std::string RandomRecords::ValueOf(const ColumnType& type) {
  if (OneIn(6)) return AnyValue(0);
  switch (type.kind) {
    case ColumnKind::kBigint:
    case ColumnKind::kFloat:
      return OneIn(8) ? "\"" + Number() + "\"" : Number();
    case ColumnKind::kBoolean:
      return OneIn(2) ? "true" : "false";
    case ColumnKind::kArray: {
      std::string text = "[";
      const uint32_t count = Below(4);
      for (uint32_t i = 0; i < count; ++i) text += (i > 0 ? "," : "") + Space() + ValueOf(type.element[0]) + Space();
      return text + Space() + "]";
    }
    case ColumnKind::kStruct:
      return Object(type.fields);
    default:
      return OneIn(5) ? Number() : Text();
  }
}

std::string RandomRecords::AnyValue(uint32_t depth) {
  switch (Below(depth > 3 ? 5 : 7)) {
    case 0:
      return "null";
    case 1:
      return OneIn(2) ? "true" : "false";
    case 2:
    case 3:
      return Number();
    case 4:
      return Text();
    case 5:
      return "[" + AnyValue(depth + 1) + Space() + "," + AnyValue(depth + 1) + "]";
    default:
      return "{" + Space() + "\"b\":" + AnyValue(depth + 1) + "}";
  }
}

std::string RandomRecords::Number() {
  static const std::vector<std::string> kOdd = {"0",
                                                "-0",
                                                "1",
                                                "-1",
                                                "0.0",
                                                "1.0",
                                                "10e-1",
                                                "5e3",
                                                "1.5",
                                                "1e18",
                                                "1e19",
                                                "-0.0",
                                                "9223372036854775807",
                                                "9223372036854775808",
                                                "-9223372036854775808",
                                                "-9223372036854775809",
                                                "922337203685477580.7e1",
                                                "922337203685477580.8e1",
                                                "18446744073709551616",
                                                "0e99",
                                                "1795953600123",
                                                "253402300799999",
                                                "253402300799999.9999999",
                                                "1795953600123.25",
                                                "1.7959536001235e12",
                                                "-62135596800000.000001",
                                                "253402300800000",
                                                "-62135596800000",
                                                "-62135596800001",
                                                "999999999999999999",
                                                "1000000000000000000"};
  if (OneIn(2)) return kOdd[Below(static_cast<uint32_t>(kOdd.size()))];
  std::string digits = std::to_string(random_() >> Below(64));
  if (OneIn(4)) digits.insert(0, "-");
  if (OneIn(4)) digits += "." + std::to_string(Below(1000));
  if (OneIn(6)) digits += (OneIn(2) ? "e" : "E-") + std::to_string(Below(25));
  return digits;
}

std::string RandomRecords::Text() {
  static const std::vector<std::string> kTexts = {"",
                                                  "x",
                                                  "a\\nb",
                                                  "\\u00e9",
                                                  "\\\"",
                                                  "true",
                                                  "false",
                                                  "TRUE",
                                                  "5",
                                                  "5.0",
                                                  "-7",
                                                  "1795953600123",
                                                  "1795953600123.5",
                                                  " 5",
                                                  "05",
                                                  "NaN",
                                                  "QUJD",
                                                  "QQ==",
                                                  "Q===",
                                                  "+\\/8=",
                                                  "2026-11-29T12:00:00Z",
                                                  "2026-11-29 12:00:00",
                                                  "2026-02-29T12:00:00Z",
                                                  "2016-12-31T23:59:60+01:00",
                                                  "0001-01-01T00:00:00.5+00:01",
                                                  "2026-11-29t12:00:00.123456789123z",
                                                  "2026-11-29T12:00:00\\u005a",
                                                  "9999-12-31 23:59:59",
                                                  "{",
                                                  "a long text that is copied in more than one step, and then some",
                                                  "\\ud83d\\ude00",
                                                  "\u00e9"};
  return "\"" + kTexts[Below(static_cast<uint32_t>(kTexts.size()))] + "\"";
}

std::string RandomRecords::Space() { return OneIn(6) ? std::string(1 + Below(2), " \n\r\t"[Below(4)]) : ""; }

}  // namespace inlet::ingest
