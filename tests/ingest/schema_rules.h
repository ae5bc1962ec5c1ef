// The rules of projection once more, in plain code that knows nothing of ours.
#ifndef INLET_TESTS_INGEST_SCHEMA_RULES_H_
#define INLET_TESTS_INGEST_SCHEMA_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "ingest/instant.h"
#include "ingest/schema.h"
#include "tests/ingest/json_tree.h"

namespace inlet::ingest {

// The only timestamp_format that the rules know.
constexpr const char* kOracleFormat = "yyyy-MM-dd HH:mm:ss";

class SchemaRules {
 public:
  // `schema` must outlive the rules.
  explicit SchemaRules(const Schema& schema) : schema_(schema) {}

  // Whether a string was read whose number nlohmann may judge otherwise.
  bool unsure() const { return unsure_; }

  // What a record of the schema says; nothing: it is a reject.
  std::optional<Tree> Record(const Tree& object) const;
  std::optional<Instant> EventTime(const Tree& object) const;

 private:
  std::optional<Tree> Struct(const std::vector<Column>& columns, const Tree& object, bool top) const;
  std::optional<Tree> Value(const ColumnType& type, const Tree& value) const;
  std::optional<Tree> Fit(const ColumnType& type, const Tree& value) const;
  std::optional<Tree> AsInteger(const Tree& value, bool time) const;
  std::optional<Tree> AsFloat(const Tree& value) const;
  std::optional<Tree> AsString(const Tree& value) const;
  std::optional<Tree> AsBoolean(const Tree& value) const;
  std::optional<Tree> Array(const ColumnType& element, const Tree& value) const;
  bool IsNumber(const std::string& text) const;
  bool IsTime(const std::string& text) const;

  const Schema& schema_;
  mutable bool unsure_ = false;
};

}  // namespace inlet::ingest

#endif  // INLET_TESTS_INGEST_SCHEMA_RULES_H_
