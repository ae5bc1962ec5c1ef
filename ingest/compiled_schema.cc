// Names are compared and hashed 8 bytes at a time.
#include "ingest/compiled_schema.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <utility>

#include "ingest/json_string.h"

namespace inlet::ingest {
namespace {

constexpr size_t kWord = 8;

uint64_t LoadWord(const char* text) {
  uint64_t word = 0;
  std::memcpy(&word, text, kWord);
  return word;
}

// Ones in the bytes of a word in memory's order that the first `size` bytes of a text take.
constexpr uint64_t MaskOf(size_t size) {
  std::array<uint8_t, kWord> bytes{};
  for (size_t i = 0; i < size; ++i) bytes[i] = 0xFF;
  return std::bit_cast<uint64_t>(bytes);
}

constexpr std::array<uint64_t, kWord + 1> MakeMasks() {
  std::array<uint64_t, kWord + 1> masks{};
  for (size_t size = 0; size < masks.size(); ++size) masks[size] = MaskOf(size);
  return masks;
}
constexpr std::array<uint64_t, kWord + 1> kMasks = MakeMasks();

uint64_t Mix(uint64_t hash, uint64_t word) {
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15;
  hash = (hash ^ word) * kOdd;
  return hash ^ (hash >> 32U);
}

// 8 bytes after `key` must be readable.
uint64_t Hash(std::string_view key) {
  uint64_t hash = key.size();
  if (key.size() < kWord) return Mix(hash, LoadWord(key.data()) & kMasks[key.size()]);
  for (size_t i = 0; i + kWord < key.size(); i += kWord) hash = Mix(hash, LoadWord(key.data() + i));
  return Mix(hash, LoadWord(key.data() + key.size() - kWord));
}

CompiledType CompileType(const ColumnType& type, const TimeFormat* format) {
  CompiledType compiled;
  compiled.kind = type.kind;
  if (type.kind == ColumnKind::kDatetime) compiled.format = format;
  if (type.kind == ColumnKind::kArray) {
    compiled.element = std::make_shared<CompiledType>(CompileType(type.element.at(0), format));
  }
  if (type.kind == ColumnKind::kStruct) {
    std::vector<Column> fields = type.fields;
    for (Column& field : fields) field.default_json.clear();
    compiled.fields = std::make_shared<ColumnTable>(fields, format);
  }
  return compiled;
}

std::string Key(std::string_view name) {
  std::string key;
  AppendJsonString(name, key);
  return key + ':';
}

CompiledColumn CompileColumn(const Column& column, const TimeFormat* format) {
  const PaddedText name(column.name);
  const uint64_t mask = kMasks[std::min(column.name.size(), kWord)];
  return {column.name,
          PaddedText(Key(column.name)),
          CompileType(column.type, format),
          column.default_json.empty() ? PaddedText() : PaddedText(column.default_json),
          LoadWord(name.view().data()) & mask,
          mask};
}

}  // namespace

PaddedText::PaddedText(std::string text) : text_(std::move(text)), size_(text_.size()) {
  text_.append(ColumnTable::kPadding, ' ');
}

ColumnTable::ColumnTable(const std::vector<Column>& columns, const TimeFormat* format) {
  columns_.reserve(columns.size());
  slots_.assign(std::bit_ceil(2 * columns.size() + 1), kNone);
  for (uint32_t i = 0; i < columns.size(); ++i) {
    columns_.push_back(CompileColumn(columns[i], format));
    size_t slot = Hash(PaddedText(columns[i].name).view());
    while (slots_[slot & (slots_.size() - 1)] != kNone) ++slot;
    slots_[slot & (slots_.size() - 1)] = i;
    added_bytes_ += columns_[i].key.view().size() + columns_[i].default_json.view().size() + 1;
  }
}

uint32_t ColumnTable::FindByHash(std::string_view key) const {
  const size_t mask = slots_.size() - 1;
  for (size_t slot = Hash(key);; ++slot) {
    const uint32_t index = slots_[slot & mask];
    if (index == kNone || columns_[index].IsNamed(key)) return index;
  }
}

std::shared_ptr<const CompiledSchema> CompiledSchema::Compile(const Schema& schema) {
  if (schema.columns.empty() && schema.timestamp.empty()) return nullptr;
  return std::make_shared<const CompiledSchema>(schema);
}

CompiledSchema::CompiledSchema(const Schema& schema)
    : written_(static_cast<uint32_t>(schema.columns.size())), strict_(schema.strict) {
  if (!schema.timestamp_format.empty()) {
    absl::StatusOr<TimeFormat> format = TimeFormat::Compile(schema.timestamp_format);
    assert(format.ok());
    if (format.ok()) format_ = *std::move(format);
  }
  std::vector<Column> columns = schema.columns;
  if (!schema.timestamp.empty()) {
    const auto named = std::find_if(columns.begin(), columns.end(),
                                    [&](const Column& column) { return column.name == schema.timestamp; });
    timestamp_ = static_cast<uint32_t>(named - columns.begin());
    if (named == columns.end()) columns.push_back({schema.timestamp, {ColumnKind::kDatetime, {}, {}}, {}});
  }
  table_ = std::make_shared<const ColumnTable>(columns, timestamp_format());
}

}  // namespace inlet::ingest
