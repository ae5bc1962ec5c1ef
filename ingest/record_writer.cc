// Encodes records as wire bytes: an entry is tag 1, the record's length, and its fields, of which the offset comes
// first.
#include "ingest/record_writer.h"

#include <algorithm>
#include <cstring>

#include "ingest/record_reader.h"
#include "ingest/wire.h"

namespace inlet::ingest {
namespace {

constexpr uint8_t kEntryTag = wire::Tag(1, wire::Type::kLength);
constexpr uint8_t kOffsetTag = wire::Tag(1, wire::Type::kFixed64);
constexpr uint8_t kReceiveTimeTag = wire::Tag(2, wire::Type::kLength);
constexpr uint8_t kEventTimeTag = wire::Tag(3, wire::Type::kLength);
constexpr uint8_t kConnectionTag = wire::Tag(4, wire::Type::kVarint);
constexpr uint8_t kJsonTag = wire::Tag(kJsonField, wire::Type::kLength);
constexpr uint8_t kCauseTag = wire::Tag(1, wire::Type::kVarint);
constexpr uint8_t kStartTimeTag = wire::Tag(4, wire::Type::kLength);
constexpr uint8_t kEndTimeTag = wire::Tag(5, wire::Type::kLength);
constexpr uint8_t kDetailTag = wire::Tag(6, wire::Type::kLength);
constexpr uint32_t kRejectField = 8;
constexpr uint8_t kReasonTag = wire::Tag(1, wire::Type::kVarint);
constexpr uint8_t kRejectDetailTag = wire::Tag(2, wire::Type::kLength);
constexpr uint8_t kByteOffsetTag = wire::Tag(3, wire::Type::kVarint);
constexpr uint8_t kIndexTag = wire::Tag(4, wire::Type::kVarint);
constexpr uint8_t kTextTag = wire::Tag(5, wire::Type::kLength);
constexpr uint8_t kBinaryTag = wire::Tag(6, wire::Type::kLength);
constexpr uint8_t kSizeTag = wire::Tag(7, wire::Type::kVarint);
constexpr uint8_t kSecondsTag = wire::Tag(1, wire::Type::kVarint);
constexpr uint8_t kNanosTag = wire::Tag(2, wire::Type::kVarint);

constexpr size_t kLargestTime = 2 + 11 + 6;
constexpr size_t kLargestHead = 9 + 2 * kLargestTime + 11;  // offset, times, connection
constexpr size_t kLargestLength = 10;
constexpr size_t kReservedLength = 2;

char* WriteTag(char* out, uint8_t tag) {
  *out++ = static_cast<char>(tag);
  return out;
}

char* WriteTime(char* out, uint8_t tag, Instant time) {
  out = WriteTag(out, tag);
  char* const length = out++;
  out = WriteTag(out, kSecondsTag);
  out = wire::WriteVarint(out, static_cast<uint64_t>(time.seconds));
  if (time.nanos > 0) {
    out = WriteTag(out, kNanosTag);
    out = wire::WriteVarint(out, time.nanos);
  }
  *length = static_cast<char>(out - length - 1);
  return out;
}

char* WriteTime(char* out, uint8_t tag, WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return WriteTime(out, tag,
                   Instant{seconds.time_since_epoch().count(), static_cast<uint32_t>((time - seconds).count())});
}

void AppendNumber(uint8_t tag, uint64_t value, PaddedBuffer& out) {
  char* const start = out.Grow(1 + kLargestLength);
  out.Advance(static_cast<size_t>(wire::WriteVarint(WriteTag(start, tag), value) - start));
}

void AppendBytes(uint8_t tag, std::string_view bytes, PaddedBuffer& out) {
  AppendNumber(tag, bytes.size(), out);
  out.Append(bytes);
}

size_t WriteHead(char* const out, const RecordHeader& header) {
  char* end = wire::WriteFixed64(WriteTag(out, kOffsetTag), 0);
  end = WriteTime(end, kReceiveTimeTag, header.receive_time);
  if (header.event_time) end = WriteTime(end, kEventTimeTag, *header.event_time);
  if (header.connection != 0) end = wire::WriteVarint(WriteTag(end, kConnectionTag), header.connection);
  return static_cast<size_t>(end - out);
}

// Writes `size` as a varint of at least the reserved width at `position`, moving what follows if it needs more room.
// Returns the width.
size_t PatchLength(size_t position, size_t size, PaddedBuffer& out) {
  const size_t width = std::max(kReservedLength, wire::VarintSize(size));
  if (const size_t extra = width - kReservedLength; extra > 0) {
    out.Grow(extra);
    char* const from = out.data() + position + kReservedLength;
    std::memmove(from + extra, from, out.size() - position - kReservedLength);
    out.Advance(extra);
  }
  wire::WritePaddedVarint(out.data() + position, size, width);
  return width;
}

}  // namespace

size_t AppendJsonEntry(const RecordHeader& header, std::string_view json, PaddedBuffer& out) {
  char head[kLargestHead];
  const size_t head_size = WriteHead(head, header);
  const std::string_view tail = header.origin_field;
  const size_t body = head_size + 1 + wire::VarintSize(json.size()) + json.size() + tail.size();
  char* const start = out.Grow(1 + kLargestLength + body);
  char* end = wire::WriteVarint(WriteTag(start, kEntryTag), body);
  std::memcpy(end, head, head_size);
  end = wire::WriteVarint(WriteTag(end + head_size, kJsonTag), json.size());
  std::memcpy(end, json.data(), json.size());
  const auto text = static_cast<size_t>(end - out.data());
  if (!tail.empty()) std::memcpy(end + json.size(), tail.data(), tail.size());
  out.Advance(static_cast<size_t>(end - start) + json.size() + tail.size());
  return text;
}

void AppendGapEntry(const RecordHeader& header, const SourceGap& gap, PaddedBuffer& out) {
  constexpr char kSourceDown = 1;  // Gap.Cause
  char head[kLargestHead];
  const EntryWriter entry = EntryWriter::Begin({head, WriteHead(head, header)}, kGapField, out);
  char* const start = out.Grow(2 + 2 * kLargestTime + 1 + kLargestLength + gap.detail.size());
  char* end = WriteTag(start, kCauseTag);
  *end++ = kSourceDown;
  end = WriteTime(end, kStartTimeTag, gap.start_time);
  end = WriteTime(end, kEndTimeTag, gap.end_time);
  end = wire::WriteVarint(WriteTag(end, kDetailTag), gap.detail.size());
  out.Advance(static_cast<size_t>(end - start));
  out.Append(gap.detail);
  entry.End(out);
}

void AppendRejectEntry(const RecordHeader& header, const Reject& reject, PaddedBuffer& out) {
  char head[kLargestHead];
  const EntryWriter entry = EntryWriter::Begin({head, WriteHead(head, header)}, kRejectField, out);
  const uint64_t size = std::max<uint64_t>(reject.size, reject.content.size());
  AppendNumber(kReasonTag, static_cast<uint64_t>(reject.reason), out);
  AppendBytes(kRejectDetailTag, reject.detail, out);
  AppendNumber(kByteOffsetTag, reject.byte_offset, out);
  if (reject.index) AppendNumber(kIndexTag, *reject.index, out);
  if (const RejectContent content = CutContent(reject); !content.bytes.empty() || size == 0) {
    AppendBytes(content.is_text ? kTextTag : kBinaryTag, content.bytes, out);
  }
  AppendNumber(kSizeTag, size, out);
  entry.End(out, header.origin_field);
}

EntryWriter EntryWriter::Begin(std::string_view head, uint32_t payload_field, PaddedBuffer& out) {
  EntryWriter entry;
  entry.start_ = out.size();
  char* end = WriteTag(out.Grow(1 + kReservedLength + head.size() + 1 + kReservedLength), kEntryTag) + kReservedLength;
  std::memcpy(end, head.data(), head.size());
  end = WriteTag(end + head.size(), wire::Tag(payload_field, wire::Type::kLength)) + kReservedLength;
  out.Advance(static_cast<size_t>(end - out.data()) - out.size());
  entry.payload_start_ = out.size();
  return entry;
}

EntryWriter EntryWriter::BeginJson(const RecordHeader& header, PaddedBuffer& out) {
  char head[kLargestHead];
  return Begin({head, WriteHead(head, header)}, kJsonField, out);
}

void EntryWriter::End(PaddedBuffer& out, std::string_view tail) const {
  PatchLength(payload_start_ - kReservedLength, out.size() - payload_start_, out);
  out.Append(tail);
  const size_t body = start_ + 1 + kReservedLength;
  PatchLength(start_ + 1, out.size() - body, out);
}

}  // namespace inlet::ingest
