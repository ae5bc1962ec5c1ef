// Errors about a place in a statement.
#include "service/sql/sql_error.h"

#include "ingest/error.h"
#include "ingest/text.h"

namespace inlet::sql {
namespace {

constexpr size_t kMostShown = 48;  // bytes

bool ContinuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

using Metadata = std::vector<std::pair<std::string, std::string>>;

absl::Status ErrorAt(const TextPosition& position, std::string_view message, std::string_view reason,
                     Metadata metadata) {
  metadata.emplace_back("line", std::to_string(position.line));
  metadata.emplace_back("column", std::to_string(position.column));
  return MakeError(absl::StatusCode::kInvalidArgument, Concat({ToString(position), ": ", message}),
                   {std::string(reason), std::move(metadata), {}, {}});
}

}  // namespace

std::string Shown(std::string_view text) {
  size_t size = text.size();
  if (size > kMostShown) {
    size = kMostShown;
    while (size > 0 && ContinuesCharacter(text[size])) --size;
  }
  std::string shown(text.substr(0, size));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return Concat({"\"", shown, size < text.size() ? "...\"" : "\""});
}

absl::Status SyntaxError(const TextPosition& position, std::string_view message) {
  return ErrorAt(position, message, "SQL_SYNTAX", {});
}

absl::Status OptionUnknown(const TextPosition& position, std::string_view message, std::string_view option,
                           std::string_view nearest) {
  Metadata metadata{{"option", std::string(option)}};
  if (!nearest.empty()) metadata.emplace_back("nearest", std::string(nearest));
  return ErrorAt(position, message, "OPTION_UNKNOWN", std::move(metadata));
}

absl::Status Unexpected(const Token& found, std::string_view expected) {
  if (found.kind == TokenKind::kBad && !found.value.empty()) return SyntaxError(found.position, found.value);
  const bool at_end = found.kind == TokenKind::kEnd;
  const std::string what = at_end ? "the end" : Shown(Content(found));
  return SyntaxError(found.position, Concat({"found ", what, ", expected ", expected}));
}

}  // namespace inlet::sql
