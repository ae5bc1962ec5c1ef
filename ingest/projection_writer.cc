// The text is valid JSON and its structure is known, so nothing is checked but what the types ask for. Recursion is as
// deep as the schema.
#include "ingest/projection_writer.h"

#include <cstring>
#include <utility>

#include "ingest/json_string.h"

namespace inlet::ingest {
namespace {

constexpr size_t kCopiedAtOnce = 32;
constexpr std::string_view kNull = "null";
static_assert(kCopiedAtOnce <= ColumnTable::kPadding && kCopiedAtOnce <= Coercion::kPadding &&
              kCopiedAtOnce <= ProjectionWriter::kPadding);

constexpr bool IsOpening(char byte) { return byte == '{' || byte == '['; }

constexpr bool IsClosing(char byte) { return byte == '}' || byte == ']'; }

constexpr bool IsWhitespace(char byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

// From `begin` to the structural byte at `end`, without the whitespace before it.
std::string_view Trimmed(const char* begin, const char* end) {
  while (IsWhitespace(end[-1])) --end;
  return {begin, static_cast<size_t>(end - begin)};
}

}  // namespace

void ProjectionWriter::Begin(const CompiledSchema& schema, const char* text, uint32_t object, bool has_escapes) {
  schema_ = &schema;
  text_ = text;
  object_ = object;
  has_escapes_ = has_escapes;
  places_.assign(schema.table().columns().size(), {});
}

uint32_t ProjectionWriter::FindColumn(const ColumnTable& table, const uint32_t* key, const uint32_t* colon,
                                      uint32_t guess) {
  const std::string_view quoted = Trimmed(text_ + *key, text_ + *colon);
  const std::string_view name = quoted.substr(1, quoted.size() - 2);
  if (!has_escapes_ || name.find('\\') == std::string_view::npos) return table.Find(name, guess);
  key_.clear();
  AppendUnescaped(name, key_);
  const size_t size = key_.size();
  key_.append(ColumnTable::kPadding, ' ');
  return table.Find(std::string_view(key_).substr(0, size), guess);
}

std::optional<Instant> ProjectionWriter::ReadTime(uint32_t column) {
  const ValuePlace place = places_[column];
  const std::string_view value =
      place.value != nullptr ? TextOf(place) : schema_->table().columns()[column].default_json.view();
  if (value.empty()) return std::nullopt;
  return coercion_.ReadTime(schema_->timestamp_format(), value, schema_->strict());
}

void ProjectionWriter::NoteNoTime(uint32_t column) {
  const uint32_t* const value = places_[column].value;
  const CompiledColumn& compiled = schema_->table().columns()[column];
  Fail({{{&compiled}},
        &compiled.type,
        value == nullptr ? '\0' : At(value),
        value == nullptr ? object_ : *value,
        SchemaMismatch::Wanted::kTime});
}

ProjectionWriter::Result ProjectionWriter::Write(PaddedBuffer& out) {
  out_ = &out;
  start_ = out.size();
  end_ = limit_ = out.data() + out.size();
  too_large_ = false;
  const bool written = WriteTable(schema_->table(), 0, schema_->written(), object_) && !IsTooLarge();
  out.Advance(static_cast<size_t>(end_ - out.data()) - out.size());
  if (too_large_) return Result::kTooLarge;
  return written ? Result::kWritten : Result::kMismatch;
}

bool ProjectionWriter::WriteTable(const ColumnTable& table, size_t first_place, size_t count, size_t position) {
  const CompiledColumn* column = table.columns().data();
  Room(2);
  char* const open = end_;
  const auto offset = static_cast<size_t>(open - out_->data());
  Byte('{');
  for (size_t i = 0; i < count; ++i, ++column) {
    if (!WriteColumn(*column, places_[first_place + i], position)) return false;
  }
  // Each column ends with a comma; the last one makes room for the bracket.
  if (end_ != out_->data() + offset + 1) --end_;
  Byte('}');
  return true;
}

bool ProjectionWriter::WriteColumn(const CompiledColumn& column, ValuePlace place, size_t position) {
  const std::string_view default_json = column.default_json.view();
  if (place.value == nullptr && default_json.empty()) {
    if (!schema_->strict()) return true;
    return Fail({{{&column}}, &column.type, '\0', position});
  }
  Copy(column.key.view());
  if (place.value == nullptr) {
    Copy(default_json);
  } else if (!WriteValue(column.type, place)) {
    if (!too_large_) mismatch_.path.push_back({&column});
    return false;
  }
  Room(2);
  Byte(',');
  return true;
}

bool ProjectionWriter::WriteValue(const CompiledType& type, ValuePlace place) {
  const char first = At(place.value);
  if (IsOpening(first)) return WriteContainer(type, place);
  const std::string_view scalar = TextOf(place);
  const Written written = coercion_.Coerce(type, scalar, schema_->strict());
  if (!written.possible) return WriteImpossible(type, place.value);
  if (!written.quoted) {
    Copy(written.json);
    return true;
  }
  Room(1);
  Byte('"');
  Copy(written.json);
  Byte('"');
  return true;
}

bool ProjectionWriter::WriteContainer(const CompiledType& type, ValuePlace place) {
  const char bracket = At(place.value);
  if (IsTooLarge()) return false;
  if (type.kind == ColumnKind::kStruct && bracket == '{') return WriteStruct(*type.fields, place.value);
  if (type.kind == ColumnKind::kArray && bracket == '[') return WriteArray(*type.element, place.value);
  if (type.kind != ColumnKind::kString || schema_->strict()) return WriteImpossible(type, place.value);
  WriteEscaped(TextOf(place));
  return true;
}

bool ProjectionWriter::WriteStruct(const ColumnTable& table, const uint32_t* open) {
  const size_t first_place = places_.size();
  places_.resize(first_place + table.columns().size());
  uint32_t guess = 0;
  for (const uint32_t* key = open + 1; At(key) == '"';) {
    const uint32_t* const value = key + 2;
    const uint32_t* const after = After(value);
    const uint32_t column = FindColumn(table, key, key + 1, guess);
    if (column != ColumnTable::kNone) {
      places_[first_place + column] = {value, after};
      guess = column + 1;
    }
    key = At(after) == ',' ? after + 1 : after;
  }
  const bool written = WriteTable(table, first_place, table.columns().size(), *open);
  places_.resize(first_place);
  return written;
}

bool ProjectionWriter::WriteArray(const CompiledType& element, const uint32_t* open) {
  Room(2);
  Byte('[');
  size_t index = 0;
  for (const uint32_t* value = open + 1; At(value) != ']'; ++index) {
    if (IsTooLarge()) return false;
    const uint32_t* const after = After(value);
    if (!WriteValue(element, {value, after})) {
      if (!too_large_) mismatch_.path.push_back({nullptr, index});
      return false;
    }
    value = At(after) == ',' ? after + 1 : after;
    Room(2);
    if (At(after) == ',') Byte(',');
  }
  Byte(']');
  return true;
}

bool ProjectionWriter::WriteImpossible(const CompiledType& type, const uint32_t* value) {
  if (schema_->strict()) return Fail({{}, &type, At(value), *value});
  Room(kNull.size());
  std::memcpy(end_, kNull.data(), kNull.size());
  end_ += kNull.size();
  return true;
}

bool ProjectionWriter::Fail(SchemaMismatch mismatch) {
  mismatch_ = std::move(mismatch);
  return false;
}

void ProjectionWriter::WriteEscaped(std::string_view json) {
  Room(2 * json.size() + 2);  // no control character of a valid text has a longer escape
  Byte('"');
  for (const char byte : json) {
    const std::string_view escape = JsonEscape(byte);
    if (escape.empty()) {
      Byte(byte);
    } else {
      for (const char piece : escape) Byte(piece);
    }
  }
  Byte('"');
}

std::string_view ProjectionWriter::TextOf(ValuePlace place) const {
  return Trimmed(text_ + *place.value, text_ + *place.after);
}

const uint32_t* ProjectionWriter::After(const uint32_t* value) const {
  size_t depth = 0;
  do {
    const char byte = At(value++);
    if (IsOpening(byte)) ++depth;
    if (IsClosing(byte)) --depth;
  } while (depth > 0);
  return value;
}

bool ProjectionWriter::IsTooLarge() {
  too_large_ = static_cast<size_t>(end_ - out_->data()) - start_ > kMaxBytes;
  return too_large_;
}

// So many bytes may be written, and some more.
void ProjectionWriter::Room(size_t size) {
  constexpr size_t kMore = kCopiedAtOnce + 2;
  if (static_cast<size_t>(limit_ - end_) >= size + kMore) return;
  out_->Advance(static_cast<size_t>(end_ - out_->data()) - out_->size());
  end_ = out_->Grow(size + kMore);
  limit_ = out_->data() + out_->capacity();
}

// Most texts are short: 32 bytes are copied whatever the size, beyond the end of both sides.
void ProjectionWriter::Copy(std::string_view padded) {
  Room(padded.size());
  std::memcpy(end_, padded.data(), kCopiedAtOnce);
  if (padded.size() > kCopiedAtOnce) {
    std::memcpy(end_ + kCopiedAtOnce, padded.data() + kCopiedAtOnce, padded.size() - kCopiedAtOnce);
  }
  end_ += padded.size();
}

}  // namespace inlet::ingest
