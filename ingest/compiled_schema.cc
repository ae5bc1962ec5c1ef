// Names are compared and hashed 8 bytes at a time.
#include "ingest/compiled_schema.h"

#include <algorithm>
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

// The first bytes of `key`, at most 8; the rest are 0. 8 bytes must be readable.
uint64_t FirstWord(std::string_view key) {
  uint64_t word = LoadWord(key.data());
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return key.size() >= kWord ? word : word & ((uint64_t{1} << (8 * key.size())) - 1);
}

uint64_t Mix(uint64_t hash, uint64_t word) {
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15;
  hash = (hash ^ word) * kOdd;
  return hash ^ (hash >> 32U);
}

uint64_t Hash(std::string_view key, uint64_t first_word) {
  uint64_t hash = Mix(key.size(), first_word);
  if (key.size() <= kWord) return hash;
  for (size_t i = kWord; i + kWord < key.size(); i += kWord) hash = Mix(hash, LoadWord(key.data() + i));
  return Mix(hash, LoadWord(key.data() + key.size() - kWord));
}

bool IsNamed(const CompiledColumn& column, std::string_view key, uint64_t first_word) {
  if (column.first_word != first_word || column.name.size() != key.size()) return false;
  return key.size() <= kWord || std::memcmp(column.name.data() + kWord, key.data() + kWord, key.size() - kWord) == 0;
}

CompiledType CompileType(const ColumnType& type, const TimeFormat* format) {
  CompiledType compiled;
  compiled.kind = type.kind;
  if (type.kind == ColumnKind::kDatetime) compiled.format = format;
  if (type.kind == ColumnKind::kArray) {
    compiled.element = std::make_shared<CompiledType>(CompileType(type.element.at(0), format));
  }
  if (type.kind == ColumnKind::kStruct) compiled.fields = std::make_shared<ColumnTable>(type.fields, format);
  return compiled;
}

std::string Key(std::string_view name) {
  std::string key;
  AppendJsonString(name, key);
  return key + ':';
}

CompiledColumn CompileColumn(const Column& column, const TimeFormat* format) {
  const PaddedText name(column.name);
  const uint64_t first_word = FirstWord(name.view());
  return {column.name, PaddedText(Key(column.name)), CompileType(column.type, format), PaddedText(column.default_json),
          first_word,  Hash(name.view(), first_word)};
}

}  // namespace

PaddedText::PaddedText(std::string text) : text_(std::move(text)), size_(text_.size()) {
  text_.append(ColumnTable::kPadding, ' ');
}

ColumnTable::ColumnTable(const std::vector<Column>& columns, const TimeFormat* format) {
  columns_.reserve(columns.size());
  for (const Column& column : columns) columns_.push_back(CompileColumn(column, format));
  slots_.assign(std::bit_ceil(2 * columns.size() + 1), kNone);
  for (uint32_t i = 0; i < columns_.size(); ++i) {
    size_t slot = columns_[i].hash;
    while (slots_[slot & (slots_.size() - 1)] != kNone) ++slot;
    slots_[slot & (slots_.size() - 1)] = i;
  }
}

uint32_t ColumnTable::Find(std::string_view key, uint32_t guess) const {
  const uint64_t first_word = FirstWord(key);
  if (guess < columns_.size() && IsNamed(columns_[guess], key, first_word)) return guess;
  const size_t mask = slots_.size() - 1;
  for (size_t slot = Hash(key, first_word);; ++slot) {
    const uint32_t index = slots_[slot & mask];
    if (index == kNone || IsNamed(columns_[index], key, first_word)) return index;
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
