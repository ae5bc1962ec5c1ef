// One forward pass over the tape. Lengths of scalars are known before they are written; those of nested objects and
// lists are two bytes, patched at their end as padded varints, and what follows moves up if that is too little.
#include "ingest/struct_writer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "ingest/number_check.h"
#include "ingest/wire.h"

namespace inlet::ingest {
namespace {

using wire::Tag;
using wire::Type;

// Struct { map<string, Value> fields = 1; }, ListValue { repeated Value values = 1; }: both are repeated field 1.
constexpr uint8_t kElementTag = Tag(1, Type::kLength);
constexpr uint8_t kKeyTag = Tag(1, Type::kLength);
constexpr uint8_t kValueTag = Tag(2, Type::kLength);
// Value { oneof kind }
constexpr uint8_t kNullTag = Tag(1, Type::kVarint);
constexpr uint8_t kNumberTag = Tag(2, Type::kFixed64);
constexpr uint8_t kStringTag = Tag(3, Type::kLength);
constexpr uint8_t kBoolTag = Tag(4, Type::kVarint);
constexpr uint8_t kStructTag = Tag(5, Type::kLength);
constexpr uint8_t kListTag = Tag(6, Type::kLength);

constexpr size_t kReservedLength = 2;
constexpr size_t kNumberSize = 9;
constexpr size_t kFlagSize = 2;  // a null or a boolean
// More than the tags and lengths around a key and a value take, and the copying beyond a string's end.
constexpr size_t kOverhead = 64;
constexpr size_t kCopiedAtOnce = 32;

char TypeOf(uint64_t word) { return static_cast<char>(word >> 56U); }

char* WriteByte(char* out, uint8_t byte) {
  *out = static_cast<char>(byte);
  return out + 1;
}

char* WriteLength(char* out, size_t length) {
  return length < 0x80 ? WriteByte(out, static_cast<uint8_t>(length)) : wire::WriteVarint(out, length);
}

// Most texts are short: 32 bytes are copied whatever the size, beyond the end of both sides, and nothing is decided.
char* WriteText(char* out, std::string_view text) {
  std::memcpy(out, text.data(), kCopiedAtOnce);
  if (text.size() > kCopiedAtOnce) {
    std::memcpy(out + kCopiedAtOnce, text.data() + kCopiedAtOnce, text.size() - kCopiedAtOnce);
  }
  return out + text.size();
}

char* WriteDouble(char* out, double value) {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(out, &value, sizeof value);
    return out + sizeof value;
  } else {
    return wire::WriteFixed64(out, std::bit_cast<uint64_t>(value));
  }
}

constexpr size_t LengthWidth(size_t length) { return std::max(kReservedLength, wire::VarintSize(length)); }

// (Inlining by force where it is asked for takes 5 % off the time of a record.)

// What comes before a value of `value_size` bytes: in a list its tag and length; in an object the entry of the map, the
// key, and then these.
template <bool kKeyed>
[[gnu::always_inline]] inline char* WriteHead(std::string_view key, size_t value_size, char* out) {
  if constexpr (!kKeyed) return WriteLength(WriteByte(out, kElementTag), value_size);
  const size_t key_size = 1 + wire::VarintSize(key.size()) + key.size();
  const size_t entry_size = key_size + 1 + wire::VarintSize(value_size) + value_size;
  if (entry_size < 0x80) {  // then so are all the lengths in it
    out = WriteByte(WriteByte(out, kElementTag), static_cast<uint8_t>(entry_size));
    out = WriteText(WriteByte(WriteByte(out, kKeyTag), static_cast<uint8_t>(key.size())), key);
    return WriteByte(WriteByte(out, kValueTag), static_cast<uint8_t>(value_size));
  }
  out = wire::WriteVarint(WriteByte(out, kElementTag), entry_size);
  out = WriteText(wire::WriteVarint(WriteByte(out, kKeyTag), key.size()), key);
  return wire::WriteVarint(WriteByte(out, kValueTag), value_size);
}

// A nested object or list that is being written: where its lengths are.
struct Nested {
  char* entry_length = nullptr;  // of the map's entry; null in a list
  char* value_length = nullptr;
  char* body = nullptr;
};

// As WriteHead for a value whose size is not known yet; it goes on at `body`.
template <bool kKeyed>
Nested BeginNested(std::string_view key, uint8_t tag, char* out) {
  Nested nested;
  out = WriteByte(out, kElementTag);
  if constexpr (kKeyed) {
    nested.entry_length = out;
    out = WriteText(WriteLength(WriteByte(out + kReservedLength, kKeyTag), key.size()), key);
    out = WriteByte(out, kValueTag);
  }
  nested.value_length = out;
  nested.body = WriteByte(out + kReservedLength, tag) + kReservedLength;
  return nested;
}

// Sizes and widths of the lengths of a nested value whose body is complete.
struct NestedSizes {
  NestedSizes(const Nested& nested, const char* end) : body(static_cast<size_t>(end - nested.body)) {
    if (nested.entry_length == nullptr) return;
    key = static_cast<size_t>(nested.value_length - nested.entry_length) - kReservedLength;
    entry = key + LengthWidth(value) + value;
    extra += LengthWidth(entry) - kReservedLength;
  }

