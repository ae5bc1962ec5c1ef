// The log of one stream: appending, evicting and reading under one lock that is held for a copy at most.
#include "ingest/record_log.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "ingest/random.h"
#include "ingest/record_reader.h"
#include "ingest/wire.h"

namespace inlet::ingest {
namespace {

constexpr uint32_t kBytesBetweenMarks = 4U << 10;

std::atomic<uint64_t> g_next_chunk_id{1};

std::shared_ptr<MemoryGauge> OrNew(std::shared_ptr<MemoryGauge> gauge) {
  return gauge ? std::move(gauge) : std::make_shared<MemoryGauge>(0);
}

RecordLog::Options WithGauge(RecordLog::Options options) {
  options.gauge = OrNew(std::move(options.gauge));
  return options;
}

// A small log has small chunks, since bytes are evicted by the chunk.
uint32_t MaxChunkBytes(const RetentionLimits& retention) {
  const uint64_t eighth = retention.max_bytes == 0 ? RecordLog::kMaxChunkBytes : retention.max_bytes / 8;
  return static_cast<uint32_t>(std::clamp<uint64_t>(eighth, RecordLog::kMinChunkBytes, RecordLog::kMaxChunkBytes));
}

std::string_view EntryAt(const LogChunk& chunk, uint32_t byte) { return {chunk.bytes.get() + byte, chunk.size - byte}; }

uint32_t SizeAt(const LogChunk& chunk, uint32_t byte) { return static_cast<uint32_t>(EntrySize(EntryAt(chunk, byte))); }

WallTime TimeAt(const LogChunk& chunk, uint32_t byte) {
  return ReadEntry(EntryAt(chunk, byte).substr(0, SizeAt(chunk, byte))).receive_time;
}

}  // namespace

RecordLog::RecordLog(Options options)
    : options_(WithGauge(std::move(options))),
      retention_(options_.retention),
      max_chunk_bytes_(MaxChunkBytes(retention_)) {}

RecordLog::~RecordLog() = default;

void RecordLog::Append(std::string_view run, WallTime newest) {
  Readers readers;
  Dropped dropped;  // freed after the lock: that is slow
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || run.empty()) return;
    newest_ = std::max(newest_, newest);
    while (!run.empty()) {
      const size_t size = EntrySize(run);
      AppendEntry(run.substr(0, size));
      run.remove_prefix(size);
    }
    EvictOverLimits(dropped);
    readers.swap(waiting_);
  }
  Wake(std::move(readers));
}

void RecordLog::AppendEntry(std::string_view entry) {
  LogChunk& chunk = ChunkFor(entry);
  if (chunk.marks.empty() || chunk.size - chunk.marks.back().byte >= kBytesBetweenMarks) {
    chunk.marks.push_back({chunk.next_offset, chunk.size, chunk.newest});
  }
  char* const to = chunk.bytes.get() + chunk.size;
  std::memcpy(to, entry.data(), entry.size());
  wire::WriteFixed64(to + OffsetPosition(entry), next_offset_);
  chunk.size += static_cast<uint32_t>(entry.size());
  chunk.next_offset = ++next_offset_;
  chunk.newest = newest_;
  total_bytes_ += entry.size();
}

LogChunk& RecordLog::ChunkFor(std::string_view entry) {
  if (!chunks_.empty()) {
    LogChunk& last = back();
    if (last.capacity - last.size >= entry.size() && (entry.size() <= kOwnChunkBytes || last.size == 0)) return last;
    abandoned_bytes_ += last.capacity - last.size;
    const bool is_own = last.size > kOwnChunkBytes && last.next_offset - last.first_offset == 1;
    if (!is_own) ordinary_bytes_ = last.size;
  }
  const uint64_t id = g_next_chunk_id.fetch_add(1, std::memory_order_relaxed);
  auto chunk = std::make_shared<LogChunk>(id, next_offset_, NewChunkBytes(entry), options_.gauge);
  chunk->newest = newest_;
  chunks_.emplace_hint(chunks_.end(), next_offset_, std::move(chunk));
  return back();
}

