// JSON as nlohmann reads it, with the text of numbers, the order of members and keys given twice.
#ifndef INLET_TESTS_INGEST_JSON_TREE_H_
#define INLET_TESTS_INGEST_JSON_TREE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inlet::ingest {

struct Tree {
  enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject, kTextOf };
  Kind kind = Kind::kNull;
  bool boolean = false;
  std::string text;                // of a number or a string
  std::vector<std::string> names;  // kObject: of the items
  std::vector<Tree> items;         // kTextOf: one, whose JSON text is meant as a string

  static Tree Of(Kind kind, std::string text) { return {kind, false, std::move(text), {}, {}}; }
};

// Nothing: it is no JSON to nlohmann.
std::optional<Tree> ReadTree(std::string_view text);

// Whether `found`, as it was read, is what was expected.
bool SameTree(const Tree& expected, const Tree& found);

}  // namespace inlet::ingest

#endif  // INLET_TESTS_INGEST_JSON_TREE_H_
