// Protobuf's wire format by hand: only as much of it as counting needs.
#include "bench/read/wire_walker.h"

#include <cstring>

#include "bench/common/message.h"

namespace inlet::bench {
namespace {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

constexpr uint64_t kRecordsField = 1;  // SubscribeResponse.records
constexpr uint64_t kNoticeField = 2;   // SubscribeResponse.notice
constexpr uint64_t kOffsetField = 1;   // Record.offset
constexpr uint64_t kStartedField = 1;  // Notice.started
constexpr uint64_t kGapField = 3;      // Notice.gap
constexpr uint64_t kEndingField = 5;   // Notice.ending
constexpr int kMostVarintBytes = 10;

struct Field {
  uint64_t number = 0;
  uint64_t value = 0;      // of a varint or fixed number
  std::string_view bytes;  // of a length-delimited one
};

bool ReadVarint(std::string_view* wire, uint64_t* value) {
  *value = 0;
  for (int i = 0; i < kMostVarintBytes && !wire->empty(); ++i) {
    const auto byte = static_cast<uint8_t>(wire->front());
    wire->remove_prefix(1);
    *value |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) return true;
  }
  return false;
}

bool ReadFixed(std::string_view* wire, size_t size, uint64_t* value) {
  if (wire->size() < size) return false;
  *value = 0;
  std::memcpy(value, wire->data(), size);
  wire->remove_prefix(size);
  return true;
}

bool ReadBytes(std::string_view* wire, std::string_view* bytes) {
  uint64_t size = 0;
  if (!ReadVarint(wire, &size) || wire->size() < size) return false;
  *bytes = wire->substr(0, size);
  wire->remove_prefix(size);
  return true;
}

bool ReadField(std::string_view* wire, Field* field) {
  uint64_t tag = 0;
  if (!ReadVarint(wire, &tag)) return false;
  field->number = tag >> 3;
  switch (static_cast<WireType>(tag & 7)) {
    case WireType::kVarint:
      return ReadVarint(wire, &field->value);
    case WireType::kFixed64:
      return ReadFixed(wire, 8, &field->value);
    case WireType::kLength:
      return ReadBytes(wire, &field->bytes);
    case WireType::kFixed32:
      return ReadFixed(wire, 4, &field->value);
  }
  return false;
}

// The offset comes first in what Inlet writes, so that this loop ends at once.
bool FindOffset(std::string_view record, uint64_t* offset) {
  Field field;
  while (!record.empty()) {
    if (!ReadField(&record, &field)) return false;
    if (field.number != kOffsetField) continue;
    *offset = field.value;
    return true;
  }
  *offset = 0;
  return true;
}

bool WalkNotice(std::string_view notice, Notices* notices) {
  Field field;
  while (!notice.empty()) {
    if (!ReadField(&notice, &field)) return false;
    notices->started |= field.number == kStartedField;
    notices->gap |= field.number == kGapField;
    notices->ending |= field.number == kEndingField;
  }
  return true;
}

}  // namespace

void OffsetCheck::See(uint64_t offset) {
  ++records;
  if (offset <= last) {
    ++backwards;
    return;
  }
  if (last != 0) missing += offset - last - 1;
  last = offset;
}

void AddLatency(std::string_view record, StampSink* stamps) {
  const auto stamp = FindStamp(record);
  if (!stamp.has_value() || *stamp == 0 || *stamp > stamps->now) {
    ++stamps->without_stamp;
    return;
  }
  stamps->latency_nanos->Add(stamps->now - *stamp);
}

bool WalkResponse(std::string_view response, OffsetCheck* offsets, Notices* notices, StampSink* stamps) {
  Field field;
  while (!response.empty()) {
    if (!ReadField(&response, &field)) return false;
    if (field.number == kNoticeField && !WalkNotice(field.bytes, notices)) return false;
    if (field.number != kRecordsField) continue;
    uint64_t offset = 0;
    if (!FindOffset(field.bytes, &offset)) return false;
    offsets->See(offset);
    if (stamps->latency_nanos != nullptr) AddLatency(field.bytes, stamps);
  }
  return true;
}

}  // namespace inlet::bench
