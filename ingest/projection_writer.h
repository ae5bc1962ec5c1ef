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
  void Begin(const CompiledSchema& schema, std::string_view text, uint32_t object, bool has_escapes);

  // Says that the record has a member: the structural places of its key, its value, and what is after it. The last one
  // of a key counts.
  void Place(const uint32_t* key, const uint32_t* value, const uint32_t* after) {
    PlaceMember(schema_->table(), places_.data(), key, value, after, guess_);
  }

  // The time that the column's value says as the record has it, or its default; as it was sent if the column is not
  // written. Nothing if it says none.
  std::optional<Instant> ReadTime(uint32_t column);
  // Makes it a mismatch that ReadTime gave nothing.
  void NoteNoTime(uint32_t column);

  // Appends the record's JSON to `out`. After another result than kWritten what was appended means nothing.
  Result Write(PaddedBuffer& out);

  // After kMismatch, or NoteNoTime. Valid while the schema is.
  const SchemaMismatch& mismatch() const { return mismatch_; }

 private:
  // `guess`: the column to expect; set to the one after that which was found.
  void PlaceMember(const ColumnTable& table, ValuePlace* places, const uint32_t* key, const uint32_t* value,
                   const uint32_t* after, uint32_t& guess);
  std::optional<Instant> ReadScalarTime(const CompiledColumn& compiled, ValuePlace place);
  uint32_t FindEscaped(const ColumnTable& table, std::string_view name);

  // Each writes what it is named for and returns the end of it; null: strict, and it does not fit. There is room.
  char* WriteTable(const ColumnTable& table, size_t first_place, size_t count, uint32_t position, char* out);
  char* WriteValue(const CompiledType& type, ValuePlace place, char* out);
  char* WriteCoerced(const CompiledType& type, const uint32_t* value, std::string_view scalar, char* out);
  char* WriteContainer(const CompiledType& type, ValuePlace place, char* out);
  char* WriteStruct(const ColumnTable& table, const uint32_t* open, char* out);
  char* WriteArray(const CompiledType& element, const uint32_t* open, char* out);
  char* WriteImpossible(const CompiledType& type, const uint32_t* value, char* out);
  char* Fail(SchemaMismatch mismatch);

  // The structural place after the value.
  const uint32_t* After(const uint32_t* value) const;
  char At(const uint32_t* place) const { return text_[*place]; }
  std::string_view TextOf(ValuePlace place) const { return Trimmed(*place.value, *place.after); }
  // From `begin` to the structural byte at `end`, without the whitespace before it.
  std::string_view Trimmed(uint32_t begin, uint32_t end) const {
    const char* last = text_ + end;
    while (static_cast<unsigned char>(last[-1]) <= ' ') --last;
    return {text_ + begin, static_cast<size_t>(last - text_) - begin};
  }

  const CompiledSchema* schema_ = nullptr;
  const char* text_ = nullptr;
  size_t text_size_ = 0;
  uint32_t object_ = 0;
  uint32_t guess_ = 0;
  const uint32_t* kept_ = nullptr;  // a value that ReadTime has found to stay as it is
  bool has_escapes_ = false;
  std::vector<ValuePlace> places_;  // of the record's columns; above them those of the objects that are being written
  Coercion coercion_;
  std::string key_;  // one with escapes
  SchemaMismatch mismatch_;
};

inline void ProjectionWriter::PlaceMember(const ColumnTable& table, ValuePlace* places, const uint32_t* key,
                                          const uint32_t* value, const uint32_t* after, uint32_t& guess) {
  const std::string_view quoted = Trimmed(*key, value[-1]);
  const std::string_view name(quoted.data() + 1, quoted.size() - 2);
  const uint32_t column = has_escapes_ ? FindEscaped(table, name) : table.Find(name, guess);
  if (column == ColumnTable::kNone) return;
  places[column] = {value, after};
  guess = column + 1;
}

}  // namespace inlet::ingest

#endif  // INLET_INGEST_PROJECTION_WRITER_H_
