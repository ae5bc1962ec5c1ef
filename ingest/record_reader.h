// Walks entries that record_writer made: borders, offsets, times and payloads, without the generated classes.
#ifndef INLET_INGEST_RECORD_READER_H_
#define INLET_INGEST_RECORD_READER_H_

#include <cstdint>
#include <string_view>

#include "ingest/loop.h"

namespace inlet::ingest {

// Numbers of payload fields in Record.
inline constexpr uint32_t kJsonField = 5;
inline constexpr uint32_t kGapField = 7;

// What an entry holds. The views point into the entry.
struct RecordView {
  std::string_view head;  // the fields before the payload, encoded
  uint64_t offset = 0;
  WallTime receive_time;
  uint64_t connection = 0;
  uint32_t payload_field = 0;
  std::string_view payload;
  std::string_view tail;  // the fields after the payload, encoded
};

// Size in bytes of the entry at the beginning of `entries`, which must be whole entries and not empty.
size_t EntrySize(std::string_view entries);

// Where the 8 bytes of the offset lie in the entry at the beginning of `entries`.
size_t OffsetPosition(std::string_view entries);

// Reads one whole entry.
RecordView ReadEntry(std::string_view entry);

}  // namespace inlet::ingest

#endif  // INLET_INGEST_RECORD_READER_H_
