// Schemas and messages that nobody thought of, from a seed.
#ifndef INLET_TESTS_INGEST_RANDOM_RECORDS_H_
#define INLET_TESTS_INGEST_RANDOM_RECORDS_H_

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/schema.h"

namespace inlet::ingest {

// Makes up schemas, and messages that fit them more or less.
class RandomRecords {
 public:
  explicit RandomRecords(uint64_t seed) : random_(seed) {}

  Schema NewSchema();
  // An object, or now and then an array of them.
  std::string Message(const Schema& schema);

 private:
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>(random_() % bound); }
  bool OneIn(uint32_t count) { return Below(count) == 0; }
  ColumnType Type(uint32_t depth);
  std::vector<Column> Columns(uint32_t depth);
  std::string Object(const std::vector<Column>& columns);
  std::string Key(std::string_view name);
  std::string ValueOf(const ColumnType& type);
  std::string AnyValue(uint32_t depth);
  std::string Number();
  std::string Text();
  std::string Space();

  std::mt19937_64 random_;
};

}  // namespace inlet::ingest

#endif  // INLET_TESTS_INGEST_RANDOM_RECORDS_H_
