// What names may look like.
#include "service/sql/name.h"

#include <algorithm>

#include "ingest/text.h"
#include "service/sql/limits.h"

namespace inlet::sql {
namespace {

constexpr std::string_view kRule = "a name is a letter, then up to 62 letters, digits, hyphens and underscores";

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool MayFollow(char c) { return IsLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

// The whole UTF-8 character that begins at `offset`.
std::string_view CharacterAt(std::string_view text, size_t offset) {
  size_t end = offset + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  return text.substr(offset, end - offset);
}

}  // namespace

std::optional<NameFault> FindNameFault(std::string_view name) {
  if (name.empty()) return NameFault{Concat({"is empty; ", kRule}), 0};
  if (!IsLetter(name[0])) {
    return NameFault{Concat({"begins with \"", CharacterAt(name, 0), "\"; ", kRule}), 0};
  }
  for (size_t i = 1; i < name.size(); ++i) {
    if (!MayFollow(name[i])) return NameFault{Concat({"contains \"", CharacterAt(name, i), "\"; ", kRule}), i};
  }
  if (name.size() <= kLongestStreamName) return std::nullopt;
  return NameFault{Concat({"has ", std::to_string(name.size()), " characters; ", kRule}), kLongestStreamName};
}

std::optional<std::string> FindColumnNameFault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.size() > kLongestColumnName) {
    return Concat({"is longer than ", std::to_string(kLongestColumnName), " bytes"});
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(name.begin(), name.end(), is_control)) return "contains a control character";
  return std::nullopt;
}

bool IsPlainColumnName(std::string_view name) {
  const bool begins = !name.empty() && (IsLetter(name[0]) || name[0] == '_');
  return begins && std::all_of(name.begin(), name.end(), MayFollow);
}

}  // namespace inlet::sql
