// Encodes records as the wire bytes of the contract: an entry is what `repeated Record records = 1` takes in a
// response.
#ifndef INLET_INGEST_RECORD_WRITER_H_
#define INLET_INGEST_RECORD_WRITER_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "ingest/instant.h"
#include "ingest/loop.h"
#include "ingest/padded_buffer.h"
#include "ingest/reject.h"

namespace inlet::ingest {

// What an entry says beside its payload. The offset is set when a log takes the entry.
struct RecordHeader {
  WallTime receive_time;
  uint64_t connection = 0;
  std::optional<Instant> event_time = {};
  std::string_view origin_field = {};  // as EncodeOriginField; stands after the payload; empty: none
};

// Appends an entry with offset 0 and payload `json`. Returns where the JSON text begins in `out`.
size_t AppendJsonEntry(const RecordHeader& header, std::string_view json, PaddedBuffer& out);

// The source was away between the records before and after this one: Gap{SOURCE_DOWN} of the contract.
struct SourceGap {
  WallTime start_time;
  WallTime end_time;
  std::string_view detail;  // UTF-8
};

// Appends an entry with offset 0 and payload `gap`.
void AppendGapEntry(const RecordHeader& header, const SourceGap& gap, PaddedBuffer& out);

// Appends an entry with offset 0 and payload `reject`: at most kMaxRejectContentBytes of its content.
void AppendRejectEntry(const RecordHeader& header, const Reject& reject, PaddedBuffer& out);

// An entry whose payload is written piece by piece: Begin, append the payload's bytes to `out`, End.
// `payload_field`: number of the payload's field in Record, at most 15. Between the two calls only append to `out`.
class EntryWriter {
 public:
  // `head`: the record's fields before the payload, encoded (a whole number of fields, beginning with the offset).
  static EntryWriter Begin(std::string_view head, uint32_t payload_field, PaddedBuffer& out);
  // The same for a record of ours with offset 0 and a payload `json`.
  static EntryWriter BeginJson(const RecordHeader& header, PaddedBuffer& out);
  // Closes the entry: lengths are written in front of it, moving the bytes if they need more room than was reserved.
  // `tail`: the record's fields after the payload, encoded.
  void End(PaddedBuffer& out, std::string_view tail = {}) const;
  // Takes the entry back.
  void Abandon(PaddedBuffer& out) const { out.Truncate(start_); }

 private:
  size_t start_ = 0;
  size_t payload_start_ = 0;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_RECORD_WRITER_H_
