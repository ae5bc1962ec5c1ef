// Walks entries that record_writer made. They are our own, so nothing is checked but by assertion.
#include "ingest/record_reader.h"

#include <cassert>

#include "ingest/wire.h"

namespace inlet::ingest {
namespace {

constexpr uint32_t kReceiveTimeField = 2;
constexpr uint32_t kConnectionField = 4;
constexpr uint32_t kFirstPayloadField = 5;

const char* ReadLength(const char* in, const char* end, uint64_t* length) {
  in = wire::ReadVarint(in, end, length);
  assert(in != nullptr && *length <= static_cast<uint64_t>(end - in));
  return in;
}

WallTime ReadTime(std::string_view time) {
  const char* in = time.data();
  const char* const end = in + time.size();
  uint64_t seconds = 0;
  uint64_t nanos = 0;
  while (in < end) {
    const bool is_seconds = static_cast<uint8_t>(*in) == wire::Tag(1, wire::Type::kVarint);
    in = wire::ReadVarint(in + 1, end, is_seconds ? &seconds : &nanos);
  }
  return WallTime(std::chrono::seconds(static_cast<int64_t>(seconds)) + std::chrono::nanoseconds(nanos));
}

}  // namespace

size_t EntrySize(std::string_view entries) {
  uint64_t length = 0;
  const char* const body = ReadLength(entries.data() + 1, entries.data() + entries.size(), &length);
  return static_cast<size_t>(body - entries.data()) + length;
}

size_t OffsetPosition(std::string_view entries) {
  uint64_t length = 0;
  const char* const body = wire::ReadVarint(entries.data() + 1, entries.data() + entries.size(), &length);
  return static_cast<size_t>(body - entries.data()) + 1;
}

RecordView ReadEntry(std::string_view entry) {
  RecordView record;
  const char* const end = entry.data() + entry.size();
  const char* const body = entry.data() + OffsetPosition(entry) - 1;
  record.offset = wire::ReadFixed64(body + 1);
  for (const char* in = body + 9; in < end;) {
    const char* const field_start = in;
    const uint32_t field = static_cast<uint8_t>(*in) >> 3U;
    uint64_t value = 0;
    in = wire::ReadVarint(in + 1, end, &value);
    if (field == kConnectionField) {
      record.connection = value;
      continue;
    }
    const std::string_view content(in, value);
    in += value;
    if (field == kReceiveTimeField) record.receive_time = ReadTime(content);
    if (field < kFirstPayloadField) continue;
    record.head = {body, static_cast<size_t>(field_start - body)};
    record.payload_field = field;
    record.payload = content;
    record.tail = {in, static_cast<size_t>(end - in)};
    break;
  }
  return record;
}

}  // namespace inlet::ingest
