// The references ${env:NAME} and ${file:NAME} inside a text: how they are written.
#include "service/config/secret_references.h"

#include <algorithm>
#include <optional>

#include "ingest/text.h"

namespace inlet::config {
namespace {

using Kind = TextPiece::Kind;

constexpr std::string_view kOpening = "${";
constexpr std::string_view kEnvironment = "env:";
constexpr std::string_view kFile = "file:";
constexpr size_t kLongestName = 255;

bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool IsVariableName(std::string_view name) {
  const bool starts_well = !name.empty() && (name.front() < '0' || name.front() > '9');
  return starts_well && std::all_of(name.begin(), name.end(), [](char c) { return IsLetterOrDigit(c) || c == '_'; });
}

bool IsPathSegment(std::string_view segment) {
  const auto is_allowed = [](char c) { return IsLetterOrDigit(c) || c == '_' || c == '-' || c == '.'; };
  return !segment.empty() && segment != "." && segment != ".." &&
         std::all_of(segment.begin(), segment.end(), is_allowed);
}

// A path below the operator's folder: no way leads out of it.
bool IsFileName(std::string_view name) {
  while (true) {
    const size_t slash = name.find('/');
    if (!IsPathSegment(name.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

// `inside`: what is between the braces.
std::optional<TextPiece> ParseReference(std::string_view inside) {
  const bool is_variable = inside.starts_with(kEnvironment);
  if (!is_variable && !inside.starts_with(kFile)) return std::nullopt;
  const std::string_view name = inside.substr(is_variable ? kEnvironment.size() : kFile.size());
  const bool is_right = name.size() <= kLongestName && (is_variable ? IsVariableName(name) : IsFileName(name));
  if (!is_right) return std::nullopt;
  return TextPiece{is_variable ? Kind::kEnvironment : Kind::kFile, std::string(name)};
}

// The reference that `text`, which begins with "${", begins with, and its length.
std::optional<std::pair<TextPiece, size_t>> ReferenceAt(std::string_view text) {
  const size_t closing = text.find('}');
  if (closing == std::string_view::npos) return std::nullopt;
  auto piece = ParseReference(text.substr(kOpening.size(), closing - kOpening.size()));
  if (!piece) return std::nullopt;
  return std::make_pair(*std::move(piece), closing + 1);
}

void AddLiteral(std::string_view text, std::vector<TextPiece>& pieces) {
  if (text.empty()) return;
  if (!pieces.empty() && pieces.back().kind == Kind::kLiteral) {
    pieces.back().text += text;
  } else {
    pieces.push_back({Kind::kLiteral, std::string(text)});
  }
}

}  // namespace

std::vector<TextPiece> SplitReferences(std::string_view text) {
  std::vector<TextPiece> pieces;
  while (!text.empty()) {
    const size_t opening = std::min(text.find(kOpening), text.size());
    AddLiteral(text.substr(0, opening), pieces);
    text.remove_prefix(opening);
    if (text.empty()) break;
    auto reference = ReferenceAt(text);
    if (reference) pieces.push_back(std::move(reference->first));
    if (!reference) AddLiteral(kOpening, pieces);
    text.remove_prefix(reference ? reference->second : kOpening.size());
  }
  return pieces;
}

std::string ReferenceProblem(std::string_view text) {
  for (const TextPiece& piece : SplitReferences(text)) {
    if (piece.kind != Kind::kLiteral || piece.text.find(kOpening) == std::string::npos) continue;
    return "has a ${ that begins no reference: write ${env:NAME} for a variable (letters, digits, _), or ${file:NAME} "
           "for a file of the operator's folder (letters, digits, . _ - and /, no ..)";
  }
  return {};
}

bool HasReference(std::string_view text) {
  const std::vector<TextPiece> pieces = SplitReferences(text);
  return std::any_of(pieces.begin(), pieces.end(), [](const TextPiece& piece) { return piece.kind != Kind::kLiteral; });
}

std::string WithoutReferences(std::string_view text, std::string_view stand_in) {
  std::string rest;
  for (const TextPiece& piece : SplitReferences(text)) rest += piece.kind == Kind::kLiteral ? piece.text : stand_in;
  return rest;
}

std::string ReferenceText(const TextPiece& piece) {
  return Concat({kOpening, piece.kind == Kind::kFile ? kFile : kEnvironment, piece.text, "}"});
}

}  // namespace inlet::config
