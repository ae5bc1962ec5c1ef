// The decoded view of stretches of logs, rendered once and shared by all who read it.
#ifndef INLET_INGEST_VIEW_CACHE_H_
#define INLET_INGEST_VIEW_CACHE_H_

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/data_view.h"
#include "ingest/record_log.h"

namespace inlet::ingest {

// Whole entries of the decoded view, kept alive by `owner`.
struct ViewBatch {
  std::shared_ptr<const void> owner;
  std::string_view entries;
  uint64_t next_offset = 0;  // of the record after the last one
  uint32_t source_end = 0;   // the same place in the source chunk, in bytes
};

// Find: any thread. Render: one thread, the one that delivers. Bounded by `max_bytes`: what was used least recently
// goes first; what is being written stays alive until it has been.
class ViewCache {
 public:
  static constexpr size_t kDefaultMaxBytes = 64U << 20;

  explicit ViewCache(size_t max_bytes = kDefaultMaxBytes) : max_bytes_(max_bytes) {}
  ViewCache(const ViewCache&) = delete;
  ViewCache& operator=(const ViewCache&) = delete;

  // The view of the beginning of `source`, at most `max_bytes` of it (one entry if that is larger). Nothing if its
  // first entry has not been rendered.
  std::optional<ViewBatch> Find(const Batch& source, uint32_t max_bytes);

  // Renders the beginning of `source`: up to its end, or to what is there already.
  void Render(const Batch& source);

  // Bytes held.
  size_t size() const;

 private:
  // Entries of the view back to back. Appended to in place; never moved, since writes in flight point into it.
  struct Part {
    Part(const Batch& source, size_t capacity_bytes);
    size_t Cost() const { return capacity + sizeof(Part) + sizeof(Mark); }

    struct Mark {
      uint32_t source = 0;
      size_t view = 0;
      uint64_t offset = 0;
    };
    const uint32_t source_begin;
    const size_t capacity;
    const std::unique_ptr<char[]> bytes;
    size_t size = 0;
    uint32_t source_end;
    uint64_t next_offset;
    std::vector<Mark> marks;
  };
  struct ChunkView {
    std::vector<std::shared_ptr<Part>> parts;  // by source_begin; they do not overlap
    std::list<uint64_t>::iterator used;
  };

  // All of these expect mutex_ to be held.
  static const std::shared_ptr<Part>* FindPart(const ChunkView& view, uint32_t source_byte);
  static ViewBatch Cut(const std::shared_ptr<Part>& part, const Batch& source, uint32_t max_bytes);
  std::optional<Batch> Missing(const Batch& source) const;
  void Insert(const Batch& source, std::string_view rendered);
  Part& PartFor(ChunkView& view, const Batch& source, size_t rendered_size);
  void EvictOverLimit();

  const size_t max_bytes_;
  DataView data_view_;    // rendering thread
  PaddedBuffer scratch_;  // rendering thread

  mutable std::mutex mutex_;
  std::unordered_map<uint64_t, ChunkView> chunks_;  // by LogChunk::id
  std::list<uint64_t> used_;                        // most recently used first
  size_t total_bytes_ = 0;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_VIEW_CACHE_H_
