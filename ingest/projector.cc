// The text is copied to where simdjson may read beyond its end; its structure is walked once, which checks the grammar
// and notes where the columns' values are; then they are written.
#include "ingest/projector.h"

#include <cstring>

#include "ingest/json_string.h"
#include "ingest/json_walk.h"

namespace inlet::ingest {
namespace {

// A copy that one large message needed is freed after it.
constexpr size_t kLargestKeptBytes = 256U << 10;

static_assert(PaddedBuffer::kPadding >= ProjectionWriter::kPadding);
static_assert(PaddedBuffer::kPadding >= JsonStructure::kPadding);

}  // namespace

Projector::Outcome Projector::Append(const CompiledSchema& schema, std::string_view text, RecordHeader header,
                                     PaddedBuffer& out) {
  if (text_.capacity() > kLargestKeptBytes) text_ = PaddedBuffer();
  text_.Clear();
  text_.Append(text);
  const bool has_escapes = std::memchr(text.data(), '\\', text.size()) != nullptr;
  if (has_escapes && !EscapesAreValid(text)) return Outcome::kNoObject;
  if (!structure_.Find(text_.view()) || !FindMembers(schema, has_escapes)) return Outcome::kNoObject;
  if (!ReadEventTime(schema, header)) return Outcome::kMismatch;
  if (schema.written() == 0) {
    AppendJsonEntry(header, text, out);
    return Outcome::kRecord;
  }
  const EntryWriter entry = EntryWriter::BeginJson(header, out);
  const ProjectionWriter::Result result = writer_.Write(out);
  if (result == ProjectionWriter::Result::kWritten) {
    entry.End(out, header.origin_field);
    return Outcome::kRecord;
  }
  entry.Abandon(out);
  return result == ProjectionWriter::Result::kMismatch ? Outcome::kMismatch : Outcome::kTooLarge;
}

bool Projector::FindMembers(const CompiledSchema& schema, bool has_escapes) {
  writer_.Begin(schema, text_.view(), *structure_.begin(), has_escapes);
  JsonWalk walk(text_.data(), structure_.begin(), structure_.end());
  return walk.VisitObject(
      [this](const uint32_t* key, const uint32_t* value, const uint32_t* after) { writer_.Place(key, value, after); });
}

bool Projector::ReadEventTime(const CompiledSchema& schema, RecordHeader& header) {
  if (schema.timestamp() == CompiledSchema::kNoTimestamp) return true;
  header.event_time = writer_.ReadTime(schema.timestamp());
  if (header.event_time || !schema.strict()) return true;
  writer_.NoteNoTime(schema.timestamp());
  return false;
}

}  // namespace inlet::ingest
