// The text is valid JSON and its structure is known, so nothing is checked but what the types ask for. Recursion is as
// deep as the schema. Room is made once: no value is written in more than five times the bytes that it has (0 as
// false).
#include "ingest/projection_writer.h"

#include <cstring>
#include <utility>

#include "ingest/exact_integer.h"
#include "ingest/json_string.h"
#include "ingest/time_value.h"

namespace inlet::ingest {
namespace {

constexpr size_t kCopiedAtOnce = 32;
constexpr size_t kLargestGrowth = 5;
constexpr std::string_view kNull = "null";
static_assert(kCopiedAtOnce <= ColumnTable::kPadding && kCopiedAtOnce <= Coercion::kPadding &&
              kCopiedAtOnce <= ProjectionWriter::kPadding);

constexpr bool IsOpening(char byte) { return byte == '{' || byte == '['; }

constexpr bool IsClosing(char byte) { return byte == '}' || byte == ']'; }

// Most texts are short: 32 bytes are copied whatever the size, beyond the end of both sides.
inline char* Copy(char* out, std::string_view text) {
  std::memcpy(out, text.data(), kCopiedAtOnce);
  if (text.size() > kCopiedAtOnce) {
    std::memcpy(out + kCopiedAtOnce, text.data() + kCopiedAtOnce, text.size() - kCopiedAtOnce);
  }
  return out + text.size();
}

// Whether `scalar` is written as it stands. False says nothing.
inline bool FitsAsItIs(ColumnKind kind, std::string_view scalar) {
  const char first = scalar.front();
  switch (kind) {
    case ColumnKind::kString:
      return first == '"';
    case ColumnKind::kFloat:
      return first == '-' || (first >= '0' && first <= '9');
    case ColumnKind::kBoolean:
      return first == 't' || first == 'f';
    case ColumnKind::kBigint:
      return IsShortInteger(scalar);
    default:
      return false;
  }
}

// Whether it is the way in which `scalar` is written, and not its value, that a strict column of this type refuses.
bool IsIntegerInOtherForm(ColumnKind kind, std::string_view scalar) {
  const bool wants_integer = kind == ColumnKind::kBigint || kind == ColumnKind::kDatetime;
  return wants_integer && IsJsonNumber(scalar) && !IsIntegerLiteral(scalar) && ExactInteger(scalar).has_value();
}

char* WriteEscaped(std::string_view json, char* out) {
  *out++ = '"';
  for (const char byte : json) {
    const std::string_view escape = JsonEscape(byte);
    *out++ = byte;
    if (!escape.empty()) out = static_cast<char*>(std::memcpy(out - 1, escape.data(), escape.size())) + escape.size();
  }
  *out++ = '"';
  return out;
}

}  // namespace

void ProjectionWriter::Begin(const CompiledSchema& schema, std::string_view text, uint32_t object, bool has_escapes) {
  schema_ = &schema;
  text_ = text.data();
  text_size_ = text.size();
  object_ = object;
  guess_ = 0;
  kept_ = nullptr;
  has_escapes_ = has_escapes;
  places_.assign(schema.table().columns().size(), {});
}

uint32_t ProjectionWriter::FindEscaped(const ColumnTable& table, std::string_view name) {
  if (name.find('\\') == std::string_view::npos) return table.Find(name, ColumnTable::kNone);
  key_.clear();
  AppendUnescaped(name, key_);
  const size_t size = key_.size();
  key_.append(ColumnTable::kPadding, ' ');
  return table.Find(std::string_view(key_).substr(0, size), ColumnTable::kNone);
}

std::optional<Instant> ProjectionWriter::ReadTime(uint32_t column) {
  const ValuePlace place = places_[column];
  const CompiledColumn& compiled = schema_->table().columns()[column];
  const TimeFormat* const format = schema_->timestamp_format();
  if (place.value == nullptr) {
    const std::string_view json = compiled.default_json.view();
    return json.empty() ? std::nullopt : coercion_.ReadTime(format, {json});
  }
  const bool is_written = column < schema_->written();
  if (IsOpening(At(place.value))) {
    const bool as_text = is_written && compiled.type.kind == ColumnKind::kString && !schema_->strict();
    return as_text ? TimeOfText(format, TextOf(place)) : std::nullopt;
  }
  return is_written ? ReadScalarTime(compiled, place) : coercion_.ReadTime(format, {TextOf(place)});
}

std::optional<Instant> ProjectionWriter::ReadScalarTime(const CompiledColumn& compiled, ValuePlace place) {
  const TimeFormat* const format = schema_->timestamp_format();
  const std::string_view scalar = TextOf(place);
  if (FitsAsItIs(compiled.type.kind, scalar)) return coercion_.ReadTime(format, {scalar});
  if (compiled.type.kind == ColumnKind::kDatetime && scalar.front() == '"') {
    const std::optional<Instant> time = coercion_.ReadKeptTime(format, scalar);
    if (time) kept_ = place.value;
    if (time) return time;
  }
  return coercion_.ReadTime(format, coercion_.Coerce(compiled.type, scalar, schema_->strict()));
}

void ProjectionWriter::NoteNoTime(uint32_t column) {
  const ValuePlace place = places_[column];
  const CompiledColumn& compiled = schema_->table().columns()[column];
  const bool is_scalar = place.value != nullptr && !IsOpening(At(place.value));
  Fail({{{&compiled}},
        &compiled.type,
        place.value == nullptr ? '\0' : At(place.value),
        place.value == nullptr ? object_ : *place.value,
        SchemaMismatch::Wanted::kTime,
        is_scalar && column < schema_->written() && IsIntegerInOtherForm(compiled.type.kind, TextOf(place))});
}

ProjectionWriter::Result ProjectionWriter::Write(PaddedBuffer& out) {
  const ColumnTable& table = schema_->table();
  char* const begin = out.Grow(kLargestGrowth * text_size_ + table.added_bytes() + 2 * kCopiedAtOnce);
  const char* const end = WriteTable(table, 0, schema_->written(), object_, begin);
  if (end == nullptr) return Result::kMismatch;
  const auto size = static_cast<size_t>(end - begin);
  if (size > kMaxBytes) return Result::kTooLarge;
  out.Advance(size);
  return Result::kWritten;
}

char* ProjectionWriter::WriteTable(const ColumnTable& table, size_t first_place, size_t count, uint32_t position,
                                   char* out) {
  char* const open = out;
  *out++ = '{';
  const CompiledColumn* const columns = table.columns().data();
  for (size_t i = 0; i < count; ++i) {
    const CompiledColumn& column = columns[i];
    const ValuePlace place = places_[first_place + i];
    if (place.value != nullptr) {
      out = WriteValue(column.type, place, Copy(out, column.key.view()));
      if (out == nullptr) {
        mismatch_.path.push_back({&column});
        return nullptr;
      }
      *out++ = ',';
    } else if (!column.default_json.view().empty()) {
      out = Copy(Copy(out, column.key.view()), column.default_json.view());
      *out++ = ',';
    } else if (schema_->strict()) {
      return Fail({{{&column}}, &column.type, '\0', position});
    }
  }
  if (out != open + 1) --out;  // the last comma
  *out++ = '}';
  return out;
}

inline char* ProjectionWriter::WriteValue(const CompiledType& type, ValuePlace place, char* out) {
  if (IsOpening(At(place.value))) return WriteContainer(type, place, out);
  const std::string_view scalar = TextOf(place);
  if (FitsAsItIs(type.kind, scalar) || place.value == kept_) return Copy(out, scalar);
  return WriteCoerced(type, place.value, scalar, out);
}

char* ProjectionWriter::WriteCoerced(const CompiledType& type, const uint32_t* value, std::string_view scalar,
                                     char* out) {
  const Written written = coercion_.Coerce(type, scalar, schema_->strict());
  if (!written.possible) {
    char* const end = WriteImpossible(type, value, out);
    if (end == nullptr) mismatch_.is_integer = IsIntegerInOtherForm(type.kind, scalar);
    return end;
  }
  if (!written.quoted) return Copy(out, written.json);
  *out++ = '"';
  out = Copy(out, written.json);
  *out++ = '"';
  return out;
}

char* ProjectionWriter::WriteContainer(const CompiledType& type, ValuePlace place, char* out) {
  const char bracket = At(place.value);
  if (type.kind == ColumnKind::kStruct && bracket == '{') return WriteStruct(*type.fields, place.value, out);
  if (type.kind == ColumnKind::kArray && bracket == '[') return WriteArray(*type.element, place.value, out);
  if (type.kind != ColumnKind::kString || schema_->strict()) return WriteImpossible(type, place.value, out);
  return WriteEscaped(TextOf(place), out);
}

char* ProjectionWriter::WriteStruct(const ColumnTable& table, const uint32_t* open, char* out) {
  const size_t first_place = places_.size();
  places_.resize(first_place + table.columns().size());
  uint32_t guess = 0;
  for (const uint32_t* key = open + 1; At(key) == '"';) {
    const uint32_t* const after = After(key + 2);
    PlaceMember(table, &places_[first_place], key, key + 2, after, guess);
    key = At(after) == ',' ? after + 1 : after;
  }
  out = WriteTable(table, first_place, table.columns().size(), *open, out);
  places_.resize(first_place);
  return out;
}

char* ProjectionWriter::WriteArray(const CompiledType& element, const uint32_t* open, char* out) {
  *out++ = '[';
  size_t index = 0;
  for (const uint32_t* value = open + 1; At(value) != ']'; ++index) {
    const uint32_t* const after = After(value);
    out = WriteValue(element, {value, after}, out);
    if (out == nullptr) {
      mismatch_.path.push_back({nullptr, index});
      return nullptr;
    }
    value = after;
    if (At(after) != ',') continue;
    *out++ = ',';
    ++value;
  }
  *out++ = ']';
  return out;
}

char* ProjectionWriter::WriteImpossible(const CompiledType& type, const uint32_t* value, char* out) {
  if (schema_->strict()) return Fail({{}, &type, At(value), *value});
  return static_cast<char*>(std::memcpy(out, kNull.data(), kNull.size())) + kNull.size();
}

char* ProjectionWriter::Fail(SchemaMismatch mismatch) {
  mismatch_ = std::move(mismatch);
  return nullptr;
}

inline const uint32_t* ProjectionWriter::After(const uint32_t* value) const {
  if (!IsOpening(At(value))) return value + 1;
  size_t depth = 0;
  do {
    const char byte = At(value++);
    if (IsOpening(byte)) ++depth;
    if (IsClosing(byte)) --depth;
  } while (depth > 0);
  return value;
}

}  // namespace inlet::ingest
