// Writes the members of an object that was checked as the columns of a table.
#ifndef INLET_INGEST_PROJECTION_WRITER_H_
#define INLET_INGEST_PROJECTION_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/coercion.h"
#include "ingest/compiled_schema.h"
#include "ingest/padded_buffer.h"
#include "ingest/schema_mismatch.h"
#include "ingest/stream_spec.h"

namespace inlet::ingest {

// A value of the text: its structural place, and the one after it. Null: there is none.
struct ValuePlace {
  const uint32_t* value = nullptr;
  const uint32_t* after = nullptr;
};

// Not thread-safe. First Begin, then the members of the record by Place, then Write.
class ProjectionWriter {
 public:
  static constexpr size_t kMaxBytes = kLargestMaxMessageBytes;
  // Bytes that must be readable after the text.
  static constexpr size_t kPadding = 64;

  enum class Result { kWritten, kMismatch, kTooLarge };

  // `object`: where its bracket is in `text`. `has_escapes`: whether there is a backslash in the text.
  void Begin(const CompiledSchema& schema, const char* text, uint32_t object, bool has_escapes);

  // The column that the key at the structural places `key` to `colon` names, or kNone.
  uint32_t FindColumn(const ColumnTable& table, const uint32_t* key, const uint32_t* colon, uint32_t guess);
  // Says where the value of a column of the record is. The last one counts.
  void Place(uint32_t column, ValuePlace place) { places_[column] = place; }

  // The time that the value of a column of the record says, or its default; nothing if it says none.
  std::optional<Instant> ReadTime(uint32_t column);
  // Makes it a mismatch that ReadTime gave nothing.
  void NoteNoTime(uint32_t column);

  // Appends the record's JSON to `out`. After another result than kWritten what was appended means nothing.
  Result Write(PaddedBuffer& out);

  // After kMismatch, or NoteNoTime. Valid while the schema is.
  const SchemaMismatch& mismatch() const { return mismatch_; }

 private:
  bool WriteTable(const ColumnTable& table, size_t first_place, size_t count, size_t position);
  bool WriteColumn(const CompiledColumn& column, ValuePlace place, size_t position);
  bool WriteValue(const CompiledType& type, ValuePlace place);
  bool WriteContainer(const CompiledType& type, ValuePlace place);
  bool WriteStruct(const ColumnTable& table, const uint32_t* open);
  bool WriteArray(const CompiledType& element, const uint32_t* open);
  bool WriteImpossible(const CompiledType& type, const uint32_t* value);
  bool Fail(SchemaMismatch mismatch);
  void WriteEscaped(std::string_view json);

  std::string_view TextOf(ValuePlace place) const;
  const uint32_t* After(const uint32_t* value) const;
  char At(const uint32_t* place) const { return text_[*place]; }
  bool IsTooLarge();

  void Room(size_t size);
  void Byte(char byte) { *end_++ = byte; }
  void Copy(std::string_view padded);

  const CompiledSchema* schema_ = nullptr;
  const char* text_ = nullptr;
  uint32_t object_ = 0;
  bool has_escapes_ = false;
  std::vector<ValuePlace> places_;  // of the record's columns; above them those of the objects that are being written
  Coercion coercion_;
  std::string key_;  // one with escapes
  SchemaMismatch mismatch_;

  PaddedBuffer* out_ = nullptr;
  size_t start_ = 0;  // of the record in out_
  char* end_ = nullptr;
  char* limit_ = nullptr;
  bool too_large_ = false;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_PROJECTION_WRITER_H_
