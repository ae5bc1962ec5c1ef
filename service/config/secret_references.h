// The references ${env:NAME} and ${file:NAME} inside a text: how they are written. Nothing is looked up here.
#ifndef INLET_SERVICE_CONFIG_SECRET_REFERENCES_H_
#define INLET_SERVICE_CONFIG_SECRET_REFERENCES_H_

#include <string>
#include <string_view>
#include <vector>

namespace inlet::config {

// A stretch of a text: what stands there, or the name in a reference.
struct TextPiece {
  enum class Kind { kLiteral, kEnvironment, kFile };
  Kind kind = Kind::kLiteral;
  std::string text;
  bool operator==(const TextPiece&) const = default;
};

// The whole text in pieces, in order, none empty. A "${" that begins no right reference is literal.
std::vector<TextPiece> SplitReferences(std::string_view text);

// What is wrong with the references: every "${" must begin one. Empty if nothing is. The rest of the text is not
// repeated, as it may be a secret.
std::string ReferenceProblem(std::string_view text);

bool HasReference(std::string_view text);

// The literal stretches alone, with `stand_in` for each reference: for checks of the characters around them.
std::string WithoutReferences(std::string_view text, std::string_view stand_in);

// How a reference is written. Precondition: it is none of a literal.
std::string ReferenceText(const TextPiece& piece);

}  // namespace inlet::config

#endif  // INLET_SERVICE_CONFIG_SECRET_REFERENCES_H_
