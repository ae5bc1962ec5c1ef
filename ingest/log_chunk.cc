// Memory of a log, and the gauge that counts it.
#include "ingest/log_chunk.h"

#include <cstring>
#include <utility>

namespace inlet::ingest {
namespace {

constexpr size_t kReadableBeyond = 64;  // simdjson reads past the text that it parses

}  // namespace

LogChunk::LogChunk(uint64_t chunk_id, uint64_t offset, uint32_t capacity_bytes, std::shared_ptr<MemoryGauge> gauge)
    : id(chunk_id),
      first_offset(offset),
      capacity(capacity_bytes),
      bytes(new char[capacity_bytes + kReadableBeyond]),  // not value-initialized, on purpose
      next_offset(offset),
      gauge_(std::move(gauge)) {
  std::memset(bytes.get() + capacity, 0, kReadableBeyond);
  gauge_->fetch_add(capacity, std::memory_order_relaxed);
}

LogChunk::~LogChunk() { gauge_->fetch_sub(capacity, std::memory_order_relaxed); }

}  // namespace inlet::ingest
