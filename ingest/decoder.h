// Text message to records: an object is one, an array of objects is one each; what is neither is a reject.
#ifndef INLET_INGEST_DECODER_H_
#define INLET_INGEST_DECODER_H_

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "ingest/compiled_schema.h"
#include "ingest/padded_buffer.h"
#include "ingest/record_writer.h"
#include "ingest/reject.h"

namespace inlet::ingest {

struct DecodeResult {
  uint32_t records = 0;               // entries appended
  uint32_t rejects = 0;               // counted, all of them
  RejectCounts rejects_by_reason{};   // the same
  bool invalid_utf8 = false;          // then nothing was appended, and rejects is 1
  std::vector<Reject> first_rejects;  // at most Decoder::kMaxRejectsKept
};

// Not thread-safe: one for each loop. Allocates nothing for a message that is an object, once it has seen one as large.
class Decoder {
 public:
  static constexpr uint32_t kMaxRejectsKept = 16;
  static constexpr uint32_t kMaxRecordsPerMessage = 100'000;
  // What the records of one message may take, their origins and all: a small element can become a large record.
  static constexpr size_t kMaxBytesPerMessage = 64U << 20;
  static constexpr uint32_t kMaxDepth = 1024;

  Decoder();
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Appends to `out` an entry for each record of `text` (see record_writer.h), in order. Strict RFC 8259 and UTF-8; a
  // byte order mark is refused; numbers of any size pass, as the text they are; blank text is INVALID_JSON; `[]` is no
  // record and no reject. An array that is not valid JSON as a whole is one reject; an element that is no object is one
  // reject with its index, and its neighbours pass. From the record on that is too many, or that would take the
  // message's records above kMaxBytesPerMessage, all that would be records are TOO_LARGE.
  // With a `schema` (null: there is none) all this holds, and what would be a record is projected: see projector.h.
  DecodeResult Decode(std::string_view text, const RecordHeader& header, const CompiledSchema* schema,
                      PaddedBuffer& out);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_DECODER_H_
