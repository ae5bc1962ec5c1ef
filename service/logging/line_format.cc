// One event as one line: quoting, escaping and bounds.
#include "service/logging/line_format.h"

#include <array>
#include <cstdint>
#include <ctime>

#include "ingest/text.h"

namespace inlet::logging {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

// One character of UTF-8, or one byte that is none.
struct Character {
  std::size_t size;
  uint32_t code_point;
  bool valid;
};

// The length that a first byte announces. 0: it can be no first byte.
std::size_t AnnouncedSize(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

bool IsScalarValue(uint32_t code_point, std::size_t size) {
  constexpr std::array<uint32_t, 5> kSmallestOfSize = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  return code_point >= kSmallestOfSize.at(size) && code_point <= 0x10FFFF && !surrogate;
}

// `text` is not empty.
Character FirstCharacter(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const Character invalid = {.size = 1, .code_point = first, .valid = false};
  const std::size_t size = AnnouncedSize(first);
  if (size == 0 || size > text.size()) return invalid;
  if (size == 1) return {.size = 1, .code_point = first, .valid = true};
  uint32_t code_point = first & (0x7FU >> size);
  for (const char c : text.substr(1, size - 1)) {
    const auto next = static_cast<unsigned char>(c);
    if ((next & 0xC0U) != 0x80U) return invalid;
    code_point = (code_point << 6U) | (next & 0x3FU);
  }
  if (!IsScalarValue(code_point, size)) return invalid;
  return {.size = size, .code_point = code_point, .valid = true};
}

// C0, DEL, C1, and the two separators that some viewers take for a line's end.
bool IsControl(uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F) || code_point == 0x2028 ||
         code_point == 0x2029;
}

void AppendHexByte(unsigned char byte, std::string& out) {
  out += "\\x";
  out += kHexDigits[byte >> 4U];
  out += kHexDigits[byte & 0xFU];
}

void AppendEscapedCodePoint(uint32_t code_point, std::string& out) {
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out += kHexDigits[(code_point >> shift) & 0xFU];
}

// The short escape that text and JSON have in common. Empty: there is none.
std::string_view ShortEscape(uint32_t code_point) {
  switch (code_point) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    default:
      return {};
  }
}

// How the two formats differ in what they make of a character that cannot stand for itself.
using AppendEscaped = void (*)(Character character, std::string_view bytes, std::string& out);

void AppendTextEscaped(Character /*character*/, std::string_view bytes, std::string& out) {
  for (const char c : bytes) AppendHexByte(static_cast<unsigned char>(c), out);
}

void AppendJsonEscaped(Character character, std::string_view /*bytes*/, std::string& out) {
  AppendEscapedCodePoint(character.valid ? character.code_point : 0xFFFD, out);
}

void AppendQuoted(std::string_view value, AppendEscaped append_escaped, std::string& out) {
  out += '"';
  while (!value.empty()) {
    const Character character = FirstCharacter(value);
    const std::string_view bytes = value.substr(0, character.size);
    const std::string_view short_escape = ShortEscape(character.code_point);
    if (!short_escape.empty()) {
      out += short_escape;
    } else if (!character.valid || IsControl(character.code_point)) {
      append_escaped(character, bytes, out);
    } else {
      out += bytes;
    }
    value.remove_prefix(character.size);
  }
  out += '"';
}

bool NeedsQuotes(std::string_view value) {
  if (value.empty()) return true;
  while (!value.empty()) {
    const Character character = FirstCharacter(value);
    const bool has_meaning = character.code_point == ' ' || character.code_point == '=';
    if (has_meaning || !character.valid || IsControl(character.code_point)) return true;
    if (!ShortEscape(character.code_point).empty()) return true;
    value.remove_prefix(character.size);
  }
  return false;
}

using AppendValue = void (*)(std::string_view value, std::string& out);

void AppendTextValue(std::string_view value, std::string& out) {
  if (NeedsQuotes(value)) return AppendQuoted(value, AppendTextEscaped, out);
  out += value;
}

void AppendJsonValue(std::string_view value, std::string& out) { AppendQuoted(value, AppendJsonEscaped, out); }

// The longest prefix within the bound that does not cut a character in two.
std::string_view CutAtCharacter(std::string_view value) {
  std::size_t size = kMaxValueBytes;
  while (size > kMaxValueBytes - 4 && (static_cast<unsigned char>(value[size]) & 0xC0U) == 0x80U) --size;
  return value.substr(0, size);
}

void AppendBounded(std::string_view value, AppendValue append, std::string& out) {
  if (value.size() <= kMaxValueBytes) return append(value, out);
  const std::string_view kept = CutAtCharacter(value);
  append(Concat({kept, "...(", std::to_string(value.size() - kept.size()), " bytes more)"}), out);
}

// Keys are ours, but a key must not break a line either.
void AppendKey(std::string_view key, std::string& out) {
  for (const char c : key.substr(0, 64)) {
    const bool fine =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    out += fine ? c : '_';
  }
}

std::string Timestamp(std::chrono::system_clock::time_point time) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
  const std::time_t since_epoch = std::chrono::system_clock::to_time_t(seconds);
  std::tm utc{};
  gmtime_r(&since_epoch, &utc);
  std::array<char, 32> text{};
  std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", &utc);
  const auto fraction = static_cast<unsigned>((milliseconds - seconds).count());
  text.at(size++) = static_cast<char>('0' + fraction / 100);
  text.at(size++) = static_cast<char>('0' + fraction / 10 % 10);
  text.at(size++) = static_cast<char>('0' + fraction % 10);
  text.at(size++) = 'Z';
  return {text.data(), size};
}

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

using AppendField = void (*)(std::string_view key, std::string_view value, std::string& out);

void AppendTextField(std::string_view key, std::string_view value, std::string& out) {
  AppendKey(key, out);
  out += '=';
  AppendBounded(value, AppendTextValue, out);
}

void AppendJsonField(std::string_view key, std::string_view value, std::string& out) {
  out += '"';
  AppendKey(key, out);
  out += "\":";
  AppendBounded(value, AppendJsonValue, out);
}

void JoinFields(const Event& event, AppendField append, char separator, std::string& line) {
  const std::size_t longest = line.size() + kMaxLineBytes;
  append("time", Timestamp(event.time), line);
  line += separator;
  append("level", LevelName(event.level), line);
  line += separator;
  append("event", event.name, line);
  std::size_t left_out = 0;
  for (const LogField& field : event.fields) {
    const std::size_t before = line.size();
    line += separator;
    append(field.key, field.value, line);
    if (line.size() <= longest) continue;
    ++left_out;
    line.resize(before);
  }
  if (left_out == 0) return;
  line += separator;
  append("fields_left_out", std::to_string(left_out), line);
}

}  // namespace

std::string FormatText(const Event& event) {
  std::string line;
  JoinFields(event, AppendTextField, ' ', line);
  return line;
}

std::string FormatJson(const Event& event) {
  std::string line = "{";
  JoinFields(event, AppendJsonField, ',', line);
  line += '}';
  return line;
}

}  // namespace inlet::logging
