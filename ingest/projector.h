// Messages to records of a schema: its columns, in their order, as their types write them.
#ifndef INLET_INGEST_PROJECTOR_H_
#define INLET_INGEST_PROJECTOR_H_

#include <cstdint>
#include <string_view>

#include "ingest/compiled_schema.h"
#include "ingest/json_structure.h"
#include "ingest/padded_buffer.h"
#include "ingest/projection_writer.h"
#include "ingest/record_writer.h"

namespace inlet::ingest {

// Not thread-safe; one for each loop. Allocates nothing for an object, once it has seen one as large.
class Projector {
 public:
  // A record with its schema is not larger: who sends a message of the largest size has some room for what conversion
  // adds.
  static constexpr size_t kMaxRecordBytes = ProjectionWriter::kMaxBytes;

  enum class Outcome {
    kRecord,    // an entry was appended
    kMismatch,  // strict: the record does not fit; see mismatch
    kTooLarge,  // larger than kMaxRecordBytes once converted
    kNoObject,  // `text` is not an object in strict JSON and UTF-8 of at most 1,024 levels
  };

  explicit Projector(JsonStructure& structure) : structure_(structure) {}

  // Appends to `out` an entry for the object `text`, whitespace around it allowed. The text as a whole is checked
  // before it is projected: nothing is kMismatch or kTooLarge that is not an object. What a key means is decided by its
  // last occurrence in an object. `header.event_time` is set from the schema's column.
  Outcome Append(const CompiledSchema& schema, std::string_view text, RecordHeader header, PaddedBuffer& out);

  // After kMismatch; its position is one in `text`. Valid until the next call, and while the schema is.
  const SchemaMismatch& mismatch() const { return writer_.mismatch(); }

 private:
  bool FindMembers(const CompiledSchema& schema, bool has_escapes);
  bool ReadEventTime(const CompiledSchema& schema, RecordHeader& header);

  JsonStructure& structure_;
  PaddedBuffer text_;  // of the object, with room to read after it
  ProjectionWriter writer_;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_PROJECTOR_H_
