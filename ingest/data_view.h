// The decoded view of records: the same entries, with google.protobuf.Struct instead of JSON text where it says the
// same.
#ifndef INLET_INGEST_DATA_VIEW_H_
#define INLET_INGEST_DATA_VIEW_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "ingest/padded_buffer.h"

namespace inlet::ingest {

// Not thread-safe: one for each rendering thread. Allocates nothing once it has seen a record as large.
class DataView {
 public:
  // Struct nested deeper than this comes as JSON: a client's parser gives up at 100 messages, of which a level needs
  // three.
  static constexpr uint32_t kMaxDepth = 30;
  // An entry larger than this once converted comes as JSON: a default gRPC client takes 4 MiB.
  static constexpr size_t kMaxEntryBytes = 3'500'000;

  DataView();
  ~DataView();
  DataView(const DataView&) = delete;
  DataView& operator=(const DataView&) = delete;

  // Appends to `out` one entry for each of `entries` (whole entries), in order, with the same offsets, times and
  // connections. The payload is `data` where it is exact, else the entry is copied as it is.
  // `readable_beyond`: how many bytes after the end of `entries` may be read (they need not be constant).
  void Render(std::string_view entries, size_t readable_beyond, PaddedBuffer& out);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_DATA_VIEW_H_