uint32_t RecordLog::NewChunkBytes(std::string_view entry) const {
  const auto size = static_cast<uint32_t>(entry.size());
  // After a restart each log begins with a gap, and most have nothing else for long.
  if (next_offset_ == 1 && ReadEntry(entry).payload_field == kGapField) return size;
  // By what was used: between large records, small ones get small chunks.
  const uint32_t ordinary = std::clamp(2 * ordinary_bytes_, kMinChunkBytes, max_chunk_bytes_);
  return size > kOwnChunkBytes ? size : std::max(size, ordinary);
}

void RecordLog::DropFront(Dropped& dropped) {
  const ChunkPtr& oldest = dropped.emplace_back(std::move(chunks_.begin()->second));
  total_bytes_ -= oldest->size;
  if (chunks_.size() > 1) abandoned_bytes_ -= oldest->capacity - oldest->size;
  first_offset_ = std::max(first_offset_, oldest->next_offset);
  chunks_.erase(chunks_.begin());
}

void RecordLog::EvictOverLimits(Dropped& dropped) {
  const RetentionLimits& limits = retention_;
  while (limits.max_bytes > 0 && total_bytes_ + abandoned_bytes_ > limits.max_bytes && chunks_.size() > 1)
    DropFront(dropped);
  if (limits.max_records > 0 && next_offset_ - first_offset_ > limits.max_records) {
    MoveFirstTo(next_offset_ - limits.max_records, dropped);
  }
}

void RecordLog::MoveFirstTo(uint64_t offset, Dropped& dropped) {
  while (!chunks_.empty() && front().next_offset <= offset) DropFront(dropped);
  first_offset_ = std::max(first_offset_, offset);
}

void RecordLog::Sweep(WallTime now) {
  Dropped dropped;
  const std::lock_guard lock(mutex_);
  if (retention_.max_age.count() == 0) return;
  const WallTime oldest = now - retention_.max_age;
  while (!chunks_.empty() && front().newest < oldest) DropFront(dropped);
  if (chunks_.empty()) return;
  const LogChunk& first = front();
  uint64_t offset = std::max(first_offset_, first.first_offset);
  uint32_t byte = FindByte(first, offset);
  while (byte < first.size && TimeAt(first, byte) < oldest) {
    byte += SizeAt(first, byte);
    ++offset;
  }
  MoveFirstTo(offset, dropped);
}

void RecordLog::SetRetention(const RetentionLimits& retention) {
  Dropped dropped;  // freed after the lock: that is slow
  const std::lock_guard lock(mutex_);
  retention_ = retention;
  max_chunk_bytes_ = MaxChunkBytes(retention_);
  EvictOverLimits(dropped);
}

void RecordLog::SetState(SourceState state, std::string_view reason) {
  Readers readers;
  {
    const std::lock_guard lock(mutex_);
    if (state_.version > 0 && state_.state == state && state_.reason == reason) return;
    state_ = {state, std::string(reason), state_.version + 1};
    readers.swap(waiting_);
  }
  Wake(std::move(readers));
}

void RecordLog::Close(CloseReason reason) {
  Readers readers;
  Chunks freed;  // after the lock: freeing is slow
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
    close_reason_ = reason;
    if (reason == CloseReason::kStreamDeleted) {
      freed.swap(chunks_);
      first_offset_ = next_offset_;
      total_bytes_ = 0;
    }
    readers.swap(waiting_);
  }
  Wake(std::move(readers));
}

void RecordLog::Wake(Readers readers) const {
  if (!readers.empty() && options_.waker != nullptr) options_.waker->Wake(std::move(readers));
}

ReadResult RecordLog::ReadOrArm(Cursor& cursor, const ReadLimits& limits, const std::shared_ptr<LogReader>& reader) {
  using Outcome = ReadResult::Outcome;
  ReadResult result;
  const std::lock_guard lock(mutex_);
  result.close_reason = close_reason_;
  const bool has_more = cursor.offset < next_offset_;
  if (closed_ && (close_reason_ == CloseReason::kStreamDeleted || !has_more)) {
    result.outcome = Outcome::kClosed;
  } else if (cursor.offset < first_offset_) {
    result.outcome = Outcome::kEvicted;
    result.missing_first = cursor.offset;
    result.missing_last = first_offset_ - 1;
    cursor = {first_offset_, 0, 0};
  } else if (limits.seen_state != state_.version) {
    result.outcome = Outcome::kState;
  } else if (has_more) {
    result.outcome = Outcome::kRecords;
    result.batch = MakeBatch(cursor, limits);
  } else if (reader != nullptr) {
    waiting_.push_back(reader);
  }
  return result;
}

