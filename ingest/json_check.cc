// The walk sees the places of brackets, colons and commas, and where scalars begin; what lies between is whitespace, or
// the rest of a scalar. Strings need no look: they are closed and without control characters, and there is no
// backslash.
#include "ingest/json_check.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>

namespace inlet::ingest {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

const char* SkipDigits(const char* in) {
  while (IsDigit(*in)) ++in;
  return in;
}

constexpr std::array<bool, 256> MakeEndsScalar() {
  std::array<bool, 256> ends{};
  for (const unsigned char c : {' ', '\t', '\n', '\r', ',', ':', ']', '}', '[', '{'}) ends[c] = true;
  return ends;
}
constexpr std::array<bool, 256> kEndsScalar = MakeEndsScalar();

bool EndsScalar(const char* in) { return kEndsScalar[static_cast<unsigned char>(*in)]; }

// Ends before the text does, since its last structural byte is a bracket.
bool IsNumber(const char* in) {
  if (*in == '-') ++in;
  if (!IsDigit(*in)) return false;
  in = *in == '0' ? in + 1 : SkipDigits(in);
  if (*in == '.') {
    if (!IsDigit(*++in)) return false;
    in = SkipDigits(in);
  }
  if (*in == 'e' || *in == 'E') {
    ++in;
    if (*in == '+' || *in == '-') ++in;
    if (!IsDigit(*in)) return false;
    in = SkipDigits(in);
  }
  return EndsScalar(in);
}

template <size_t kSize>
bool IsLiteral(const char* in, const char (&literal)[kSize]) {
  return std::memcmp(in, literal, kSize - 1) == 0 && EndsScalar(in + kSize - 1);
}

bool IsScalar(const char* in) {
  switch (*in) {
    case '"':
      return true;
    case 't':
      return IsLiteral(in, "true");
    case 'f':
      return IsLiteral(in, "false");
    case 'n':
      return IsLiteral(in, "null");
    default:
      return IsNumber(in);
  }
}

class Walk {
 public:
  Walk(const char* text, const uint32_t* next, const uint32_t* end) : text_(text), next_(next), end_(end) {}

  bool IsObject() {
    if (Take() != '{' || !Open('{')) return false;
    bool just_opened = true;
    while (depth_ > 0) {
      char first = Take();
      if (just_opened && first == closer_) {
        Close();
      } else {
        if (closer_ == '}') {
          if (first != '"' || Take() != ':') return false;
          first = Take();
        }
        just_opened = first == '{' || first == '[';
        if (just_opened ? !Open(first) : !IsScalar(at_)) return false;
        if (just_opened) continue;
      }
      just_opened = false;
      if (!CloseUpToComma()) return false;
    }
    return next_ == end_;
  }

 private:
  // The next structural byte; NUL at the end.
  char Take() {
    if (next_ == end_) return '\0';
    at_ = text_ + *next_++;
    return *at_;
  }

  bool CloseUpToComma() {
    while (depth_ > 0) {
      const char byte = Take();
      if (byte == ',') return true;
      if (byte != closer_) return false;
      Close();
    }
    return true;
  }

  bool Open(char bracket) {
    if (depth_ == JsonCheck::kMaxDepth) return false;
    is_object_[depth_++] = bracket == '{';
    closer_ = bracket == '{' ? '}' : ']';
    return true;
  }

  void Close() {
    if (--depth_ > 0) closer_ = is_object_[depth_ - 1] ? '}' : ']';
  }

  const char* text_;
  const char* at_ = nullptr;
  const uint32_t* next_;
  const uint32_t* const end_;
  uint32_t depth_ = 0;
  char closer_ = '\0';
  std::bitset<JsonCheck::kMaxDepth> is_object_;
};

}  // namespace

static_assert(simdjson::SIMDJSON_PADDING <= JsonCheck::kPadding);

JsonCheck::JsonCheck() = default;
JsonCheck::~JsonCheck() = default;

bool JsonCheck::Reserve(size_t size) {
  constexpr size_t kSmallestCapacity = 4096;
  if (size <= capacity_) return true;
  const size_t capacity = std::max({size, capacity_ * 2, kSmallestCapacity});
  const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, structure_);
  capacity_ = error == simdjson::SUCCESS ? capacity : 0;
  return error == simdjson::SUCCESS;
}

bool JsonCheck::IsPlainObject(std::string_view text) {
  if (text.empty() || std::memchr(text.data(), '\\', text.size()) != nullptr || !Reserve(text.size())) return false;
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  if (structure_->stage1(bytes, text.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS) return false;
  const uint32_t* const begin = structure_->structural_indexes.get();
  const uint32_t* const end = begin + structure_->n_structural_indexes;
  // With a bracket at the end no scalar can run out of the text.
  return begin != end && text[end[-1]] == '}' && Walk(text.data(), begin, end).IsObject();
}

}  // namespace inlet::ingest
