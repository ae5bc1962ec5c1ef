// The decoded view of stretches of logs: one part grows with a log's live end, others cover what readers of history ask
// for.
#include "ingest/view_cache.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "ingest/record_reader.h"

namespace inlet::ingest {
namespace {

constexpr size_t kBytesBetweenMarks = 4U << 10;
constexpr size_t kMinPartBytes = 4U << 10;
constexpr size_t kMaxPartBytes = 256U << 10;
constexpr size_t kLargestScratch = 1U << 20;

size_t SizeAt(const char* entries, size_t readable) { return EntrySize({entries, readable}); }

}  // namespace

ViewCache::Part::Part(const Batch& source, size_t capacity_bytes)
    : source_begin(source.begin),
      capacity(capacity_bytes),
      bytes(new char[capacity_bytes]),
      source_end(source.begin),
      next_offset(source.first_offset) {}

std::optional<ViewBatch> ViewCache::Find(const Batch& source, uint32_t max_bytes) {
  const std::lock_guard lock(mutex_);
  const auto found = chunks_.find(source.chunk->id);
  if (found == chunks_.end()) return std::nullopt;
  const std::shared_ptr<Part>* const part = FindPart(found->second, source.begin);
  if (part == nullptr) return std::nullopt;
  used_.splice(used_.begin(), used_, found->second.used);
  return Cut(*part, source, max_bytes);
}

const std::shared_ptr<ViewCache::Part>* ViewCache::FindPart(const ChunkView& view, uint32_t source_byte) {
  const auto after = std::partition_point(view.parts.begin(), view.parts.end(),
                                          [&](const auto& part) { return part->source_begin <= source_byte; });
  if (after == view.parts.begin() || (*std::prev(after))->source_end <= source_byte) return nullptr;
  return &*std::prev(after);
}

ViewBatch ViewCache::Cut(const std::shared_ptr<Part>& part, const Batch& source, uint32_t max_bytes) {
  const auto mark = std::prev(std::partition_point(part->marks.begin(), part->marks.end(),
                                                   [&](const auto& m) { return m.source <= source.begin; }));
  const char* const view = part->bytes.get();
  const char* const chunk = source.chunk->bytes.get();
  size_t begin = mark->view;
  for (uint64_t offset = mark->offset; offset < source.first_offset; ++offset)
    begin += SizeAt(view + begin, part->size - begin);
  if (part->next_offset <= source.next_offset && part->size - begin <= max_bytes) {
    return {part, {view + begin, part->size - begin}, part->next_offset, part->source_end};
  }
  // Both walks together: an entry of the view is the same record as an entry of the source.
  const uint64_t last = std::min(part->next_offset, source.next_offset);
  size_t end = begin;
  uint32_t source_end = source.begin;
  uint64_t offset = source.first_offset;
  for (; offset < last; ++offset) {
    const size_t size = SizeAt(view + end, part->size - end);
    if (end > begin && end + size - begin > max_bytes) break;
    end += size;
    source_end += static_cast<uint32_t>(SizeAt(chunk + source_end, part->source_end - source_end));
  }
  return {part, {view + begin, end - begin}, offset, source_end};
}

void ViewCache::Render(const Batch& source) {
  std::optional<Batch> missing;
  {
    const std::lock_guard lock(mutex_);
    missing = Missing(source);
  }
  if (!missing) return;
  scratch_.Clear();
  // What lies beyond the source's end is being written by the loop: it must not be read.
  data_view_.Render(missing->entries(), source.end - missing->end, scratch_);
  Insert(*missing, scratch_.view());
  if (scratch_.capacity() > kLargestScratch) scratch_ = PaddedBuffer();
}

std::optional<Batch> ViewCache::Missing(const Batch& source) const {
  const auto found = chunks_.find(source.chunk->id);
  if (found == chunks_.end()) return source;
  if (FindPart(found->second, source.begin) != nullptr) return std::nullopt;
  const auto& parts = found->second.parts;
  const auto next = std::partition_point(parts.begin(), parts.end(),
                                         [&](const auto& part) { return part->source_begin <= source.begin; });
  if (next == parts.end() || (*next)->source_begin >= source.end) return source;
  Batch missing = source;
  missing.end = (*next)->source_begin;
  missing.next_offset = (*next)->marks.front().offset;
  return missing;
}

void ViewCache::Insert(const Batch& source, std::string_view rendered) {
  const std::lock_guard lock(mutex_);
  auto [found, is_new] = chunks_.try_emplace(source.chunk->id);
  if (is_new) found->second.used = used_.insert(used_.end(), source.chunk->id);
  used_.splice(used_.begin(), used_, found->second.used);
  Part& part = PartFor(found->second, source, rendered.size());
  if (part.marks.empty() || part.size - part.marks.back().view >= kBytesBetweenMarks) {
    part.marks.push_back({source.begin, part.size, source.first_offset});
  }
  std::memcpy(part.bytes.get() + part.size, rendered.data(), rendered.size());
  part.size += rendered.size();
  part.source_end = source.end;
  part.next_offset = source.next_offset;
  EvictOverLimit();
}

ViewCache::Part& ViewCache::PartFor(ChunkView& view, const Batch& source, size_t rendered_size) {
  const auto after = std::partition_point(view.parts.begin(), view.parts.end(),
                                          [&](const auto& part) { return part->source_begin <= source.begin; });
  // Small at first, since a reader may want one record in the middle of a chunk; doubled where parts follow each other.
  size_t capacity = std::min(kMinPartBytes, 2 * rendered_size);
  if (after != view.parts.begin()) {
    Part& before = **std::prev(after);
    if (before.source_end == source.begin) {
      if (before.capacity - before.size >= rendered_size) return before;
      capacity = std::min(kMaxPartBytes, before.capacity * 2);
    }
  }
  const auto part = view.parts.insert(after, std::make_shared<Part>(source, std::max(capacity, rendered_size)));
  total_bytes_ += (*part)->Cost();
  return **part;
}

void ViewCache::EvictOverLimit() {
  while (total_bytes_ > max_bytes_ && used_.size() > 1) {
    const auto found = chunks_.find(used_.back());
    for (const auto& part : found->second.parts) total_bytes_ -= part->Cost();
    chunks_.erase(found);
    used_.pop_back();
  }
}

size_t ViewCache::size() const {
  const std::lock_guard lock(mutex_);
  return total_bytes_;
}

}  // namespace inlet::ingest