  size_t body;
  size_t value = 1 + LengthWidth(body) + body;
  size_t key = 0;
  size_t entry = 0;
  size_t extra = LengthWidth(body) + LengthWidth(value) - 2 * kReservedLength;  // bytes beyond those reserved
};

// Writes the lengths; `sizes.extra` bytes after `end` must be free. Returns the new end.
char* EndNested(const Nested& nested, const NestedSizes& sizes, char* end) {
  char* value_length = nested.value_length;
  const char tag = value_length[kReservedLength];
  if (sizes.extra > 0) std::memmove(nested.body + sizes.extra, nested.body, sizes.body);
  if (nested.entry_length != nullptr) {
    const size_t width = LengthWidth(sizes.entry);
    char* const key = nested.entry_length + kReservedLength;
    if (width > kReservedLength) std::memmove(nested.entry_length + width, key, sizes.key);
    wire::WritePaddedVarint(nested.entry_length, sizes.entry, width);
    value_length += width - kReservedLength;
  }
  const size_t width = LengthWidth(sizes.value);
  wire::WritePaddedVarint(value_length, sizes.value, width);
  value_length[width] = tag;
  wire::WritePaddedVarint(value_length + width + 1, sizes.body, LengthWidth(sizes.body));
  return end + sizes.extra;
}

// Each function writes what it is named for, with `key` before it if it is a member of an object, moves on in the tape,
// and returns the end of what it wrote, or null where that is impossible.
class Writer {
 public:
  Writer(const JsonTape& tape, uint32_t max_depth, const char* limit)
      : word_(tape.words + 1), strings_(tape.strings), levels_left_(max_depth), limit_(limit) {}

  char* WriteRoot(char* out) { return TypeOf(*word_++) == '{' ? WriteBody<true>(out) : nullptr; }

  StructResult result() const { return result_; }

 private:
  template <bool kKeyed>
  char* WriteBody(char* out) {
    if (levels_left_ == 0) return nullptr;
    --levels_left_;
    while (TypeOf(*word_) != (kKeyed ? '}' : ']')) {
      std::string_view key;
      if constexpr (kKeyed) key = StringAt(*word_++);
      out = HasRoom(out, key.size()) ? WriteValue<kKeyed>(key, out) : nullptr;
      if (out == nullptr) return nullptr;
    }
    ++word_;
    ++levels_left_;
    return out;
  }

