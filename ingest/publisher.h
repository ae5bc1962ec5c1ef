// The scratch of a loop: decodes messages into a run of entries and gives runs to their log.
#ifndef INLET_INGEST_PUBLISHER_H_
#define INLET_INGEST_PUBLISHER_H_

#include <cstddef>
#include <memory>

#include "ingest/decoder.h"
#include "ingest/padded_buffer.h"
#include "ingest/record_log.h"
#include "ingest/record_writer.h"
#include "ingest/source.h"

namespace inlet::ingest {

// Loop thread only; one for each loop. What it has not published yet is at most 64 KiB and what
// one message may become (Decoder::kMaxBytesPerMessage).
class Publisher {
 public:
  static constexpr size_t kPublishBytes = 64U << 10;
  // A scratch that grew beyond this for one message is freed after it.
  static constexpr size_t kLargestKeptBytes = 4 * kPublishBytes;

  // Decodes `message` for `log`, by `schema` (null: there is none). Publishes first if the scratch holds records of
  // another log, afterwards if it is full.
  DecodeResult Write(const std::shared_ptr<RecordLog>& log, const Message& message, const CompiledSchema* schema);

  // Notes for `log`, after what was written before, that its source was away. Publishes as Write does.
  void WriteGap(const std::shared_ptr<RecordLog>& log, const RecordHeader& header, const SourceGap& gap);

  // Gives the run to its log. Called before and after the loop polls, before each close frame that Inlet sends, so that
  // who sees the frame finds what came before it, and before a stream stops.
  void Publish();

 private:
  void BeginFor(const std::shared_ptr<RecordLog>& log, WallTime receive_time);

  Decoder decoder_;
  PaddedBuffer run_;
  std::shared_ptr<RecordLog> log_;
  WallTime newest_{};
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_PUBLISHER_H_
