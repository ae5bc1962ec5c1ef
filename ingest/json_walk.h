// The grammar of JSON, checked over the structure of a text. What lies between the places that it knows is whitespace,
// or the rest of a scalar. Strings need no look: they are closed and without control characters.
#ifndef INLET_INGEST_JSON_WALK_H_
#define INLET_INGEST_JSON_WALK_H_

#include <array>
#include <bitset>
#include <cstdint>
#include <cstring>

namespace inlet::ingest {

// Header alone, since the compiler must see it where it is used. Escapes are not looked at.
class JsonWalk {
 public:
  static constexpr uint32_t kMaxDepth = 1024;

  // `next` to `end`: what JsonStructure has found in `text`. With a bracket at the end no scalar can run out of the
  // text.
  JsonWalk(const char* text, const uint32_t* next, const uint32_t* end) : text_(text), next_(next), end_(end) {}

  // Whether the text is one object, nested at most kMaxDepth deep.
  bool IsObject() { return Take() == '{' && IsContainer('{') && next_ == end_; }

  // The same; after each member of the object itself calls visit(key, value, after) with the structural places of the
  // key, of its value and of what comes after the value.
  template <typename Visit>
  bool VisitObject(Visit visit) {
    if (Take() != '{' || !Open('{')) return false;
    char byte = Take();
    if (byte == '}') return next_ == end_;
    while (byte == '"') {
      const uint32_t* const key = next_ - 1;
      if (Take() != ':') return false;
      const uint32_t* const value = next_;
      byte = Take();
      const bool container = byte == '{' || byte == '[';
      if (container ? !IsContainer(byte) : !IsScalar(at_)) return false;
      visit(key, value, next_);
      byte = Take();
      if (byte != ',') return byte == '}' && next_ == end_;
      byte = Take();
    }
    return false;
  }

 private:
  static constexpr std::array<bool, 256> MakeEndsScalar() {
    std::array<bool, 256> ends{};
    for (const unsigned char c : {' ', '\t', '\n', '\r', ',', ':', ']', '}', '[', '{'}) ends[c] = true;
    return ends;
  }

  static bool EndsScalar(const char* in) {
    static constexpr std::array<bool, 256> kEndsScalar = MakeEndsScalar();
    return kEndsScalar[static_cast<unsigned char>(*in)];
  }

  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }

  static const char* SkipDigits(const char* in) {
    while (IsDigit(*in)) ++in;
    return in;
  }

  static bool IsNumber(const char* in) {
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
  static bool IsLiteral(const char* in, const char (&literal)[kSize]) {
    return std::memcmp(in, literal, kSize - 1) == 0 && EndsScalar(in + kSize - 1);
  }

  static bool IsScalar(const char* in) {
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

  // Whether the object or array whose `bracket` was taken is one. Takes its end.
  bool IsContainer(char bracket) {
    const uint32_t floor = depth_;
    if (!Open(bracket)) return false;
    bool just_opened = true;
    while (depth_ > floor) {
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
      if (!CloseUpToComma(floor)) return false;
    }
    return true;
  }

  // The next structural byte; NUL at the end.
  char Take() {
    if (next_ == end_) return '\0';
    at_ = text_ + *next_++;
    return *at_;
  }

  bool CloseUpToComma(uint32_t floor) {
    while (depth_ > floor) {
      const char byte = Take();
      if (byte == ',') return true;
      if (byte != closer_) return false;
      Close();
    }
    return true;
  }

  bool Open(char bracket) {
    if (depth_ == kMaxDepth) return false;
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
  std::bitset<kMaxDepth> is_object_;
};

}  // namespace inlet::ingest

#endif  // INLET_INGEST_JSON_WALK_H_
