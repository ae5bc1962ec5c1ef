// Kinds of values are told by their first byte.
#include "ingest/schema_mismatch.h"

#include <string_view>

#include "ingest/json_kind.h"
#include "ingest/text.h"

namespace inlet::ingest {
namespace {

constexpr size_t kMostNameBytes = 120;

std::string_view TypeName(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kBigint:
      return "BIGINT";
    case ColumnKind::kFloat:
      return "FLOAT";
    case ColumnKind::kString:
      return "STRING";
    case ColumnKind::kDatetime:
      return "DATETIME";
    case ColumnKind::kBoolean:
      return "BOOLEAN";
    case ColumnKind::kBytea:
      return "BYTEA";
    case ColumnKind::kArray:
      return "ARRAY";
    case ColumnKind::kStruct:
      return "STRUCT";
  }
  return "";
}

std::string_view FoundString(const SchemaMismatch& mismatch) {
  if (mismatch.wanted == SchemaMismatch::Wanted::kTime) return "a string that is no such time";
  if (mismatch.type->kind == ColumnKind::kDatetime) return "a string that is no time";
  return mismatch.type->kind == ColumnKind::kBytea ? "a string that is no base64" : "a string";
}

std::string_view FoundNumber(const SchemaMismatch& mismatch) {
  if (mismatch.is_integer) return "an integer that is written with a fraction or an exponent";
  const bool is_time = mismatch.type->kind == ColumnKind::kDatetime || mismatch.wanted == SchemaMismatch::Wanted::kTime;
  if (is_time) return "a number that is no time in milliseconds";
  return mismatch.type->kind == ColumnKind::kBigint ? "a number that is no integer of 64 bits" : kNumberKind;
}

std::string_view Found(const SchemaMismatch& mismatch) {
  if (mismatch.found == '\0') return "no such key";
  if (mismatch.found == '"') return FoundString(mismatch);
  const std::string_view kind = KindOfValue(mismatch.found);
  return kind == kNumberKind ? FoundNumber(mismatch) : kind;
}

std::string Path(const SchemaMismatch& mismatch) {
  std::string path;
  for (size_t i = mismatch.path.size(); i > 0; --i) {
    const SchemaMismatch::Step& step = mismatch.path[i - 1];
    if (step.column == nullptr) {
      path += Concat({"[", std::to_string(step.index), "]"});
    } else {
      path += Concat({path.empty() ? "" : ".", step.column->name});
    }
  }
  if (path.size() <= kMostNameBytes) return path;
  size_t end = kMostNameBytes - 3;
  while ((static_cast<unsigned char>(path[end]) & 0xC0U) == 0x80U) --end;  // not within a character
  return path.substr(0, end) + "...";
}

}  // namespace

std::string DescribeMismatch(const SchemaMismatch& mismatch) {
  const bool time = mismatch.wanted == SchemaMismatch::Wanted::kTime;
  return Concat({"expected ", time ? "the event time" : TypeName(mismatch.type->kind), " in column \"", Path(mismatch),
                 "\", found ", Found(mismatch)});
}

}  // namespace inlet::ingest
