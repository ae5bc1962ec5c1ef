// Writes a parsed JSON object as the wire bytes of google.protobuf.Struct.
#ifndef INLET_INGEST_STRUCT_WRITER_H_
#define INLET_INGEST_STRUCT_WRITER_H_

#include <cstddef>
#include <cstdint>

#include "ingest/json_parser.h"
#include "ingest/padded_buffer.h"

namespace inlet::ingest {

enum class StructResult {
  kExact,
  // All that was seen is exact, but there are decimal numbers: only their text can tell (number_check.h).
  kHasDecimals,
  // As kHasDecimals, and one of them is zero as a double, which the text may not be.
  kHasZeroDecimals,
  // A number or a depth that Struct cannot carry, or more than `max_size` bytes. Nothing was appended.
  kImpossible,
};

struct StructLimits {
  uint32_t max_depth;  // levels of objects and lists, the outermost included
  size_t max_size;     // bytes
};

// Appends the encoding of the object at the root of `tape`, in one pass; `text_size`: of the JSON text that it came
// from.
StructResult AppendStruct(const JsonTape& tape, size_t text_size, const StructLimits& limits, PaddedBuffer& out);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_STRUCT_WRITER_H_
