// The grammar of RFC 8259 as a loop over values: a value opens levels or is a scalar, what follows it closes levels.
#include "ingest/json_scanner.h"

#include <bit>
#include <cstring>

#include "ingest/text.h"

namespace inlet::ingest {
namespace {

bool IsDigit(int byte) { return byte >= '0' && byte <= '9'; }

bool IsHexDigit(int byte) { return IsDigit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F'); }

bool IsWhitespace(int byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

// The high bit of each byte of `word` that is a quote, a backslash or a control character (and perhaps of bytes after
// the first such).
uint64_t SpecialInString(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHighs = 0x8080808080808080;
  const uint64_t quote = word ^ (kOnes * '"');
  const uint64_t backslash = word ^ (kOnes * '\\');
  const uint64_t below_0x20 = (word - kOnes * 0x20) & ~word;
  return (((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash) | below_0x20) & kHighs;
}

// The byte as a reader may see it.
std::string Shown(int byte) {
  if (byte == JsonScanner::kEnd) return "the end of the message";
  if (byte > 0x20 && byte < 0x7f) return {'\'', static_cast<char>(byte), '\''};
  constexpr std::string_view kHex = "0123456789abcdef";
  return {'t',
          'h',
          'e',
          ' ',
          'b',
          'y',
          't',
          'e',
          ' ',
          '0',
          'x',
          kHex[static_cast<size_t>(byte) >> 4U],
          kHex[static_cast<size_t>(byte) & 15U]};
}

}  // namespace

int JsonScanner::Peek() {
  while (IsWhitespace(Next())) ++position_;
  return Next();
}

bool JsonScanner::Take(char byte) {
  if (Peek() != byte) return false;
  ++position_;
  return true;
}

bool JsonScanner::Fail(std::string_view expected) {
  expected_ = expected;
  return false;
}

std::string JsonScanner::ErrorDetail() const { return Concat({"expected ", expected_, ", found ", Shown(Next())}); }

bool JsonScanner::SkipValue() {
  depth_ = 0;
  too_deep_ = false;
  while (true) {
    const int first = Peek();
    if (first == '{') {
      Open(true);
      if (!Take('}')) {
        if (!SkipKey()) return false;
        continue;
      }
      --depth_;
    } else if (first == '[') {
      Open(false);
      if (!Take(']')) continue;
      --depth_;
    } else if (!SkipScalar(first)) {
      return false;
    }
    if (!CloseLevels()) return false;
    if (depth_ == 0) return true;
  }
}

void JsonScanner::Open(bool object) {
  if (depth_ == max_depth_ && !too_deep_) {
    too_deep_ = true;
    too_deep_position_ = position_;
  }
  ++position_;
  const size_t word = depth_ / 64;
  if (word == levels_.size()) levels_.push_back(0);
  const uint64_t bit = uint64_t{1} << (depth_ % 64);
  levels_[word] = object ? levels_[word] | bit : levels_[word] & ~bit;
  ++depth_;
}

// After a value: closes the levels that end here, and goes on to the next value of the one that does not.
bool JsonScanner::CloseLevels() {
  while (depth_ > 0) {
    const bool object = InObject();
    if (Take(',')) return !object || SkipKey();
    if (!Take(object ? '}' : ']'))
      return Fail(object ? "',' or '}' after a member of an object" : "',' or ']' after an element of an array");
    --depth_;
  }
  return true;
}

bool JsonScanner::SkipKey() {
  if (Peek() != '"') return Fail("the key of a member, in double quotes");
  if (!SkipString()) return false;
  return Take(':') || Fail("':' after the key of a member");
}

bool JsonScanner::SkipScalar(int first) {
  switch (first) {
    case '"':
      return SkipString();
    case 't':
      return SkipLiteral("true");
    case 'f':
      return SkipLiteral("false");
    case 'n':
      return SkipLiteral("null");
    default:
      return first == '-' || IsDigit(first) ? SkipNumber() : Fail("a value");
  }
}

bool JsonScanner::SkipLiteral(std::string_view literal) {
  for (const char byte : literal) {
    if (Next() != byte) return Fail("true, false or null");
    ++position_;
  }
  return true;
}

bool JsonScanner::SkipString() {
  ++position_;
  while (true) {
    uint64_t word = 0;
    while (text_.size() - position_ >= sizeof word) {
      std::memcpy(&word, text_.data() + position_, sizeof word);
      if (SpecialInString(word) != 0) break;
      position_ += sizeof word;
    }
    while (Next() >= 0x20 && Next() != '"' && Next() != '\\') ++position_;
    if (Next() == '"') {
      ++position_;
      return true;
    }
    if (Next() == kEnd) return Fail("'\"' at the end of a string");
    if (Next() != '\\') return Fail("an escape in place of a control character in a string");
    if (!SkipEscape()) return false;
  }
}

bool JsonScanner::SkipEscape() {
  ++position_;
  const int kind = Next();
  if (kind == kEnd || kind == 0 || std::strchr("\"\\/bfnrtu", kind) == nullptr) {
    return Fail("one of \" \\ / b f n r t u after a backslash in a string");
  }
  ++position_;
  for (int digit = 0; kind == 'u' && digit < 4; ++digit, ++position_) {
    if (!IsHexDigit(Next())) return Fail("four hexadecimal digits after \\u");
  }
  return true;
}

bool JsonScanner::SkipNumber() {
  if (Next() == '-') ++position_;
  const bool zero = Next() == '0';
  if (zero) ++position_;
  if (zero && IsDigit(Next())) return Fail("no digit after the 0 that begins a number");
  if (!zero && !SkipDigits("a digit after '-'")) return false;
  if (Next() == '.') {
    ++position_;
    if (!SkipDigits("a digit after the '.' of a number")) return false;
  }
  if (Next() != 'e' && Next() != 'E') return true;
  ++position_;
  if (Next() == '+' || Next() == '-') ++position_;
  return SkipDigits("a digit in the exponent of a number");
}

bool JsonScanner::SkipDigits(std::string_view expected) {
  if (!IsDigit(Next())) return Fail(expected);
  while (IsDigit(Next())) ++position_;
  return true;
}

}  // namespace inlet::ingest
