// Memory of a log: chunks of entries, places in them, and batches that keep them alive.
#ifndef INLET_INGEST_LOG_CHUNK_H_
#define INLET_INGEST_LOG_CHUNK_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "ingest/loop.h"

namespace inlet::ingest {

// Bytes of all chunks that exist, those that are evicted but still pinned by a reader's write included.
using MemoryGauge = std::atomic<int64_t>;

// A stretch of memory with entries. What is below the size that a Batch was given never changes.
struct LogChunk {
  LogChunk(uint64_t chunk_id, uint64_t offset, uint32_t capacity_bytes, std::shared_ptr<MemoryGauge> gauge);
  ~LogChunk();
  LogChunk(const LogChunk&) = delete;
  LogChunk& operator=(const LogChunk&) = delete;

  // Where an entry begins, noted every few KiB, so that a look-up walks only so far.
  struct Mark {
    uint64_t offset = 0;
    uint32_t byte = 0;
    WallTime newest;  // running maximum of receive_time before this entry
  };

  const uint64_t id;  // unique in the process
  const uint64_t first_offset;
  const uint32_t capacity;
  const std::unique_ptr<char[]> bytes;  // capacity and 64 more, so that a parser may read past the end

  // Guarded by the log's mutex.
  uint32_t size = 0;
  uint64_t next_offset;
  WallTime newest;  // running maximum of receive_time, up to the end of this chunk
  std::vector<Mark> marks;

 private:
  const std::shared_ptr<MemoryGauge> gauge_;
};

// A place in the log: the next entry to read. The rest is a hint that makes finding it quick; it pins nothing.
struct Cursor {
  uint64_t offset = 1;
  uint64_t chunk_id = 0;
  uint32_t byte = 0;
};

// Whole entries of one chunk, kept alive by `chunk`.
struct Batch {
  std::shared_ptr<const LogChunk> chunk;
  uint32_t begin = 0;  // bytes in the chunk
  uint32_t end = 0;
  uint64_t first_offset = 0;
  uint64_t next_offset = 0;

  std::string_view entries() const { return {chunk->bytes.get() + begin, end - begin}; }
  Cursor Next() const { return {next_offset, chunk->id, end}; }
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_LOG_CHUNK_H_
