// Builds, patches and reads back the benchmark's message.
#include "bench/common/message.h"

#include <algorithm>

namespace inlet::bench {
namespace {

constexpr std::string_view kHead = R"({"ts":"0000000000000000000","seq":100000000000)";
constexpr std::string_view kSensor =
    R"(,"device":"sensor-0042","temp":21.53,"humidity":48.2,"pressure":1013.25,"valid":true)"
    R"(,"position":{"lat":52.520008,"lon":13.404954},"tags":["roof","north"])";
constexpr std::string_view kNote = R"(,"note":")";
constexpr std::string_view kTail = R"("})";
// A JSON number has no leading zeros: sequences start with a 1.
constexpr uint64_t kFirstSequence = 100'000'000'000;
// Between the key and the digits: quotes and colon in JSON; tags and lengths in Struct.
constexpr size_t kLongestSeparator = 12;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::optional<uint64_t> StampAt(std::string_view text) {
  size_t begin = 0;
  while (begin < std::min(text.size(), kLongestSeparator) && !IsDigit(text[begin])) ++begin;
  if (text.size() < begin + kStampDigits) return std::nullopt;
  uint64_t value = 0;
  for (size_t i = 0; i < kStampDigits; ++i) {
    const char c = text[begin + i];
    if (!IsDigit(c)) return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return value;
}

}  // namespace

std::string MakeMessage(size_t size) {
  const bool whole = size >= kDefaultMessage;
  std::string text(kHead);
  if (whole) text += kSensor;
  text += kNote;
  const size_t used = text.size() + kTail.size();
  if (size > used) text.append(size - used, 'x');
  text += kTail;
  return text;
}

void PatchDigits(char* place, size_t digits, uint64_t value) {
  for (size_t i = digits; i > 0; --i) {
    place[i - 1] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

void PatchStamp(char* message, uint64_t nanos) { PatchDigits(message + kStampOffset, kStampDigits, nanos); }

void PatchSequence(char* message, uint64_t sequence) {
  PatchDigits(message + kSequenceOffset, kSequenceDigits, kFirstSequence + sequence % (9 * kFirstSequence));
}

std::optional<uint64_t> FindStamp(std::string_view record) {
  for (size_t at = record.find("ts"); at != std::string_view::npos; at = record.find("ts", at + 1)) {
    if (const auto stamp = StampAt(record.substr(at + 2))) return stamp;
  }
  return std::nullopt;
}

}  // namespace inlet::bench