  template <bool kKeyed>
  [[gnu::always_inline]] char* WriteValue(std::string_view key, char* out) {
    const uint64_t word = *word_++;
    switch (TypeOf(word)) {
      case '"':
        return WriteString<kKeyed>(key, StringAt(word), out);
      case 'l':
        return WriteInteger<kKeyed>(key, static_cast<int64_t>(*word_++), out);
      case 'u':
        return WriteInteger<kKeyed>(key, *word_++, out);
      case 'd':
        return WriteDecimal<kKeyed>(key, std::bit_cast<double>(*word_++), out);
      case 't':
        return WriteFlag<kKeyed>(key, kBoolTag, 1, out);
      case 'f':
        return WriteFlag<kKeyed>(key, kBoolTag, 0, out);
      case 'n':
        return WriteFlag<kKeyed>(key, kNullTag, 0, out);
      case '{':
        return WriteNested<kKeyed, true>(key, out);
      case '[':
        return WriteNested<kKeyed, false>(key, out);
      default:
        return nullptr;
    }
  }

  template <bool kKeyed>
  char* WriteString(std::string_view key, std::string_view text, char* out) {
    if (!HasRoom(out, key.size() + text.size())) return nullptr;
    out = WriteHead<kKeyed>(key, 1 + wire::VarintSize(text.size()) + text.size(), out);
    return WriteText(WriteLength(WriteByte(out, kStringTag), text.size()), text);
  }

  template <bool kKeyed, typename Integer>
  char* WriteInteger(std::string_view key, Integer value, char* out) {
    return IsExactInDouble(value) ? WriteNumber<kKeyed>(key, static_cast<double>(value), out) : nullptr;
  }

  template <bool kKeyed>
  char* WriteDecimal(std::string_view key, double value, char* out) {
    if (value == 0) {
      result_ = StructResult::kHasZeroDecimals;
    } else if (!std::isnormal(value)) {
      return nullptr;
    } else if (result_ == StructResult::kExact) {
      result_ = StructResult::kHasDecimals;
    }
    return WriteNumber<kKeyed>(key, value, out);
  }

  template <bool kKeyed>
  char* WriteNumber(std::string_view key, double value, char* out) {
    return WriteDouble(WriteByte(WriteHead<kKeyed>(key, kNumberSize, out), kNumberTag), value);
  }

  template <bool kKeyed>
  char* WriteFlag(std::string_view key, uint8_t tag, uint8_t flag, char* out) {
    return WriteByte(WriteByte(WriteHead<kKeyed>(key, kFlagSize, out), tag), flag);
  }

  template <bool kKeyed, bool kObject>
  char* WriteNested(std::string_view key, char* out) {
    const Nested nested = BeginNested<kKeyed>(key, kObject ? kStructTag : kListTag, out);
    char* const end = WriteBody<kObject>(nested.body);
    if (end == nullptr) return nullptr;
    const NestedSizes sizes(nested, end);
    return HasRoom(end, sizes.extra) ? EndNested(nested, sizes, end) : nullptr;
  }

  std::string_view StringAt(uint64_t word) const {
    const uint8_t* const place = strings_ + (word & 0x00FF'FFFF'FFFF'FFFF);
    uint32_t size = 0;
    std::memcpy(&size, place, sizeof size);
    return {reinterpret_cast<const char*>(place) + sizeof size, size};
  }

  bool HasRoom(const char* out, size_t size) const { return size + kOverhead <= static_cast<size_t>(limit_ - out); }

  const uint64_t* word_;
  const uint8_t* strings_;
  uint32_t levels_left_;
  const char* limit_;
  StructResult result_ = StructResult::kExact;
};

}  // namespace

StructResult AppendStruct(const JsonTape& tape, size_t text_size, const StructLimits& limits, PaddedBuffer& out) {
  constexpr size_t kLargestGrowth = 6;  // the worst is `0,` in a list: 11 bytes for 2
  const size_t size = std::min(kLargestGrowth * text_size + kOverhead, limits.max_size);
  char* const start = out.Grow(size + 2 * kOverhead);
  Writer writer(tape, limits.max_depth, start + size + kOverhead);
  const char* const end = writer.WriteRoot(start);
  if (end == nullptr || std::cmp_greater(end - start, limits.max_size)) return StructResult::kImpossible;
  out.Advance(static_cast<size_t>(end - start));
  return writer.result();
}

}  // namespace inlet::ingest
