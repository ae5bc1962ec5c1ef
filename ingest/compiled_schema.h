// A schema made ready for the path of a record: columns are found by their key, and what is written is encoded.
#ifndef INLET_INGEST_COMPILED_SCHEMA_H_
#define INLET_INGEST_COMPILED_SCHEMA_H_

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/schema.h"
#include "ingest/time_format.h"

namespace inlet::ingest {

class ColumnTable;

struct CompiledType {
  ColumnKind kind = ColumnKind::kString;
  std::shared_ptr<const CompiledType> element;  // kArray
  std::shared_ptr<const ColumnTable> fields;    // kStruct
  const TimeFormat* format = nullptr;           // kDatetime: read beside RFC 3339; null: there is none
};

// A text after which ColumnTable::kPadding bytes may be read.
class PaddedText {
 public:
  PaddedText() = default;  // no text, and no bytes after it
  explicit PaddedText(std::string text);
  std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::string text_;
  size_t size_ = 0;
};

struct CompiledColumn {
  // 8 bytes after `key` must be readable.
  bool IsNamed(std::string_view other) const {
    uint64_t word = 0;
    std::memcpy(&word, other.data(), sizeof word);
    if ((word & first_mask) != first_word || other.size() != name.size()) return false;
    return other.size() <= sizeof word ||
           std::memcmp(other.data() + sizeof word, name.data() + sizeof word, other.size() - sizeof word) == 0;
  }

  std::string name;
  PaddedText key;  // "name": as it is written
  CompiledType type;
  PaddedText default_json;  // empty: there is none
  uint64_t first_word = 0;  // the first 8 bytes of the name, in memory's order; zeros after its end
  uint64_t first_mask = 0;  // ones where the name is
};

// The columns of a record or of a STRUCT.
class ColumnTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;
  // Bytes that may be read after a key that is looked up, and after CompiledColumn::key.
  static constexpr size_t kPadding = 32;

  // `format`: of DATETIME columns; outlives the table.
  ColumnTable(const std::vector<Column>& columns, const TimeFormat* format);

  const std::vector<CompiledColumn>& columns() const { return columns_; }

  // The most that keys, commas and defaults add to a record.
  size_t added_bytes() const { return added_bytes_; }

  // Index of the column, or kNone. `guess`: where the caller expects it; any number. kPadding bytes after `key` must be
  // readable.
  uint32_t Find(std::string_view key, uint32_t guess) const {
    if (guess < columns_.size() && columns_[guess].IsNamed(key)) return guess;
    return FindByHash(key);
  }

 private:
  uint32_t FindByHash(std::string_view key) const;

  std::vector<CompiledColumn> columns_;
  std::vector<uint32_t> slots_;  // open addressing: index of a column, or kNone; a power of two, half of it empty
  size_t added_bytes_ = 0;
};

// Immutable: any thread, shared by who needs it.
class CompiledSchema {
 public:
  static constexpr uint32_t kNoTimestamp = ColumnTable::kNone;

  // `schema` must have been checked: names of a level differ, defaults are JSON of their type, and
  // CheckTimestampFormat is OK with the format. Null if records pass as they came and have no event time.
  static std::shared_ptr<const CompiledSchema> Compile(const Schema& schema);

  explicit CompiledSchema(const Schema& schema);
  CompiledSchema(const CompiledSchema&) = delete;
  CompiledSchema& operator=(const CompiledSchema&) = delete;

  // All columns; if `timestamp` names none of the declared ones, it is one more, after them, which is not written.
  const ColumnTable& table() const { return *table_; }
  // How many of them are written. 0: records pass as they came.
  uint32_t written() const { return written_; }
  bool strict() const { return strict_; }
  // Index of the column that gives event_time, or kNoTimestamp.
  uint32_t timestamp() const { return timestamp_; }
  // How its text is read. Null: RFC 3339.
  const TimeFormat* timestamp_format() const { return format_ ? &*format_ : nullptr; }

 private:
  std::optional<TimeFormat> format_;
  std::shared_ptr<const ColumnTable> table_;
  uint32_t written_ = 0;
  uint32_t timestamp_ = kNoTimestamp;
  bool strict_ = false;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_COMPILED_SCHEMA_H_
