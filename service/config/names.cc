// How names of keys may be spelt, and how foreign text is shown in errors.
#include "service/config/names.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ingest/text.h"

namespace inlet::config {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

char LowerChar(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || IsUpper(c); }

bool IsNameCharacter(char c) { return IsLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

// Never cuts a UTF-8 sequence: a status message has to be valid text on the wire.
std::string_view FirstBytes(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) --limit;
  return text.substr(0, limit);
}

}  // namespace

bool IsName(std::string_view text) {
  constexpr size_t kLongestName = 63;
  return !text.empty() && text.size() <= kLongestName && IsLetter(text.front()) &&
         std::all_of(text.begin(), text.end(), IsNameCharacter);
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), LowerChar);
  return lower;
}

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  const auto same = [](char x, char y) { return LowerChar(x) == LowerChar(y); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

std::string SnakeCase(std::string_view camel) {
  std::string snake;
  for (size_t i = 0; i < camel.size(); ++i) {
    const bool ends_capitals = i + 1 < camel.size() && !IsUpper(camel[i + 1]);
    const bool begins_word = i > 0 && IsUpper(camel[i]) && (!IsUpper(camel[i - 1]) || ends_capitals);
    if (begins_word) snake += '_';
    snake += LowerChar(camel[i]);
  }
  return snake;
}

std::string JoinPath(std::string_view prefix, std::string_view key) {
  return prefix.empty() ? std::string(key) : Concat({prefix, ".", key});
}

std::string Shown(std::string_view text) {
  constexpr size_t kLongest = 64;
  if (!IsUtf8(text)) return "text that is not UTF-8";
  const std::string_view head = FirstBytes(text, kLongest);
  std::string shown(head);
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  std::replace_if(shown.begin(), shown.end(), is_control, ' ');
  return Concat({"\"", shown, head.size() < text.size() ? "...\"" : "\""});
}

std::string Spaceless(std::string_view text) {
  std::string rest;
  for (const char c : text) {
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') rest += c;
  }
  return rest;
}

bool IsUtf8(std::string_view text) {
  try {
    (void)nlohmann::json(text).dump();  // strict: throws on text that is not UTF-8
    return true;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

}  // namespace inlet::config