void RecordLog::Disarm(const LogReader& reader) {
  std::shared_ptr<LogReader> taken;  // released after the lock
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& r) { return r.get() == &reader; });
  if (found == waiting_.end()) return;
  taken = std::move(*found);
  *found = std::move(waiting_.back());
  waiting_.pop_back();
}

uint64_t RecordLog::OffsetSince(WallTime time) const {
  const std::lock_guard lock(mutex_);
  auto next =
      std::partition_point(chunks_.begin(), chunks_.end(), [&](const auto& c) { return c.second->newest < time; });
  // Mostly one chunk is walked; more only where the clock stepped back after a record that is no longer kept.
  for (; next != chunks_.end(); ++next) {
    const LogChunk& chunk = *next->second;
    const auto& marks = chunk.marks;
    const auto after = std::partition_point(marks.begin(), marks.end(), [&](const auto& m) { return m.newest < time; });
    const LogChunk::Mark& mark = after == marks.begin() ? marks.front() : *std::prev(after);
    uint64_t offset = mark.offset;
    for (uint32_t byte = mark.byte; byte < chunk.size; ++offset) {
      if (offset >= first_offset_ && TimeAt(chunk, byte) >= time) return offset;
      byte += SizeAt(chunk, byte);
    }
  }
  return next_offset_;
}

WallTime RecordLog::OldestTime(WallTime otherwise) const {
  const std::lock_guard lock(mutex_);
  if (first_offset_ == next_offset_) return otherwise;
  return TimeAt(front(), FindByte(front(), first_offset_));
}

LogBounds RecordLog::bounds() const {
  const std::lock_guard lock(mutex_);
  return {first_offset_, next_offset_, first_offset_ - 1, RetainedBytes()};
}

LogState RecordLog::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

WallTime RecordLog::last_record_time() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

const RecordLog::ChunkPtr& RecordLog::FindChunk(uint64_t offset) const {
  const ChunkPtr& last = chunks_.rbegin()->second;
  return last->first_offset <= offset ? last : std::prev(chunks_.upper_bound(offset))->second;  // mostly the last
}

uint32_t RecordLog::FindByte(const LogChunk& chunk, uint64_t offset) const {
  const auto after =
      std::partition_point(chunk.marks.begin(), chunk.marks.end(), [&](const auto& m) { return m.offset <= offset; });
  const LogChunk::Mark& mark = *std::prev(after);
  uint32_t byte = mark.byte;
  for (uint64_t at = mark.offset; at < offset; ++at) byte += SizeAt(chunk, byte);
  return byte;
}

Batch RecordLog::MakeBatch(const Cursor& cursor, const ReadLimits& limits) const {
  const ChunkPtr& chunk = FindChunk(cursor.offset);
  Batch batch{chunk, 0, 0, cursor.offset, chunk->next_offset};
  batch.begin = cursor.chunk_id == chunk->id ? cursor.byte : FindByte(*chunk, cursor.offset);
  batch.end = chunk->size;
  const uint64_t max_records = limits.max_records == 0 ? UINT64_MAX : limits.max_records;
  if (batch.end - batch.begin <= limits.max_bytes && batch.next_offset - batch.first_offset <= max_records)
    return batch;
  batch.end = batch.begin;
  batch.next_offset = batch.first_offset;
  while (batch.end < chunk->size && batch.next_offset - batch.first_offset < max_records) {
    const uint32_t size = SizeAt(*chunk, batch.end);
    if (batch.end > batch.begin && batch.end + size - batch.begin > limits.max_bytes) break;
    batch.end += size;
    ++batch.next_offset;
  }
  return batch;
}

uint64_t RecordLog::RetainedBytes() const {
  if (first_offset_ == next_offset_) return 0;
  return total_bytes_ - FindByte(front(), first_offset_);
}

std::string NewEpoch() {
  static constexpr std::string_view kLetters = "0123456789abcdefghjkmnpqrstvwxyz";
  static_assert(kLetters.size() == 32);
  std::string epoch;
  uint64_t bits = RandomBits();  // five for each letter
  for (int i = 0; i < 12; ++i, bits >>= 5U) epoch += kLetters[bits % kLetters.size()];
  return epoch;
}

}  // namespace inlet::ingest
